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

    /// <summary>The network with one layer replaced.</summary>
    public static IntegerNetwork With<T>(this IntegerNetwork network, int index, Func<T, Layer> change)
        where T : Layer => network with { Layers = network.Layers.SetItem(index, change((T)network.Layers[index])) };
}
