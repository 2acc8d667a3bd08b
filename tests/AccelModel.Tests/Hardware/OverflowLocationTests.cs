// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Hardware;

/// <summary>Overflows of sums that were worked out by hand: counted, and the first of them named.</summary>
public sealed class OverflowLocationTests
{
    // Three rows, partial sums of 8 bits, accumulators of 8 bits. Operands 100 and weight 1 in every row: 100, 200, 300.

    [Theory]
    [InlineData(OverflowMode.Saturate, 127)]
    [InlineData(OverflowMode.Wrap, 44)]
    public void A_column_of_three_hundreds_overflows_eight_bits(OverflowMode mode, int sum)
    {
        // Saturating: 100, 127 (over), 127 (over): two. Wrapping: 100, -56 (over), 44: one.
        (sbyte[] output, LayerOverflows overflows) = Run(mode, [100, 100, 100], segments: 1, default);
        Assert.Equal((sbyte)sum, output[0]);
        Assert.Equal(mode == OverflowMode.Saturate ? 2 : 1, overflows.PartialSums);
        Assert.Equal(0, overflows.Accumulators);
        Assert.Equal(new FirstOverflow(0, 0, 0, 1, OverflowStage.PartialSum), overflows.First);
    }

    [Theory]
    [InlineData(OverflowMode.Saturate, 127)]
    [InlineData(OverflowMode.Wrap, -56)]
    public void Two_segments_of_a_hundred_overflow_the_accumulator(OverflowMode mode, int sum)
    {
        (sbyte[] output, LayerOverflows overflows) = Run(mode, [100, 0, 0], segments: 2, default);
        Assert.Equal((sbyte)sum, output[0]);
        Assert.Equal(new LayerOverflows(0, 1, new FirstOverflow(0, 0, 1, 2, OverflowStage.Accumulator)), overflows);
    }

    [Fact]
    public void The_place_of_the_instruction_names_the_output_and_the_segment()
    {
        // The layer's un-pooled output has 4 columns and 9 channels.
        (_, LayerOverflows overflows) = Run(OverflowMode.Saturate, [100, 100, 0], segments: 1, new(2, 1, 6, 5));
        Assert.Equal(new FirstOverflow(0, (((2 * 4) + 1) * 9) + 6, 5, 1, OverflowStage.PartialSum), overflows.First);
    }

    [Fact]
    public void The_first_is_the_least_output_and_not_the_earliest_in_time()
    {
        // Two pixels, two segments: segment 0 overflows for pixel 1 only, segment 1, later, for pixel 0.
        // Elements 0..2 are pixel 0 in segment 0, 3..5 in segment 1; pixel 1 starts 8 elements later.
        sbyte[] elements = [1, 1, 1, 100, 100, 0, 0, 0, 100, 100, 0, 1, 1, 1];
        (_, LayerOverflows overflows) = Run(OverflowMode.Saturate, elements, segments: 2, default, pixels: 2, segmentStride: true);
        // Pixel 0: segment 1 saturates at 127 in row 1, and 3 + 127 the accumulator. Pixel 1: segment 0 in row 1, then 127 + 3 the accumulator.
        Assert.Equal(new LayerOverflows(2, 2, new FirstOverflow(0, 0, 1, 1, OverflowStage.PartialSum)), overflows);
    }

    [Fact]
    public void Columns_without_a_channel_never_overflow()
    {
        (_, LayerOverflows overflows) = Run(OverflowMode.Saturate, [100, 100, 100], segments: 1, default, zeroColumn: true);
        Assert.Equal(2, overflows.PartialSums);
        (_, LayerOverflows both) = Run(OverflowMode.Saturate, [100, 100, 100], segments: 1, default, columns: 2);
        Assert.Equal(4, both.PartialSums);
    }

