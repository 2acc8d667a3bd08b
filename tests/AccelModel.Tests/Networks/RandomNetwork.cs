// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;

namespace AccelModel.Tests.Networks;

/// <summary>Small random networks of every kind of layer and requantisation, with branches; without stochastic rounding, which has no meaning without a plan.</summary>
internal sealed class RandomNetwork(int seed)
{
    private readonly Random _random = new(seed);

    public IntegerNetwork Draw()
    {
        TensorSpec input = new(Between(1, 6), Between(1, 6), Between(1, 4), Format());
        List<Layer> layers = [];
        Dictionary<string, TensorSpec> tensors = new() { [IntegerNetwork.InputName] = input };
        int count = Between(1, 4);
        for (int i = 0; i < count; i++)
        {
            string source = i == 0 ? IntegerNetwork.InputName : layers[^1].Name;
            Layer layer = DrawLayer($"layer{i}", source, tensors[source]);
            layers.Add(layer);
            tensors.Add(layer.Name, layer.Output);
        }
        return new IntegerNetwork { Name = "random", Input = input, Layers = [.. layers] };
    }

    public int[] DrawImages(IntegerNetwork network, int images) =>
        [.. Enumerable.Range(0, images * network.Input.Elements).Select(_ => Code(network.Input.Format))];

    private Layer DrawLayer(string name, string source, TensorSpec input) => Between(0, 5) switch
    {
        0 => new FlattenLayer { Name = name, Input = source, Output = new TensorSpec(1, 1, input.Elements, input.Format) },
        1 => DrawMaxPool(name, source, input),
        2 => DrawDense(name, source, input),
        _ => DrawConvolution(name, source, input),
    };

    private MaxPoolLayer DrawMaxPool(string name, string source, TensorSpec input)
    {
        (int Rows, int Columns) window = (Between(1, input.Height), Between(1, input.Width));
        (int Rows, int Columns) stride = (Between(1, 3), Between(1, 3));
        return new MaxPoolLayer
        {
            Name = name,
            Input = source,
            Window = window,
            Stride = stride,
            Output = input with
            {
                Height = ((input.Height - window.Rows) / stride.Rows) + 1,
                Width = ((input.Width - window.Columns) / stride.Columns) + 1,
            },
        };
    }

    private DenseLayer DrawDense(string name, string source, TensorSpec input)
    {
        FixedPointFormat weights = Format();
        TensorSpec output = new(1, 1, Between(1, 5), Format());
        return new DenseLayer
        {
            Name = name,
            Input = source,
            Output = output,
            Weights = Tensor([output.Channels, input.Elements], weights),
            WeightFormat = weights,
            Requantization = DrawRequantization(output),
        };
    }

    private Conv2dLayer DrawConvolution(string name, string source, TensorSpec input)
    {
        FixedPointFormat weights = Format();
        int[] divisors = [.. Enumerable.Range(1, input.Channels).Where(d => input.Channels % d == 0)];
        int groups = divisors[_random.Next(divisors.Length)];
        Padding padding = new(Between(0, 2), Between(0, 2), Between(0, 2), Between(0, 2));
        (int Rows, int Columns) dilation = (Between(1, 2), Between(1, 2));
        int rows = input.Height + padding.Top + padding.Bottom;
        int columns = input.Width + padding.Left + padding.Right;
        (int Rows, int Columns) kernel = (Between(1, Math.Min(3, ((rows - 1) / dilation.Rows) + 1)), Between(1, Math.Min(3, ((columns - 1) / dilation.Columns) + 1)));
        (int Rows, int Columns) stride = (Between(1, 3), Between(1, 3));

        // Windows are counted, not computed: a start is a window where its last position is inside the padded input.
        int height = Enumerable.Range(0, rows).Count(y => (y * stride.Rows) + ((kernel.Rows - 1) * dilation.Rows) < rows);
        int width = Enumerable.Range(0, columns).Count(x => (x * stride.Columns) + ((kernel.Columns - 1) * dilation.Columns) < columns);
        TensorSpec output = new(height, width, groups * Between(1, 3), Format());
        return new Conv2dLayer
        {
            Name = name,
            Input = source,
            Output = output,
            Weights = Tensor([output.Channels, kernel.Rows, kernel.Columns, input.Channels / groups], weights),
            WeightFormat = weights,
            Stride = stride,
            Padding = padding,
            Dilation = dilation,
            Groups = groups,
            PaddingCode = Code(input.Format),
            Requantization = DrawRequantization(output),
        };
    }

    private Requantization DrawRequantization(TensorSpec output)
    {
        int channels = output.Channels;
        int entries = _random.Next(2) == 0 ? 1 : channels;
        FixedPointFormat format = output.Format;
        (int minimum, int maximum) = Sorted(Code(format), Code(format));
        Requantization common = new()
        {
            Kind = (RequantizationKind)Between(0, 3),
            Bias = Longs(channels, -5000, 5000),
            Rounding = (RoundingMode)Between(0, 4),
            ZeroPoint = Between(-3, 3),
            Minimum = minimum,
            Maximum = maximum,
        };
        switch (common.Kind)
        {
            case RequantizationKind.Shift:
                return common with { Shift = Shifts(entries, 0, 12) };
            case RequantizationKind.MultiplierShift:
                return common with { Multiplier = Longs(entries, 0, 1 << 16), Shift = Shifts(entries, 8, 24) };
            case RequantizationKind.DoubleRounding:
                return common with { Multiplier = Longs(entries, 1 << 30, int.MaxValue), Shift = Shifts(entries, -12, 2) };
            default:
                int count = Between(1, 5);
                int step = Between(1, 2);
                int least = (int)Math.Min(minimum, format.MaxRaw - (count * step));
                return least < format.MinRaw
                    ? common with { Kind = RequantizationKind.Shift, Shift = Shifts(entries, 0, 12) }
                    : common with
                    {
                        ZeroPoint = 0,
                        Minimum = least,
                        Maximum = least + (count * step),
                        ThresholdStep = step,
                        ThresholdsPerChannel = count,
                        Thresholds = [.. Enumerable.Range(0, entries).SelectMany(_ => Longs(count, -4000, 4000).Order())],
                    };
        }
    }

    private FixedPointFormat Format()
    {
        bool signed = _random.Next(2) == 0;
        return new FixedPointFormat(signed, Between(signed ? 2 : 1, 9), 0);
    }

    private IntegerTensor Tensor(ImmutableArray<int> shape, FixedPointFormat format) =>
        new(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => Code(format))]);

    private int Code(FixedPointFormat format) => (int)_random.NextInt64(format.MinRaw, format.MaxRaw + 1);

    private ImmutableArray<long> Longs(int count, long from, long to) => [.. Enumerable.Range(0, count).Select(_ => _random.NextInt64(from, to + 1))];

    private ImmutableArray<int> Shifts(int count, int from, int to) => [.. Enumerable.Range(0, count).Select(_ => Between(from, to))];

    private int Between(int from, int to) => _random.Next(from, to + 1);

    private static (int Minimum, int Maximum) Sorted(int a, int b) => (Math.Min(a, b), Math.Max(a, b));
}
