// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Simulation;

/// <summary>Small programs written by hand, for tests of time alone: no network stands behind them.</summary>
internal static class HandMadeSchedules
{
    private const int MemoryBytes = 1 << 15;

    /// <summary>Elements of external memory.</summary>
    public static int MemoryElements(AcceleratorSpec accelerator) => MemoryBytes / accelerator.ElementBytes;

    public static AcceleratorSpec Accelerator(
        int rows = 3, int columns = 2, bool weightDoubleBuffering = true, int bytesPerCycle = 8, int latency = 5, int burst = 4, int elementWidth = 8) => new()
    {
        Name = "hand_made",
        ClockMhz = 100,
        Array = new ArraySpec
        {
            Dataflow = Dataflow.WeightStationary,
            Rows = rows,
            Columns = columns,
            Lanes = 1,
            ProcessingElement = ProcessingElementKind.Multiply,
            WeightDoubleBuffering = weightDoubleBuffering,
            ActivationWidth = 8,
            ActivationSigned = false,
            WeightWidth = 8,
            PartialSumWidth = 24,
            Overflow = OverflowMode.Saturate,
        },
        Accumulator = new AccumulatorSpec { Width = 24, Overflow = OverflowMode.Saturate },
        Requantizer = new RequantizerSpec { Rounding = RoundingMode.HalfUp, MultiplierWidth = 16, ElementWidth = elementWidth },
        Buffers = new BuffersSpec
        {
            Activation = new BufferSpec { Size = 8192, DoubleBuffered = true },
            Weight = new BufferSpec { Size = 1024, DoubleBuffered = true },
            Parameter = new BufferSpec { Size = 256, DoubleBuffered = true },
            Accumulator = new BufferSpec { Size = 1024, DoubleBuffered = true },
            Output = new BufferSpec { Size = 1024, DoubleBuffered = true },
        },
        Memory = new MemorySpec { BytesPerCycle = bytesPerCycle, LatencyCycles = latency, BurstBeats = burst },
        Mapping = new MappingSpec { Convolution = ConvolutionMapping.Im2col },
    };

    public static SemaphoreSet Set(params Semaphore[] semaphores) => semaphores.Aggregate(SemaphoreSet.None, (set, semaphore) => set.With(semaphore));

    public static LoadInstruction Load(int beats, LoadTarget target = LoadTarget.Activation, int layer = 0, SemaphoreSet waits = default, SemaphoreSet signals = default) => new()
    {
        Layer = layer,
        Waits = waits,
        Signals = signals,
        Target = target,
        MemoryAddress = 0,
        Beats = beats,
        BufferAddress = 0,
    };

    public static MatmulInstruction Matmul(
        int vectors, int segments, int layer = 0, bool accumulate = false, SemaphoreSet waits = default, SemaphoreSet signals = default) => new()
    {
        Layer = layer,
        Waits = waits,
        Signals = signals,
        ActivationAddress = 0,
        ActivationSigned = false,
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
        Accumulate = accumulate,
    };

    public static VectorInstruction Vector(int rows, int columns, int pool = 1, int layer = 0, SemaphoreSet waits = default, SemaphoreSet signals = default) => new()
    {
        Layer = layer,
        Waits = waits,
        Signals = signals,
        SourceAddress = 0,
        Rows = rows,
        Columns = columns,
        RowStride = 1,
        ColumnStride = 1,
        PoolRows = pool,
        PoolColumns = pool,
        PoolRowStride = 1,
        PoolColumnStride = 1,
        ParameterAddress = 0,
        OutputAddress = 0,
    };

    public static StoreInstruction Store(
        int rows, int columns, int channels, int address = 0, int rowPitch = 0, int pixelPitch = 0, int layer = 0, SemaphoreSet waits = default, SemaphoreSet signals = default) => new()
    {
        Layer = layer,
        Waits = waits,
        Signals = signals,
        OutputAddress = 0,
        Rows = rows,
        Columns = columns,
        Channels = channels,
        MemoryAddress = address,
        RowPitch = rowPitch,
        PixelPitch = pixelPitch,
    };

    /// <summary>A schedule of these programs over as many layers as their instructions name.</summary>
    public static Schedule Of(
        AcceleratorSpec accelerator,
        IEnumerable<LoadInstruction>? load = null,
        IEnumerable<MatmulInstruction>? array = null,
        IEnumerable<VectorInstruction>? vector = null,
        IEnumerable<StoreInstruction>? store = null,
        int layers = 1)
    {
        TensorSpec tensor = new(1, 1, 1, new FixedPointFormat(false, 8, 0));
        FeatureMap map = new() { Tensor = tensor, RegionAddress = 0, RegionWords = 1, Origin = 0, RowPitch = 1, PixelPitch = 1 };
        AccumulationPlan plan = new()
        {
            Lanes = 1,
            PartialSumWidth = 24,
            PartialSumOverflow = OverflowMode.Saturate,
            AccumulatorWidth = 24,
            AccumulatorOverflow = OverflowMode.Saturate,
            DigitWidth = 8,
            Segments = [],
            RequantizationOrder = new RequantizationOrder(1, 0, []),
        };
        return new Schedule
        {
            Accelerator = accelerator,
            Network = new IntegerNetwork
            {
                Name = "none",
                Input = tensor,
                Layers = [.. Enumerable.Range(0, layers).Select(i => new FlattenLayer { Name = $"layer{i}", Input = "input", Output = tensor })],
            },
            Load = [.. load ?? []],
            Array = [.. array ?? []],
            Vector = [.. vector ?? []],
            Store = [.. store ?? []],
            Layers = [.. Enumerable.Range(0, layers).Select(i => new ScheduledLayer { NetworkLayer = i, PoolLayer = null, Plan = plan, Input = map, Output = map, Macs = 1 })],
            Memory = new MemoryImage(MemoryBytes / accelerator.Memory.BytesPerCycle, () => [.. new byte[MemoryBytes]]),
        };
    }
}
