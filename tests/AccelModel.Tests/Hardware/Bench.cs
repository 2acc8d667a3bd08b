// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Hardware;

/// <summary>Small designs and hand-made programs, so that the hardware is tested without a scheduler.</summary>
internal static class Bench
{
    /// <summary>A small design; tests change what they are about.</summary>
    public static AcceleratorSpec Spec(int rows = 3, int columns = 2, int lanes = 1, bool doubleBuffering = true) => new()
    {
        Name = "bench",
        ClockMhz = 100,
        Array = new()
        {
            Dataflow = Dataflow.WeightStationary,
            Rows = rows,
            Columns = columns,
            Lanes = lanes,
            ProcessingElement = ProcessingElementKind.Multiply,
            WeightDoubleBuffering = doubleBuffering,
            ActivationWidth = 8,
            ActivationSigned = true,
            WeightWidth = 5,
            PartialSumWidth = 24,
            Overflow = OverflowMode.Saturate,
        },
        Accumulator = new() { Width = 28, Overflow = OverflowMode.Saturate },
        Requantizer = new() { Rounding = RoundingMode.HalfUp, MultiplierWidth = 9, ElementWidth = 8 },
        Buffers = new()
        {
            Activation = new() { Size = 256, DoubleBuffered = false },
            Weight = new() { Size = 128, DoubleBuffered = false },
            Parameter = new() { Size = 4, DoubleBuffered = false },
            Accumulator = new() { Size = 64, DoubleBuffered = false },
            Output = new() { Size = 64, DoubleBuffered = false },
        },
        Memory = new() { BytesPerCycle = 4, LatencyCycles = 5, BurstBeats = 8 },
        Mapping = new() { Convolution = ConvolutionMapping.Im2col },
    };

    /// <summary>A set of semaphores.</summary>
    public static SemaphoreSet Set(params Semaphore[] semaphores) => semaphores.Aggregate(SemaphoreSet.None, (set, semaphore) => set.With(semaphore));

    /// <summary>A load of network layer 0.</summary>
    public static LoadInstruction Load(LoadTarget target, int memory, int beats, int buffer = 0, SemaphoreSet waits = default, SemaphoreSet signals = default) =>
        new() { Layer = 0, Waits = waits, Signals = signals, Target = target, MemoryAddress = memory, Beats = beats, BufferAddress = buffer };

    /// <summary>A matmul of one row of pixels and one run of tiles.</summary>
    public static MatmulInstruction Matmul(int vectors, int segments, SemaphoreSet waits = default, SemaphoreSet signals = default) => new()
    {
        Layer = 0,
        Waits = waits,
        Signals = signals,
        ActivationAddress = 0,
        ActivationSigned = true,
        Rows = 1,
        Columns = vectors,
        RowStride = 0,
        ColumnStride = 1,
        Digits = 1,
        KernelRows = 1,
        KernelColumns = 1,
        Tiles = segments,
        KernelRowStride = 0,
        KernelColumnStride = 0,
        WeightAddress = 0,
        AccumulatorAddress = 0,
        Accumulate = false,
    };

    /// <summary>A vector instruction over one row of words, each a window of its own.</summary>
    public static VectorInstruction Vector(int words, SemaphoreSet waits = default, SemaphoreSet signals = default) => new()
    {
        Layer = 0,
        Waits = waits,
        Signals = signals,
        SourceAddress = 0,
        Rows = 1,
        Columns = words,
        RowStride = 0,
        ColumnStride = 1,
        PoolRows = 1,
        PoolColumns = 1,
        PoolRowStride = 0,
        PoolColumnStride = 0,
        ParameterAddress = 0,
        OutputAddress = 0,
    };

    /// <summary>A store of one row of pixels.</summary>
    public static StoreInstruction Store(int pixels, int channels, int memory, int pitch, SemaphoreSet waits = default, SemaphoreSet signals = default) => new()
    {
        Layer = 0,
        Waits = waits,
        Signals = signals,
        OutputAddress = 0,
        Rows = 1,
        Columns = pixels,
        Channels = channels,
        MemoryAddress = memory,
        RowPitch = 0,
        PixelPitch = pitch,
    };

    /// <summary>A schedule of hand-made programs for one layer whose output is a row of pixels at <paramref name="output"/>.</summary>
    public static Schedule Schedule(
        AcceleratorSpec spec,
        IEnumerable<LoadInstruction>? load = null,
        IEnumerable<MatmulInstruction>? array = null,
        IEnumerable<VectorInstruction>? vector = null,
        IEnumerable<StoreInstruction>? store = null,
        byte[]? memory = null,
        FeatureMap? output = null)
    {
        byte[] bytes = memory ?? new byte[64 * 1024];
        FeatureMap map = output ?? Map(new(1, 1, 1, ElementFormat(spec)), 0, 1);
        var layer = new DenseLayer
        {
            Name = "layer",
            Input = "input",
            Output = map.Tensor,
            Weights = new([map.Tensor.Elements, 1], [.. new int[map.Tensor.Elements]]),
            WeightFormat = new(true, spec.Array.WeightWidth, 0),
            Requantization = new() { Kind = RequantizationKind.Shift, Bias = [0], Shift = [0], Rounding = spec.Requantizer.Rounding, Minimum = -1, Maximum = 1 },
        };
        FeatureMap input = Map(new(1, 1, 1, ElementFormat(spec)), (bytes.Length / spec.ElementBytes) - 1, 1);
        return new()
        {
            Accelerator = spec,
            Network = new() { Name = "bench", Input = input.Tensor, Layers = [layer] },
            Load = [.. load ?? []],
            Array = [.. array ?? []],
            Vector = [.. vector ?? []],
            Store = [.. store ?? []],
            Layers =
            [
                new()
                {
                    NetworkLayer = 0,
                    PoolLayer = null,
                    Plan = new()
                    {
                        Lanes = spec.Array.Lanes,
                        PartialSumWidth = spec.Array.PartialSumWidth,
                        PartialSumOverflow = spec.Array.Overflow,
                        AccumulatorWidth = spec.Accumulator.Width,
                        AccumulatorOverflow = spec.Accumulator.Overflow,
                        DigitWidth = spec.DigitWidth,
                        Segments = [],
                        RequantizationOrder = new(spec.Array.Columns, 0, []),
                    },
                    Input = input,
                    Output = map,
                    Macs = 0,
                },
            ],
            Memory = new(bytes.Length / spec.Memory.BytesPerCycle, [.. bytes]),
        };
    }

