// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using RtlExport.Vectors;

namespace RtlExport.Tests.Support;

/// <summary>A network on a design with images, timeline and the reference interpreter's codes.</summary>
internal sealed record Sample(Schedule Schedule, TimingResult Timing, RtlVectors Vectors)
{
    private static readonly FixedPointFormat U8 = new(false, 8, 0);
    private static readonly FixedPointFormat U4 = new(false, 4, 0);
    private static readonly FixedPointFormat S8 = new(true, 8, 0);

    /// <summary>conv 3x3 (2 -> 6 channels, padding 1), max pool 2x2, dense (54 -> 5) on 6 x 6 images of two channels.</summary>
    public static IntegerNetwork ConvNetwork(RoundingMode rounding) => new()
    {
        Name = "conv_pool_dense",
        Input = new(6, 6, 2, U8),
        Layers =
        [
            new Conv2dLayer
            {
                Name = "conv",
                Input = "input",
                Output = new(6, 6, 6, U4),
                Weights = Weights(1, 6, 3, 3, 2),
                WeightFormat = new(true, 4, 0),
                Stride = (1, 1),
                Padding = new(1, 1, 1, 1),
                Dilation = (1, 1),
                Groups = 1,
                PaddingCode = 3,
                Requantization = Rescale(rounding, 6, 0, 15, 3),
            },
            new MaxPoolLayer { Name = "pool", Input = "conv", Output = new(3, 3, 6, U4), Window = (2, 2), Stride = (2, 2) },
            new DenseLayer
            {
                Name = "dense",
                Input = "pool",
                Output = new(1, 1, 5, S8),
                Weights = Weights(2, 5, 54),
                WeightFormat = new(true, 4, 0),
                Requantization = Rescale(rounding, 5, -128, 127, 0),
            },
        ],
    };

    /// <summary>Two dense layers (10 -> 7 -> 3).</summary>
    public static IntegerNetwork DenseNetwork(RoundingMode rounding) => new()
    {
        Name = "two_dense",
        Input = new(1, 1, 10, U4),
        Layers =
        [
            new DenseLayer
            {
                Name = "first",
                Input = "input",
                Output = new(1, 1, 7, U4),
                Weights = Weights(3, 7, 10),
                WeightFormat = new(true, 4, 0),
                Requantization = Rescale(rounding, 7, 0, 15, 0),
            },
            new DenseLayer
            {
                Name = "second",
                Input = "first",
                Output = new(1, 1, 3, S8),
                Weights = Weights(4, 3, 7),
                WeightFormat = new(true, 4, 0),
                Requantization = Rescale(rounding, 3, -128, 127, 0),
            },
        ],
    };

    /// <summary>A network on a design; codes are drawn over the whole range of the input's format, so that narrow sums overflow.</summary>
    public static Sample Of(AcceleratorSpec accelerator, IntegerNetwork network, int images = 2)
    {
        var random = new Random(7);
        var input = new int[images * network.Input.Elements];
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = (int)random.NextInt64(network.Input.Format.MinRaw, network.Input.Format.MaxRaw + 1);
        }

        return Of(Scheduler.Schedule(network, accelerator), input, images);
    }

    /// <summary>The meaning of a schedule for given images.</summary>
    public static Sample Of(Schedule schedule, int[] input, int images)
    {
        InterpreterResult codes = ReferenceInterpreter.Run(schedule.Network, input, images, schedule.Plans);
        return new(
            schedule, RegisterAccurateModel.Run(schedule, input.AsSpan(0, schedule.Network.Input.Elements)).Timing,
            new RtlVectors { Images = images, Input = input, LayerOutputs = [.. schedule.Layers.Select(layer => codes.LayerOutputs[layer.OutputLayer])] });
    }

    private static IntegerTensor Weights(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return new([.. shape], [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => random.Next(-8, 8))]);
    }

    private static Requantization Rescale(RoundingMode rounding, int channels, int minimum, int maximum, int zeroPoint) => new()
    {
        Kind = RequantizationKind.MultiplierShift,
        Bias = [.. Enumerable.Range(0, channels).Select(c => 40L * c - 90)],
        Multiplier = [.. Enumerable.Range(0, channels).Select(c => 3001L + 517 * c)],
        Shift = [15],
        Rounding = rounding,
        ZeroPoint = zeroPoint,
        Minimum = minimum,
        Maximum = maximum,
    };
}
