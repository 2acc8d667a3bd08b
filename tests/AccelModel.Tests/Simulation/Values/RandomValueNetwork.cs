// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Tests.Simulation.Values;

/// <summary>
/// Random networks of every kind of layer, with several readers of a tensor, channels enough to fill vectors now and then, one-bit layers, and a plan of its own for each
/// matrix layer.
/// </summary>
internal sealed class RandomValueNetwork(int seed)
{
    private readonly Random random = new(seed);
    private readonly List<Layer> layers = [];
    private readonly Dictionary<string, TensorSpec> tensors = [];
    private readonly Dictionary<int, AccumulationPlan> plans = [];

    /// <summary>A network, its plans and images.</summary>
    public (IntegerNetwork Network, Dictionary<int, AccumulationPlan> Plans, int Images, int[] Input) Draw()
    {
        int widest = random.Next(4) == 0 ? 40 : 7;
        TensorSpec input = new(Between(1, 6), Between(1, 6), Between(1, widest), Format());
        tensors.Add(IntegerNetwork.InputName, input);
        int count = Between(1, 6);
        for (int i = 0; i < count; i++)
        {
            string source = i > 1 && random.Next(3) == 0 ? layers[random.Next(layers.Count)].Name : i == 0 ? IntegerNetwork.InputName : layers[^1].Name;
            Add(DrawLayer($"layer{i}", source, tensors[source], widest));
        }
        JoinLooseEnds();
        IntegerNetwork network = new() { Name = "random", Input = input, Layers = [.. layers] };
        int images = Between(1, 5);
        return (network, plans, images, [.. Enumerable.Range(0, images * input.Elements).Select(_ => Code(input.Format))]);
    }

    private void Add(Layer layer)
    {
        layers.Add(layer);
        tensors.Add(layer.Name, layer.Output);
    }

    /// <summary>Every tensor but the last is read: what nobody reads goes, flattened and brought to one format, into a concat.</summary>
    private void JoinLooseEnds()
    {
        string[] loose = [.. layers.Select(layer => layer.Name).Where(name => !layers.Any(layer => layer.Inputs.Contains(name)))];
        if (loose.Length == 1)
        {
            return;
        }
        FixedPointFormat format = new(true, 9, 0);
        List<string> parts = [];
        foreach (string name in loose)
        {
            TensorSpec flat = new(1, 1, tensors[name].Elements, tensors[name].Format);
            Add(new FlattenLayer { Name = name + "_flat", Input = name, Output = flat });
            TensorSpec output = flat with { Format = format };
            Add(new RequantizeLayer { Name = name + "_code", Input = name + "_flat", Output = output, Requantization = Requantization(output.Channels, format, flat.Format.MaxRaw, 1) });
            parts.Add(name + "_code");
        }
        Add(new ConcatLayer
        {
            Name = "joined", Input = parts[0], OtherInputs = [.. parts.Skip(1)], Output = new TensorSpec(1, 1, parts.Sum(part => tensors[part].Channels), format),
        });
    }

    private Layer DrawLayer(string name, string source, TensorSpec input, int widest)
    {
        while (true)
        {
            Layer? layer = Between(0, 13) switch
            {
                0 => new FlattenLayer { Name = name, Input = source, Output = new TensorSpec(1, 1, input.Elements, input.Format) },
                1 => Pool(name, source, input, average: false),
                2 => Pool(name, source, input, average: true),
                3 => Dense(name, source, input, widest),
                4 => Sum(name, source, input),
                5 => Product(name, source, input),
                6 => Concat(name, source, input),
                7 => new ChannelShuffleLayer { Name = name, Input = source, Output = input, Groups = Divisor(input.Channels) },
                8 => Lookup(name, source, input),
                9 => Requantize(name, source, input),
                10 => Matmul(name, source, input),
                _ => Convolution(name, source, input, widest),
            };
            if (layer is not null && layer.Output.Elements <= 1500)
            {
                return layer;
            }
        }
    }