    [Fact]
    public void Overflows_add_up_over_images_and_the_first_image_is_named()
    {
        // One element, input of the network, is the only operand that is not zero.
        AcceleratorSpec spec = Spec(OverflowMode.Saturate, 1);
        Schedule schedule = Schedule(spec, [0, 100, 0], 1, default, 1, false, false);
        FeatureMap input = Bench.Map(new(1, 1, 1, Bench.ElementFormat(spec)), 0, 1);
        schedule = schedule with { Layers = [schedule.Layers[0] with { Input = input, Output = Bench.Map(new(1, 1, 1, Bench.ElementFormat(spec)), 512, 1) }] };
        (TimingResult timing, ValueResult values) = RegisterAccurateModel.Run(schedule, [0, 27, 28, -128, 100, 127]);
        Assert.Equal([100, 127, 127, -28, 127, 127], values.Output);
        Assert.Equal(new LayerOverflows(3, 0, new FirstOverflow(2, 0, 0, 1, OverflowStage.PartialSum)), values.Overflows[0]);
        Assert.Equal(6, values.Images);
        Assert.Equal(timing.Cycles, timing.Units[0].Total);
    }

    private static AcceleratorSpec Spec(OverflowMode mode, int columns)
    {
        AcceleratorSpec spec = Bench.Spec(3, columns);
        return spec with
        {
            Array = spec.Array with { PartialSumWidth = 8, Overflow = mode },
            Accumulator = new() { Width = 8, Overflow = mode },
        };
    }

    private static (sbyte[] Output, LayerOverflows Overflows) Run(
        OverflowMode mode, sbyte[] elements, int segments, MatmulOrigin origin, int pixels = 1, bool segmentStride = false, bool zeroColumn = false, int columns = 1)
    {
        AcceleratorSpec spec = Spec(mode, zeroColumn ? 2 : columns);
        Schedule schedule = Schedule(spec, elements, segments, origin, pixels, segmentStride, zeroColumn);
        Accelerator machine = Bench.Run(schedule).Machine;
        return ([.. machine.Memory.Slice(512, pixels).ToArray().Select(b => (sbyte)b)], machine.Overflows[0]);
    }

    /// <summary>Weights are 1. A segment sees the same elements again, or the next three.</summary>
    private static Schedule Schedule(AcceleratorSpec spec, sbyte[] elements, int segments, MatmulOrigin origin, int pixels, bool segmentStride, bool zeroColumn)
    {
        byte[] memory = new byte[1024];
        elements.Select(element => (byte)element).ToArray().CopyTo(memory, 0);
        int lines = 3 * segments;
        for (int line = 0; line < lines; line++)
        {
            Bench.Pack(4, (1, 5), (zeroColumn || spec.Array.Columns == 1 ? 0 : 1, 5)).CopyTo(memory, 64 + (4 * line));
        }
        Bench.Pack(spec.ParameterLineWords * 4, Enumerable.Range(0, spec.Array.Columns).SelectMany(_ => Bench.Record(spec, new(0, 1, 0, 0, -128, 127, false))))
            .CopyTo(memory, 256);
        MatmulInstruction matmul = Bench.Matmul(pixels, 1, Bench.Set(Semaphore.ActivationReady, Semaphore.WeightReady), Bench.Set(Semaphore.AccumulatorReady)) with
        {
            ColumnStride = 8,
            KernelRows = segments,
            KernelRowStride = segmentStride ? 3 : 0,
            Origin = origin,
        };
        return Bench.Schedule(
            spec,
            [
                Bench.Load(LoadTarget.Activation, 0, 8, signals: Bench.Set(Semaphore.ActivationReady)),
                Bench.Load(LoadTarget.Weight, 16, lines, signals: Bench.Set(Semaphore.WeightReady)),
                Bench.Load(LoadTarget.Parameter, 64, spec.ParameterLineWords, signals: Bench.Set(Semaphore.ParameterReady)),
            ],
            [matmul],
            [Bench.Vector(pixels, Bench.Set(Semaphore.AccumulatorReady, Semaphore.ParameterReady), Bench.Set(Semaphore.OutputReady))],
            [Bench.Store(pixels, 1, 512, 1, Bench.Set(Semaphore.OutputReady))],
            memory,
            Bench.Map(new TensorSpec(4, 4, 9, Bench.ElementFormat(spec)), 512, 9));
    }
}
