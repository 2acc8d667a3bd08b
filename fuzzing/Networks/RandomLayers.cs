// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;

namespace Fuzzing.Networks;

/// <summary>A network in the making: each method appends layers and returns the name of the tensor that comes out.</summary>
internal sealed partial class RandomLayers(ChoiceSource choices, NetworkLimits limits)
{
    private static readonly FixedPointFormat Bipolar = new(true, 2, 0);

    private readonly Dictionary<string, TensorSpec> _tensors = [];
    private readonly RandomRequantization _requantization = new(choices);

    public List<Layer> Drawn { get; } = [];

    /// <summary>Whether the next tensor may be the network's output, which no array reads.</summary>
    public bool IsLastStep { get; set; }

    public string Begin(TensorSpec input)
    {
        _tensors.Add(IntegerNetwork.InputName, input);
        return IntegerNetwork.InputName;
    }

    /// <summary>What can be done with a tensor; the simplest first, which are a convolution and a dense layer.</summary>
    public List<Func<string>> Steps(string source)
    {
        TensorSpec input = _tensors[source];
        List<Func<string>> steps = [() => Convolution(source, 1), () => Dense(source, choices.Between(1, limits.Channels))];
        Add(limits.Groups && input.Channels > 1, Conv2dLayer.KindName, () => Convolution(source, GroupsOf(input)));
        Add(limits.PoolsAnywhere || IsOfMatrix(source), MaxPoolLayer.KindName, () => MaxPool(source));
        Add(!IsBipolar(input), AveragePoolLayer.KindName, () => AveragePool(source));
        Add(true, FlattenLayer.KindName, () => Append(new FlattenLayer { Name = Next, Input = source, Output = new TensorSpec(1, 1, input.Elements, input.Format) }));
        Add(true, RequantizeLayer.KindName, () => Requantize(source));
        Add(input.Format.Width <= limits.TableWidth, LookupLayer.KindName, () => Lookup(source));
        Add(true, ChannelShuffleLayer.KindName, () => Shuffle(source));
        Add(true, AddLayer.KindName, () => Sum(source, SameShape(source)));
        Add(ProductFits(input, input), MultiplyLayer.KindName, () => Product(source));
        Add(input.Channels <= limits.Channels, ConcatLayer.KindName, () => Concat(source));
        Add(limits.SecondOperands is null || SecondsOf(source).Any(), MatmulLayer.KindName, () => Matmul(source));
        return steps;

        void Add(bool possible, string kind, Func<string> step)
        {
            if (possible && limits.Kinds.Contains(kind))
            {
                steps.Add(step);
            }
        }
    }

    /// <summary>A format that matrix layers read.</summary>
    public FixedPointFormat ReadableFormat()
    {
        bool signed = limits.SignedWidth > 0 && (limits.UnsignedWidth == 0 || choices.OnceIn(2));
        return !signed ? new FixedPointFormat(false, choices.Between(1, limits.UnsignedWidth), 0)
            : limits.SignedWidth == 1 ? Bipolar
            : new FixedPointFormat(true, choices.Between(2, limits.SignedWidth), 0);
    }

    /// <summary>Any code of a format; 0 and the extremes more often.</summary>
    public static int Code(ChoiceSource choices, FixedPointFormat format) => choices.Next(4) switch
    {
        0 => 0,
        1 => (int)format.MaxRaw,
        2 => (int)format.MinRaw,
        _ => (int)(format.MinRaw + choices.Next((int)(format.MaxRaw - format.MinRaw + 1))),
    };

    private string Dense(string source, int outputs)
    {
        TensorSpec input = _tensors[source];
        TensorSpec output = new(1, 1, outputs, ResultFormat());
        (IntegerTensor weights, FixedPointFormat format) = Weights([outputs, input.Elements]);
        return Append(new DenseLayer
        {
            Name = Next,
            Input = source,
            Output = output,
            Weights = weights,
            WeightFormat = format,
            Requantization = Result(output, Typical(input.Elements, input.Format, format), outputs),
        });
    }

    private string Next => $"layer{Drawn.Count}";

    private string Append(Layer layer)
    {
        Drawn.Add(layer);
        _tensors.Add(layer.Name, layer.Output);
        return layer.Name;
    }

