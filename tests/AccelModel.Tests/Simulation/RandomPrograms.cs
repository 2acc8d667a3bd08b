// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;
using static AccelModel.Scheduling.Semaphore;
using static AccelModel.Tests.Simulation.HandMadeSchedules;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Simulation;

/// <summary>A random design and four programs of random instructions for it that wait and signal at random, some of which come to a standstill.</summary>
internal sealed class RandomPrograms
{
    private readonly Random random;
    private readonly AcceleratorSpec accelerator;
    private readonly double waitRate;
    private readonly double signalRate;

    private RandomPrograms(Random random, AcceleratorSpec accelerator)
    {
        this.random = random;
        this.accelerator = accelerator;
        signalRate = 0.4 + (0.6 * random.NextDouble());
        waitRate = 0.2 * random.NextDouble();
    }

    public static Schedule Of(Random random)
    {
        RandomPrograms programs = new(random, RandomAccelerator(random));
        return HandMadeSchedules.Of(
            programs.accelerator,
            programs.Some(6, programs.RandomLoad),
            programs.Some(6, programs.RandomMatmul),
            programs.Some(6, programs.RandomVector),
            programs.Some(6, programs.RandomStore),
            layers: 3);
    }

    private static AcceleratorSpec RandomAccelerator(Random random)
    {
        int elementWidth = random.Next(3) == 0 ? 16 : 8;
        Dataflow dataflow = (Dataflow)random.Next(3);
        ProcessingElementKind kind = Of(random, ProcessingElementKind.Multiply, ProcessingElementKind.BitSerial, ProcessingElementKind.Codebook);
        bool elementwise = random.Next(2) == 0;
        AcceleratorSpec plain = Accelerator(
            random.Next(dataflow == Dataflow.OutputStationary ? 2 : 1, 5), random.Next(1, 7), random.Next(2) == 0, Math.Max(elementWidth / 8, 1 << random.Next(0, 4)),
            random.Next(1, 9), random.Next(1, 9), elementWidth);
        return plain with
        {
            Array = plain.Array with
            {
                Dataflow = dataflow,
                ProcessingElement = kind,
                Lanes = random.Next(1, 3),
                WeightWidth = 4,
                CodebookValueWidth = kind == ProcessingElementKind.Codebook ? 6 : 0,
                ColumnFilter = dataflow == Dataflow.WeightStationary && kind != ProcessingElementKind.BitSerial && random.Next(2) == 0,
            },
            Memory = plain.Memory with { BurstAlignmentBytes = plain.Memory.BytesPerCycle * Of(random, 0, 0, 1, 2, 4, 16) },
            Vector = new VectorSpec { Elementwise = elementwise, Lookup = elementWidth == 8 && random.Next(2) == 0 },
            Buffers = plain.Buffers with { Operand = new BufferSpec { Size = elementwise ? 1024 : 0, DoubleBuffered = elementwise } },
        };
    }

    private LoadInstruction RandomLoad(int layer)
    {
        List<LoadTarget> targets = [LoadTarget.Activation, LoadTarget.Activation, LoadTarget.Weight, LoadTarget.Parameter];
        targets.AddRange(accelerator.Vector.Elementwise ? [LoadTarget.Operand, LoadTarget.Operand] : []);
        targets.AddRange(accelerator.Vector.Lookup ? [LoadTarget.Lookup] : []);
        LoadTarget target = Of(random, [.. targets]);
        LoadInstruction load = Load(
            random.Next(1, 12), target, layer,
            Pick(waitRate, Stored, ActivationFree, WeightFree, ParameterFree, OperandFree, LookupFree), Pick(signalRate, ActivationReady, WeightReady, ParameterReady, OperandReady, LookupReady));
        if (!load.IsElementwise || random.Next(4) == 0)
        {
            return load;
        }
        int size = target == LoadTarget.Activation ? accelerator.Buffers.Activation.Size : accelerator.Buffers.Operand.Size;
        LoadInstruction runs = load with
        {
            Beats = 0,
            Fill = random.Next(3) == 0,
            FillCode = random.Next(-3, 4),
            Rows = random.Next(1, 5),
            Columns = random.Next(1, 5),
            Run = random.Next(1, 20),
            MemoryRowPitch = random.Next(-40, 90),
            MemoryColumnPitch = random.Next(-9, 30),
            BufferRowPitch = random.Next(-40, 90),
            BufferColumnPitch = random.Next(-9, 30),
        };
        return runs with
        {
            MemoryAddress = Place(MemoryElements(accelerator), (runs.Rows, runs.MemoryRowPitch), (runs.Columns, runs.MemoryColumnPitch), (runs.Run, 1)),
            BufferAddress = Place(size, (runs.Rows, runs.BufferRowPitch), (runs.Columns, runs.BufferColumnPitch), (runs.Run, 1)),
        };
    }