    private Layer Pool(string name, string source, TensorSpec input, bool average)
    {
        (int Rows, int Columns) window = (Between(1, Math.Min(3, input.Height)), Between(1, Math.Min(3, input.Width)));
        (int Rows, int Columns) stride = (Between(1, 3), Between(1, 3));
        Padding padding = new(random.Next(window.Rows), random.Next(window.Columns), random.Next(window.Rows), random.Next(window.Columns));
        bool ceil = random.Next(2) == 0;
        TensorSpec output = input with
        {
            Height = Windows(input.Height, padding.Top, padding.Bottom, window.Rows, stride.Rows, ceil),
            Width = Windows(input.Width, padding.Left, padding.Right, window.Columns, stride.Columns, ceil),
        };
        return average
            ? new AveragePoolLayer
            {
                Name = name, Input = source, Output = output, Window = window, Stride = stride, Padding = padding, CeilMode = ceil,
                CountIncludePad = random.Next(2) == 0, PaddingCode = Code(input.Format),
            }
            : new MaxPoolLayer { Name = name, Input = source, Output = output, Window = window, Stride = stride, Padding = padding, CeilMode = ceil };
    }

    private Layer Dense(string name, string source, TensorSpec input, int widest)
    {
        FixedPointFormat weights = WeightFormat();
        TensorSpec output = new(1, 1, Between(1, widest), Format());
        IntegerTensor values = Tensor([output.Channels, input.Elements], weights);
        (Requantization requantization, output) = OutputOf(output, input, values);
        plans.Add(layers.Count, new RandomPlan(random).Draw(input.Elements, output.Channels, output.Channels, input.Elements, input.Format, requantization.IsStochastic ? output : null));
        return new DenseLayer { Name = name, Input = source, Output = output, Weights = values, WeightFormat = weights, Requantization = requantization };
    }

    private Layer? Convolution(string name, string source, TensorSpec input, int widest)
    {
        FixedPointFormat weights = WeightFormat();
        int groups = random.Next(3) == 0 ? input.Channels : Divisor(input.Channels);
        Padding padding = new(Between(0, 2), Between(0, 2), Between(0, 2), Between(0, 2));
        (int Rows, int Columns) dilation = (Between(1, 2), Between(1, 2));
        (int Rows, int Columns) kernel = (Between(1, 3), Between(1, 4));
        (int Rows, int Columns) stride = (Between(1, 3), Between(1, 3));
        int height = (input.Height + padding.Top + padding.Bottom - ((kernel.Rows - 1) * dilation.Rows) - 1) / stride.Rows;
        int width = (input.Width + padding.Left + padding.Right - ((kernel.Columns - 1) * dilation.Columns) - 1) / stride.Columns;
        if (input.Height + padding.Top + padding.Bottom <= (kernel.Rows - 1) * dilation.Rows || input.Width + padding.Left + padding.Right <= (kernel.Columns - 1) * dilation.Columns)
        {
            return null;
        }
        TensorSpec output = new(height + 1, width + 1, groups * Between(1, Math.Max(1, widest / groups)), Format());
        IntegerTensor values = Tensor([output.Channels, kernel.Rows, kernel.Columns, input.Channels / groups], weights);
        (Requantization requantization, output) = OutputOf(output, input, values);
        if (random.Next(5) > 0)
        {
            plans.Add(layers.Count, new RandomPlan(random).Draw(
                values.Values.Length / output.Channels, output.Channels, output.Channels / groups, input.Channels / groups, input.Format, requantization.IsStochastic ? output : null));
        }
        else if (requantization.IsStochastic)
        {
            requantization = requantization with { Rounding = RoundingMode.HalfUp };
        }
        return new Conv2dLayer
        {
            Name = name, Input = source, Output = output, Weights = values, WeightFormat = weights, Stride = stride, Padding = padding, Dilation = dilation, Groups = groups,
            PaddingCode = Code(input.Format), Requantization = requantization,
        };
    }

    private Layer Matmul(string name, string source, TensorSpec input)
    {
        // The first tensor meets itself, transposed or not as its shape allows.
        bool transpose = input.Width != input.Channels || random.Next(2) == 0;
        int first = input.Format.Signed || random.Next(2) == 0 ? Between(-3, 3) : 0;
        TensorSpec output = new(input.Height, input.Width, transpose ? input.Width : input.Channels, Format());
        long greatest = (input.Format.MaxRaw + 3) * (input.Format.MaxRaw + 3) * input.Channels;
        Requantization requantization = Requantization(output.Channels, output.Format, greatest, random.Next(2) == 0 ? 1 : output.Channels);
        if (random.Next(3) > 0)
        {
            FixedPointFormat digits = first == 0 ? input.Format : new FixedPointFormat(true, input.Format.Width, 0);
            plans.Add(layers.Count, new RandomPlan(random).Draw(input.Channels, output.Channels, output.Channels, input.Channels, digits, null));
        }
        return new MatmulLayer
        {
            Name = name, Input = source, SecondInput = source, TransposeSecond = transpose, FirstOffset = first, SecondOffset = Between(-3, 3), Output = output,
            Requantization = requantization,
        };
    }