    /// <summary>Runs one inference.</summary>
    public static (Accelerator Machine, TimingResult Timing) Run(Schedule schedule, RegisterAccurateOptions? options = null)
    {
        var machine = new Accelerator(schedule, options);
        while (!machine.IsFinished)
        {
            machine.Tick();
        }
        return (machine, machine.Timing());
    }

    /// <summary>Every event, counter and traffic figure is the same.</summary>
    public static void AssertSame(TimingResult expected, TimingResult actual, string about = "")
    {
        Assert.True(expected.Cycles == actual.Cycles, $"{about}: {expected.Cycles} and {actual.Cycles} cycles");
        Assert.Equal(expected.Timeline.AsEnumerable(), actual.Timeline.AsEnumerable());
        Assert.Equal(expected.Units.AsEnumerable(), actual.Units.AsEnumerable());
        Assert.Equal(expected.Layers.Select(layer => layer.Cycles), actual.Layers.Select(layer => layer.Cycles));
        Assert.Equal(expected.Layers.Select(layer => layer.Traffic), actual.Layers.Select(layer => layer.Traffic));
        Assert.Equal(expected.Layers.SelectMany(layer => layer.Units), actual.Layers.SelectMany(layer => layer.Units));
    }

    /// <summary>A row of pixels in memory.</summary>
    public static FeatureMap Map(TensorSpec tensor, int origin, int pitch) => new()
    {
        Tensor = tensor,
        RegionAddress = 0,
        RegionWords = 0,
        Origin = origin,
        RowPitch = pitch * tensor.Width,
        PixelPitch = pitch,
    };

    /// <summary>Signed codes of the element's width.</summary>
    public static FixedPointFormat ElementFormat(AcceleratorSpec spec) => new(true, spec.Requantizer.ElementWidth, 0);

    /// <summary>Fields side by side, the first in the lowest bits, as little-endian bytes.</summary>
    public static byte[] Pack(int bytes, params IEnumerable<(long Value, int Width)> fields)
    {
        BigInteger word = BigInteger.Zero;
        int position = 0;
        foreach ((long value, int width) in fields)
        {
            word += (((BigInteger)value % (BigInteger.One << width)) + (BigInteger.One << width)) % (BigInteger.One << width) << position;
            position += width;
        }
        byte[] result = new byte[bytes];
        word.ToByteArray(isUnsigned: true).CopyTo(result, 0);
        return result;
    }

    /// <summary>All fields of a lane record, in the order of the table in section 5.1.</summary>
    public static IEnumerable<(long Value, int Width)> Record(AcceleratorSpec spec, LaneRecord lane)
    {
        int code = spec.Requantizer.ElementWidth + 1;
        int term = !spec.Vector.Elementwise ? code : spec.Requantizer.DoubleRounding ? 32 : 24;
        (long, int)[] Twice(bool twice, int shift) => spec.Requantizer.DoubleRounding ? [(twice ? 1 : 0, 1), (shift, 5)] : [];
        int threshold = spec.Accumulator.Width + 1;
        return
        [
            (lane.Bias, spec.Accumulator.Width),
            (lane.Multiplier, spec.Requantizer.MultiplierWidth),
            .. spec.Requantizer.FixedShift is null ? [(lane.Shift, 6)] : new (long, int)[0],
            (lane.ZeroPoint, term),
            (lane.Minimum, term),
            (lane.Maximum, term),
            (lane.SignOutput ? 1 : 0, 1),
            .. Twice(lane.DoubleRounding, lane.SecondShift),
            .. !spec.Vector.Elementwise
                ? new (long, int)[0]
                :
                [
                    (lane.PostMultiplier, spec.Requantizer.MultiplierWidth), (lane.PostShift, 6), (lane.PostZeroPoint, code), (lane.PostMinimum, code), (lane.PostMaximum, code),
                    (lane.PostHalfAway ? 1 : 0, 1),
                    .. Twice(lane.PostDoubleRounding, lane.PostSecondShift),
                ],
            .. spec.Vector.ThresholdLevels == 0
                ? new (long, int)[0]
                :
                [
                    (lane.Thresholds.Length, 8), (lane.ThresholdStep, 8), .. lane.Thresholds.Select(value => (value, threshold)),
                    .. Enumerable.Repeat((0L, threshold), spec.Vector.ThresholdLevels - lane.Thresholds.Length),
                ],
        ];
    }
}