    private string Convolution(string source, int groups)
    {
        TensorSpec input = _tensors[source];
        Padding padding = new(choices.Next(3), choices.Next(3), choices.Next(3), choices.Next(3));
        (int Rows, int Columns) stride = (choices.Between(1, 3), choices.Between(1, 3));
        (int Rows, int Columns) dilation = (choices.OnceIn(4) ? 2 : 1, choices.OnceIn(4) ? 2 : 1);
        int rows = input.Height + padding.Top + padding.Bottom;
        int columns = input.Width + padding.Left + padding.Right;
        (int Rows, int Columns) kernel = (choices.Between(1, Math.Min(3, ((rows - 1) / dilation.Rows) + 1)), choices.Between(1, Math.Min(3, ((columns - 1) / dilation.Columns) + 1)));
        int height = RandomPooling.Windows(rows, ((kernel.Rows - 1) * dilation.Rows) + 1, stride.Rows);
        int width = RandomPooling.Windows(columns, ((kernel.Columns - 1) * dilation.Columns) + 1, stride.Columns);
        int channels = groups * choices.Between(1, Math.Max(1, limits.Channels / groups));
        return Convolve(source, new TensorSpec(height, width, channels, ResultFormat()), kernel, stride, dilation, padding, groups);
    }

    private string Convolve(
        string source, TensorSpec output, (int Rows, int Columns) kernel, (int Rows, int Columns) stride, (int Rows, int Columns) dilation, Padding padding, int groups)
    {
        TensorSpec input = _tensors[source];
        (IntegerTensor weights, FixedPointFormat format) = Weights([output.Channels, kernel.Rows, kernel.Columns, input.Channels / groups]);
        return Append(new Conv2dLayer
        {
            Name = Next,
            Input = source,
            Output = output,
            Weights = weights,
            WeightFormat = format,
            Stride = stride,
            Padding = padding,
            Dilation = dilation,
            Groups = groups,
            PaddingCode = IsBipolar(input) ? choices.Of(1, -1) : Code(choices, input.Format),
            Requantization = Result(output, Typical(kernel.Rows * kernel.Columns * input.Channels / groups, input.Format, format), output.Channels),
        });
    }

    /// <summary>A convolution that keeps height and width.</summary>
    private string Branch(string source, int channels, FixedPointFormat format)
    {
        TensorSpec input = _tensors[source];
        int reach = choices.Next(2);
        return Convolve(
            source, new TensorSpec(input.Height, input.Width, channels, format), ((2 * reach) + 1, (2 * reach) + 1), (1, 1), (1, 1), new Padding(reach, reach, reach, reach), 1);
    }

    private string MaxPool(string source)
    {
        TensorSpec input = _tensors[source];
        RandomPooling pooling = RandomPooling.Draw(choices, limits, input);
        return Append(new MaxPoolLayer
        {
            Name = Next,
            Input = source,
            Output = pooling.Output,
            Window = pooling.Window,
            Stride = pooling.Stride,
            Padding = pooling.Padding,
            CeilMode = pooling.CeilMode,
        });
    }

    private string AveragePool(string source)
    {
        TensorSpec input = _tensors[source];
        RandomPooling pooling = choices.OnceIn(4) ? RandomPooling.Global(input) : RandomPooling.Draw(choices, limits, input);
        if (!CanDivide(pooling.Window, input.Format))
        {
            pooling = new RandomPooling((1, 1), (1, 1), Padding.None, false, input);
        }
        return Append(new AveragePoolLayer
        {
            Name = Next,
            Input = source,
            Output = pooling.Output,
            Window = pooling.Window,
            Stride = pooling.Stride,
            Padding = pooling.Padding,
            CeilMode = pooling.CeilMode,
            CountIncludePad = pooling.Padding != Padding.None && choices.OnceIn(2),
            PaddingCode = Code(choices, input.Format),
        });
    }