    private Layer Sum(string name, string source, TensorSpec input)
    {
        string second = Partner(other => (other.Height, other.Width, other.Channels) == (input.Height, input.Width, input.Channels), source);
        TensorSpec output = input with { Format = Format() };
        int shift = Between(0, 20);
        Requantization term = Requantization(1, new FixedPointFormat(true, 24, 0), input.Format.MaxRaw << shift, 1);
        return new AddLayer
        {
            Name = name, Input = source, SecondInput = second, Output = output, LeftShift = shift, First = term, Second = term with { Bias = [Between(-9, 9)] },
            Requantization = Requantization(output.Channels, output.Format, 1 << 24, random.Next(2) == 0 ? 1 : output.Channels),
        };
    }

    private Layer Product(string name, string source, TensorSpec input)
    {
        string second = Partner(other => other.Channels == input.Channels && ((other.Height, other.Width) == (input.Height, input.Width) || other.Pixels == 1), source);
        TensorSpec output = input with { Format = Format() };
        long greatest = (input.Format.MaxRaw + 5) * (tensors[second].Format.MaxRaw + 5);
        return new MultiplyLayer
        {
            Name = name, Input = source, SecondInput = second, Output = output, FirstOffset = Between(-5, 5), SecondOffset = Between(-5, 5),
            Requantization = Requantization(output.Channels, output.Format, greatest, random.Next(2) == 0 ? 1 : output.Channels),
        };
    }

    private Layer Concat(string name, string source, TensorSpec input)
    {
        string second = Partner(other => (other.Height, other.Width, other.Format) == (input.Height, input.Width, input.Format), source);
        ImmutableArray<string> others = random.Next(2) == 0 ? [second] : [second, source];
        return new ConcatLayer
        {
            Name = name, Input = source, OtherInputs = others, Output = input with { Channels = input.Channels + others.Sum(other => tensors[other].Channels) },
        };
    }

    private Layer Lookup(string name, string source, TensorSpec input)
    {
        FixedPointFormat format = Format();
        int[] few = [Code(format), Code(format)];
        bool twoValues = random.Next(3) == 0;
        return new LookupLayer
        {
            Name = name, Input = source, Output = input with { Format = format },
            Table = [.. Enumerable.Range(0, 1 << input.Format.Width).Select(_ => twoValues ? few[random.Next(2)] : Code(format))],
        };
    }

    private Layer Requantize(string name, string source, TensorSpec input)
    {
        TensorSpec output = input with { Format = Format() };
        return new RequantizeLayer
        {
            Name = name, Input = source, Output = output, Requantization = Requantization(output.Channels, output.Format, input.Format.MaxRaw, random.Next(2) == 0 ? 1 : output.Channels),
        };
    }

    private string Partner(Func<TensorSpec, bool> fits, string otherwise)
    {
        string[] candidates = [.. tensors.Where(tensor => fits(tensor.Value)).Select(tensor => tensor.Key)];
        return candidates.Length == 0 ? otherwise : candidates[random.Next(candidates.Length)];
    }

    /// <summary>Requantisation and output of a layer with constant weights; now and then one of two codes.</summary>
    private (Requantization Requantization, TensorSpec Output) OutputOf(TensorSpec output, TensorSpec input, IntegerTensor weights)
    {
        int products = weights.Values.Length / output.Channels;
        long greatest = Math.Max(1, input.Format.MaxRaw * weights.Values.Max(Math.Abs) * products / 3);
        if (random.Next(4) == 0)
        {
            output = output with { Format = new FixedPointFormat(true, 2, 0) };
            return (new Requantization
            {
                Kind = RequantizationKind.Thresholds, Bias = Longs(output.Channels, -3, 3), Rounding = RoundingMode.HalfUp, Minimum = -1, Maximum = 1, ThresholdsPerChannel = 1,
                ThresholdStep = 2, Thresholds = Longs(output.Channels, -greatest / 4, greatest / 4),
            }, output);
        }
        Requantization requantization = Requantization(output.Channels, output.Format, greatest, output.Channels);
        bool scale = requantization.Kind is RequantizationKind.Shift or RequantizationKind.MultiplierShift;
        return (scale && random.Next(4) == 0 ? requantization with { Rounding = RoundingMode.Stochastic } : requantization, output);
    }