    private MatmulInstruction RandomMatmul(int layer)
    {
        ArraySpec array = accelerator.Array;
        bool bitSerial = array.ProcessingElement == ProcessingElementKind.BitSerial;
        bool filter = array.ColumnFilter && random.Next(2) == 0;
        return Matmul(
            random.Next(1, 8), filter ? 1 : random.Next(1, 4), layer, random.Next(2) == 0,
            Pick(waitRate, ActivationReady, WeightReady, AccumulatorFree, Forwarded), Pick(signalRate, AccumulatorReady, ActivationFree, WeightFree, ForwardFree)) with
        {
            Rows = random.Next(1, 3),
            RowStride = random.Next(0, 9),
            KernelRows = random.Next(1, 3),
            Digits = bitSerial ? 1 : random.Next(1, 3),
            Interval = bitSerial ? random.Next(1, 9) : 1,
            TableLines = TableLines(),
            Channels = array.Dataflow == Dataflow.InputStationary ? random.Next(1, 14) : random.Next(1, array.Columns + 1),
            LastTileElements = random.Next(0, array.Rows + 1),
            ColumnFilter = filter,
        };
    }

    /// <summary>Lines for the 2^4 values of 6 bits of a codebook, with 4 bits of a line for each of its weights.</summary>
    private int TableLines()
    {
        ArraySpec array = accelerator.Array;
        int lineBits = 4 * array.Lanes * (array.Dataflow == Dataflow.InputStationary ? array.Rows : array.Columns);
        return array.ProcessingElement == ProcessingElementKind.Codebook ? (int)Math.Ceiling(16 * 6 / (double)lineBits) : 0;
    }

    private VectorInstruction RandomVector(int layer)
    {
        bool elementwise = accelerator.Vector.Elementwise;
        VectorInstruction vector = Vector(
            random.Next(1, 4), random.Next(1, 4), random.Next(1, 3), layer,
            Pick(waitRate, ParameterReady, AccumulatorReady, OutputFree, OperandReady, LookupReady), Pick(signalRate, OutputReady, ParameterFree, AccumulatorFree, OperandFree, LookupFree));
        return vector with
        {
            Source = elementwise && random.Next(2) == 0 ? VectorSource.Operand : VectorSource.Accumulator,
            OperandSigned = random.Next(2) == 0,
            PoolColumns = random.Next(1, 4),
            Combine = elementwise ? (VectorCombine)random.Next(3) : VectorCombine.Maximum,
            Post = elementwise && random.Next(2) == 0,
            Lookup = accelerator.Vector.Lookup && random.Next(2) == 0,
            LookupAddress = random.Next(2) * 256,
            ParameterStride = random.Next(0, 2),
        };
    }

    private StoreInstruction RandomStore(int layer)
    {
        StoreInstruction store = Store(
            random.Next(1, 4), random.Next(1, 4), random.Next(1, accelerator.Array.Columns + 1), 0, random.Next(-20, 30), random.Next(-5, 9), layer,
            Pick(waitRate, OutputReady, ForwardFree), Pick(signalRate, Stored, OutputFree, Forwarded));
        bool forward = random.Next(2) == 0;
        bool fill = forward && random.Next(2) == 0;
        store = store with
        {
            Target = forward ? StoreTarget.Activation : StoreTarget.Memory,
            Fill = fill,
            FillCode = fill ? 5 : 0,
            Channels = fill ? random.Next(1, 20) : store.Channels,
            FirstChannel = fill ? 0 : random.Next(0, accelerator.Array.Columns - store.Channels + 1),
            ChannelPitch = fill || random.Next(3) > 0 ? 1 : random.Next(2, 5),
        };
        int size = forward ? accelerator.Buffers.Activation.Size : MemoryElements(accelerator);
        return store with { MemoryAddress = Place(size, (store.Rows, store.RowPitch), (store.Columns, store.PixelPitch), (store.Channels, store.ChannelPitch)) };
    }

    /// <summary>An address from which all loops stay within a buffer.</summary>
    private int Place(int size, params (int Steps, int Stride)[] loops)
    {
        int least = loops.Sum(loop => Math.Min(0, (loop.Steps - 1) * loop.Stride));
        int greatest = loops.Sum(loop => Math.Max(0, (loop.Steps - 1) * loop.Stride));
        return random.Next(-least, Math.Min(size - greatest, 50 - least));
    }

    private List<T> Some<T>(int most, Func<int, T> make) => [.. Enumerable.Range(0, random.Next(1, most)).Select(i => make(i / 2))];

    private SemaphoreSet Pick(double rate, params Semaphore[] from) => Set([.. from.Where(_ => random.NextDouble() < rate)]);

    private static T Of<T>(Random random, params T[] from) => from[random.Next(from.Length)];
}
