// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using Fuzzing;

namespace AccelModel.Tests.Scheduling;

/// <summary>A network and a design that are small enough to think through by hand.</summary>
internal static class SmallNetworks
{
    /// <summary>8 x 8 pixels through a 3 x 3 convolution, pooling by 2 and a dense layer.</summary>
    public static IntegerNetwork ConvolutionAndDense()
    {
        FixedPointFormat codes = new(false, 4, 0), weights = new(true, 4, 0);
        Requantization Scale(int channels) => new()
        {
            Kind = RequantizationKind.Shift, Bias = [.. new long[channels]], Shift = [3], Rounding = RoundingMode.HalfUp, Minimum = 0, Maximum = 15,
        };
        return new()
        {
            Name = "small",
            Input = new(8, 8, 1, codes),
            Layers =
            [
                new Conv2dLayer
                {
                    Name = "conv", Input = IntegerNetwork.InputName, Output = new(8, 8, 4, codes), Weights = new([4, 3, 3, 1], [.. Enumerable.Range(0, 36).Select(i => i % 15 - 7)]),
                    WeightFormat = weights, Stride = (1, 1), Padding = new(1, 1, 1, 1), Dilation = (1, 1), Groups = 1, PaddingCode = 0, Requantization = Scale(4),
                },
                new MaxPoolLayer { Name = "pool", Input = "conv", Output = new(4, 4, 4, codes), Window = (2, 2), Stride = (2, 2) },
                new DenseLayer
                {
                    Name = "fc", Input = "pool", Output = new(1, 1, 4, codes), Weights = new([4, 64], [.. Enumerable.Range(0, 256).Select(i => i % 13 - 6)]),
                    WeightFormat = weights, Requantization = Scale(4),
                },
            ],
        };
    }

    public static AcceleratorSpec Design() => RandomDesign.Draw(new ChoiceSource([]), new(4, 1, 1, 1, 1)) with
    {
        Array = RandomDesign.Draw(new ChoiceSource([]), CaseSize.Small).Array with { Rows = 4, Columns = 4, ActivationWidth = 4, WeightWidth = 4, PartialSumWidth = 24 },
        Buffers = new()
        {
            Activation = new() { Size = 512, DoubleBuffered = true },
            Weight = new() { Size = 128, DoubleBuffered = true },
            Parameter = new() { Size = 4, DoubleBuffered = true },
            Accumulator = new() { Size = 256, DoubleBuffered = true },
            Output = new() { Size = 64, DoubleBuffered = true },
        },
    };
}
