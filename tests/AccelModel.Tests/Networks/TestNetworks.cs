// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;

namespace AccelModel.Tests.Networks;

/// <summary>Small networks to vary with <c>with</c>.</summary>
internal static class TestNetworks
{
    public static FixedPointFormat U8 { get; } = new(false, 8, 0);

    public static FixedPointFormat S8 { get; } = new(true, 8, 0);

    public static FixedPointFormat S32 { get; } = new(true, 32, 0);

    /// <summary>Bias 0 and no rescaling: the code is the accumulator, clamped to the format.</summary>
    public static Requantization Identity(int channels, FixedPointFormat output) => new()
    {
        Kind = RequantizationKind.Shift,
        Bias = [.. Enumerable.Repeat(0L, channels)],
        Shift = [0],
        Rounding = RoundingMode.HalfUp,
        Minimum = (int)output.MinRaw,
        Maximum = (int)output.MaxRaw,
    };

    /// <summary>One dense layer with one row of weights per output; its codes are its accumulators.</summary>
    public static IntegerNetwork Dense(FixedPointFormat input, params int[][] weights) => new()
    {
        Name = "dense",
        Input = new TensorSpec(1, 1, weights[0].Length, input),
        Layers =
        [
            new DenseLayer
            {
                Name = "fc",
                Input = "input",
                Output = new TensorSpec(1, 1, weights.Length, S32),
                Weights = new IntegerTensor([weights.Length, weights[0].Length], [.. weights.SelectMany(row => row)]),
                WeightFormat = new FixedPointFormat(true, 16, 0),
                Requantization = Identity(weights.Length, S32),
            },
        ],
    };

    /// <summary>conv2d 3x3 (1 -> 2 channels, padding 1), max_pool 2x2, flatten, dense (8 -> 3) on a 4 x 4 image.</summary>
    public static IntegerNetwork Chain()
    {
        FixedPointFormat u4 = new(false, 4, 0);
        return new IntegerNetwork
        {
            Name = "chain",
            Input = new TensorSpec(4, 4, 1, U8),
            Layers =
            [
                new Conv2dLayer
                {
                    Name = "conv",
                    Input = "input",
                    Output = new TensorSpec(4, 4, 2, u4),
                    Weights = new IntegerTensor([2, 3, 3, 1], [.. Enumerable.Range(0, 18).Select(i => (i * 5 % 16) - 8)]),
                    WeightFormat = new FixedPointFormat(true, 4, 0),
                    Stride = (1, 1),
                    Padding = new Padding(1, 1, 1, 1),
                    Dilation = (1, 1),
                    Groups = 1,
                    PaddingCode = 0,
                    Requantization = new Requantization
                    {
                        Kind = RequantizationKind.MultiplierShift,
                        Bias = [100, -300],
                        Multiplier = [181, 77],
                        Shift = [15, 14],
                        Rounding = RoundingMode.HalfUp,
                        Minimum = 0,
                        Maximum = 15,
                    },
                },
                new MaxPoolLayer { Name = "pool", Input = "conv", Output = new TensorSpec(2, 2, 2, u4), Window = (2, 2), Stride = (2, 2) },
                new FlattenLayer { Name = "flat", Input = "pool", Output = new TensorSpec(1, 1, 8, u4) },
                new DenseLayer
                {
                    Name = "fc",
                    Input = "flat",
                    Output = new TensorSpec(1, 1, 3, S8),
                    Weights = new IntegerTensor([3, 8], [.. Enumerable.Range(0, 24).Select(i => (i * 7 % 16) - 8)]),
                    WeightFormat = new FixedPointFormat(true, 4, 0),
                    Requantization = Identity(3, S8) with { Shift = [1] },
                },
            ],
        };
    }

    /// <summary>
    /// Every kind without weights on a 4 x 4 image of two channels, with branches: <c>pad</c> (max_pool), <c>avg</c>, <c>twice</c> (requantize), <c>sum</c> (avg + twice), <c>product</c>
    /// (sum * twice), <c>table</c> (lookup of product), <c>wide</c> (concat of avg, sum, product), <c>shuffled</c>, <c>scores</c> (shuffled times itself), <c>end</c> (scores + table).
    /// </summary>
    public static IntegerNetwork Branches()
    {
        TensorSpec half = new(2, 2, 2, S8);
        FixedPointFormat u4 = new(false, 4, 0);
        Requantization one = Identity(1, S8);
        Requantization term = one with { Shift = [0], Minimum = -(1 << 23), Maximum = (1 << 23) - 1 };
        return new IntegerNetwork
        {
            Name = "branches",
            Input = new TensorSpec(4, 4, 2, S8),
            Layers =
            [
                new MaxPoolLayer { Name = "pad", Input = "input", Output = new TensorSpec(4, 4, 2, S8), Window = (3, 3), Stride = (1, 1), Padding = new Padding(1, 1, 1, 1) },
                new AveragePoolLayer { Name = "avg", Input = "pad", Output = half, Window = (2, 2), Stride = (2, 2) },
                new RequantizeLayer { Name = "twice", Input = "avg", Output = half, Requantization = one with { Kind = RequantizationKind.MultiplierShift, Multiplier = [2] } },
                new AddLayer { Name = "sum", Input = "avg", SecondInput = "twice", Output = half, LeftShift = 4, First = term, Second = term, Requantization = one with { Shift = [5] } },
                new MultiplyLayer { Name = "product", Input = "sum", SecondInput = "twice", Output = half, FirstOffset = 1, SecondOffset = -1, Requantization = one with { Shift = [6] } },
                new LookupLayer { Name = "table", Input = "product", Output = half with { Format = u4 }, Table = [.. Enumerable.Range(0, 256).Select(i => i / 16)] },
                new ConcatLayer { Name = "wide", Input = "avg", OtherInputs = ["sum", "product"], Output = half with { Channels = 6 } },
                new ChannelShuffleLayer { Name = "shuffled", Input = "wide", Output = half with { Channels = 6 }, Groups = 3 },
                new MatmulLayer { Name = "scores", Input = "shuffled", SecondInput = "shuffled", TransposeSecond = true, Output = half, Requantization = one with { Shift = [8] } },
                new AddLayer { Name = "end", Input = "scores", SecondInput = "table", Output = half, LeftShift = 0, First = term, Second = term, Requantization = one },
            ],
        };
    }

    /// <summary>The network with one layer replaced.</summary>
    public static IntegerNetwork With<T>(this IntegerNetwork network, int index, Func<T, Layer> change)
        where T : Layer => network with { Layers = network.Layers.SetItem(index, change((T)network.Layers[index])) };
}