    /// <summary>
    /// Whether the limits have the multiplier of every count that a window can have: <c>ceil(2^s / n)</c> with the least s for which <c>2^s &gt; 2 * n * max|sum|</c>, less
    /// its factors of two that 2^s has too.
    /// </summary>
    private bool CanDivide((int Rows, int Columns) window, FixedPointFormat format)
    {
        for (long rows = 1; rows <= window.Rows; rows++)
        {
            for (long columns = 1; columns <= window.Columns; columns++)
            {
                long n = rows * columns;
                long power = 1;
                while (power <= 2 * n * n * Math.Max(-format.MinRaw, format.MaxRaw))
                {
                    power *= 2;
                }
                long multiplier = (power + n - 1) / n;
                while (multiplier % 2 == 0 && power % 2 == 0)
                {
                    (multiplier, power) = (multiplier / 2, power / 2);
                }
                if (multiplier > limits.AverageMultiplier)
                {
                    return false;
                }
            }
        }
        return true;
    }

    private string Requantize(string source)
    {
        TensorSpec output = _tensors[source] with { Format = ResultFormat() };
        return Append(new RequantizeLayer { Name = Next, Input = source, Output = output, Requantization = OfCodes(limits.Result, output, Typical(1, _tensors[source].Format, new(false, 1, 0))) });
    }

    private string Lookup(string source)
    {
        TensorSpec input = _tensors[source];
        FixedPointFormat format = ResultFormat();
        Random random = new(choices.Next(1 << 16));
        return Append(new LookupLayer
        {
            Name = Next,
            Input = source,
            Output = input with { Format = format },
            Table =
            [
                .. Enumerable.Range(0, 1 << input.Format.Width)
                    .Select(_ => IsBipolar(format) ? (2 * random.Next(2)) - 1 : (int)random.NextInt64(format.MinRaw, format.MaxRaw + 1)),
            ],
        });
    }

    private string Shuffle(string source) =>
        Append(new ChannelShuffleLayer { Name = Next, Input = source, Output = _tensors[source], Groups = GroupsOf(_tensors[source]) });

    private (IntegerTensor Weights, FixedPointFormat Format) Weights(ImmutableArray<int> shape)
    {
        WeightSet set = choices.Of([.. limits.Weights]);

        // One seed instead of one choice per weight: a network stays a short list of choices.
        int seed = choices.Next(1 << 16);
        Func<int> draw = set.Draw(new Random(seed));
        int count = shape.Aggregate(1, (a, b) => a * b);
        return (new IntegerTensor(shape, [.. Enumerable.Range(0, count).Select(_ => draw())]), new FixedPointFormat(true, set.Width, 0));
    }

    private int GroupsOf(TensorSpec input) => choices.Of([.. Enumerable.Range(1, input.Channels).Where(groups => input.Channels % groups == 0).Reverse()]);

    private FixedPointFormat ResultFormat() =>
        IsLastStep && choices.OnceIn(2) ? new FixedPointFormat(choices.OnceIn(2), choices.Between(2, limits.OutputWidth), 0) : ReadableFormat();

    /// <summary>A format that needs no sign.</summary>
    private FixedPointFormat CombinedFormat()
    {
        FixedPointFormat format = ResultFormat();
        return IsBipolar(format) ? new FixedPointFormat(false, choices.Between(1, limits.UnsignedWidth), 0) : format;
    }

    private Requantization Result(TensorSpec output, long typical, int biases) =>
        IsBipolar(output) ? _requantization.Sign(limits.Result, output, typical, biases) : _requantization.Draw(limits.Result, output, typical, biases);

    private Requantization OfCodes(RequantizationLimits of, TensorSpec output, long typical)
    {
        int biases = choices.OnceIn(2) ? output.Channels : 1;
        return IsBipolar(output) ? _requantization.Sign(of, output, typical, biases) : _requantization.Draw(of, output, typical, biases);
    }

    /// <summary>A sum of random products of this many codes is often around this.</summary>
    private static long Typical(int products, FixedPointFormat a, FixedPointFormat b) =>
        Math.Max(1, a.MaxRaw / 2) * Math.Max(1, b.MaxRaw / 2) * (long)Math.Ceiling(Math.Sqrt(products));

    private bool IsOfMatrix(string source) => Drawn.Count > 0 && Drawn[^1].Name == source && Drawn[^1] is Conv2dLayer or DenseLayer;

    private bool IsBipolar(TensorSpec tensor) => IsBipolar(tensor.Format);

    private bool IsBipolar(FixedPointFormat format) => limits.SignedWidth == 1 && format == Bipolar;
}