    /// <summary>A requantisation that brings numbers of this magnitude to about the range of the format.</summary>
    private Requantization Requantization(int channels, FixedPointFormat format, long greatest, int biases)
    {
        int entries = random.Next(2) == 0 ? 1 : channels;
        int[] ends = [Code(format), Code(format)];
        int bits = Math.Max(0, 64 - long.LeadingZeroCount(greatest) is long length ? (int)length - format.Width + Between(-1, 1) : 0);
        Requantization common = new()
        {
            Kind = (RequantizationKind)Between(0, 3), Bias = Longs(biases, -Math.Max(2, greatest / 4), Math.Max(2, greatest / 4)), Rounding = (RoundingMode)Between(0, 4), ZeroPoint = Between(-3, 3),
            Minimum = random.Next(2) == 0 ? ends.Min() : (int)format.MinRaw, Maximum = random.Next(2) == 0 ? ends.Max() : (int)format.MaxRaw,
        };
        switch (common.Kind)
        {
            case RequantizationKind.Shift:
                return common with { Shift = Ints(entries, bits, bits + 2) };
            case RequantizationKind.MultiplierShift:
                int width = Between(1, 20);
                return common with { Multiplier = Longs(entries, 0, (1 << width) - 1), Shift = Ints(entries, bits + width - 1, bits + width + 1) };
            case RequantizationKind.DoubleRounding:
                return common with { Multiplier = Longs(entries, 1 << 30, int.MaxValue), Shift = Ints(entries, Math.Max(-31, -bits - 1), Math.Min(3, 2 - bits)) };
            default:
                int count = Between(1, Math.Min(5, (int)Math.Min(5, format.MaxRaw - format.MinRaw)));
                int least = (int)Math.Min(common.Minimum, format.MaxRaw - count);
                return common with
                {
                    ZeroPoint = 0, Minimum = least, Maximum = least + count, ThresholdsPerChannel = count,
                    Thresholds = [.. Enumerable.Range(0, entries).SelectMany(_ => Longs(count, -greatest, greatest).Order())],
                };
        }
    }

    private FixedPointFormat Format()
    {
        bool signed = random.Next(2) == 0;
        return new FixedPointFormat(signed, random.Next(8) == 0 ? Between(10, 16) : Between(signed ? 2 : 1, 9), 0);
    }

    private FixedPointFormat WeightFormat() => random.Next(3) == 0 ? new FixedPointFormat(true, 2, 0) : Format();

    /// <summary>Weights; those of two bits are one of -1 and 1.</summary>
    private IntegerTensor Tensor(ImmutableArray<int> shape, FixedPointFormat format) =>
        new(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => format.Width == 2 ? (2 * random.Next(2)) - (format.Signed ? 1 : 0) : Code(format))]);

    private int Divisor(int channels)
    {
        int[] divisors = [.. Enumerable.Range(1, channels).Where(d => channels % d == 0)];
        return divisors[random.Next(divisors.Length)];
    }

    /// <summary>Windows are counted one by one.</summary>
    private static int Windows(int extent, int before, int after, int window, int stride, bool ceil) =>
        Enumerable.Range(0, extent + before + after).Select(start => start * stride)
            .Count(start => start + window <= extent + before + after || (ceil && start < extent + before && start + window - stride < extent + before + after));

    private int Code(FixedPointFormat format) => (int)random.NextInt64(format.MinRaw, format.MaxRaw + 1);

    private ImmutableArray<long> Longs(int count, long from, long to) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(from, to + 1))];

    private ImmutableArray<int> Ints(int count, int from, int to) => [.. Enumerable.Range(0, count).Select(_ => Between(from, to))];

    private int Between(int from, int to) => random.Next(from, to + 1);
}
