// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Hardware;

/// <summary>The whole machine on programs made by hand: a tensor that stays on chip, operands and tables, and the semaphores that order them.</summary>
public sealed class ForwardedTensorTests
{
    private const int Pixels = 4;
    private const int Rows = 3;
    private const int Columns = 2;
    private const int WeightsAt = 64;
    private const int ParametersAt = 128;
    private const int ResultAt = 512;

    [Fact]
    public void A_forwarded_tensor_is_multiplied_where_it_was_put()
    {
        AcceleratorSpec spec = Spec();
        byte[] memory = Memory(spec);
        Schedule schedule = Bench.Schedule(spec, Loads(spec), Matmuls(), Vectors(), Stores(), memory);
        (Accelerator machine, TimingResult timing) = Bench.Run(schedule);

        // Two channels of the first product, and between them in each pixel the constant of the fill.
        int[][] hidden = [.. Enumerable.Range(0, Pixels).Select(m => (int[])[.. Product([.. Enumerable.Range(0, Rows).Select(r => (int)(sbyte)memory[(m * Rows) + r])], 0), 5])];
        int[] expected = [.. hidden.SelectMany(pixel => Product(pixel, Rows))];
        Assert.Equal(expected, machine.Memory.Slice(ResultAt, Pixels * Columns).ToArray().Select(code => (int)(sbyte)code));

        TimelineEvent[] array = Of(timing, UnitKind.Array), store = Of(timing, UnitKind.Store), vector = Of(timing, UnitKind.Vector);
        Assert.Equal(vector[0].Completion + 1, store[1].Start);
        Assert.Equal(store[1].Completion + 1, array[1].Start);
        Assert.Equal(store[1].End, store[1].Completion);
        Assert.True(timing.Units[(int)UnitKind.Array].Stall[(int)Semaphore.Forwarded] > 0);
        Traffic traffic = timing.Layers[0].Traffic;
        Assert.Equal((Pixels * 2, Pixels, Pixels * 2), (traffic.ForwardElements, traffic.FillBeats, traffic.StoreElements));

        // The order of evaluation is of no consequence.
        for (int order = 0; order < 5; order++)
        {
            (Accelerator shuffled, TimingResult again) = Bench.Run(schedule, new() { ShuffleSeed = order });
            Assert.Equal(machine.Memory.ToArray(), shuffled.Memory.ToArray());
            Bench.AssertSame(timing, again);
        }

        // On a memory that stalls, the same codes.
        Accelerator stalled = Bench.Run(schedule, new() { Stall = new AccelModel.Hardware.RandomStall(5, 120) }).Machine;
        Assert.Equal(machine.Memory.ToArray(), stalled.Memory.ToArray());
    }

    [Fact]
    public void The_output_of_a_layer_that_stays_on_chip_is_read_where_it_was_forwarded_to()
    {
        AcceleratorSpec spec = Spec();
        byte[] memory = Memory(spec);
        Schedule schedule = Bench.Schedule(
            spec, Loads(spec), Matmuls(), Vectors().Take(1), Stores().Take(2), memory, Bench.Map(new(1, Pixels, Columns, Bench.ElementFormat(spec)), 0, Columns));
        schedule = schedule with { Array = [schedule.Array[0]], Layers = [schedule.Layers[0] with { IsForwarded = true }] };
        ValueResult values = RegisterAccurateModel.Run(schedule, [memory[^1]], new() { KeepLayerOutputs = true }).Values;
        Assert.Equal(
            Enumerable.Range(0, Pixels).SelectMany(m => Product([.. Enumerable.Range(0, Rows).Select(r => (int)(sbyte)memory[(m * Rows) + r])], 0)),
            values.LayerOutputs[0]);
    }

    [Fact]
    public void A_forwarding_store_waits_until_the_array_has_read_what_was_there()
    {
        AcceleratorSpec spec = Spec();
        SemaphoreSet free = Bench.Set(Semaphore.ForwardFree);
        TimingResult timing = Bench.Run(Bench.Schedule(
            spec,
            array: [Bench.Matmul(20, 3, signals: free)],
            store: [Bench.Store(1, 1, 0, 1, waits: free) with { Target = StoreTarget.Activation }])).Timing;
        Assert.Equal(timing.Timeline[0].End + 1, timing.Timeline[1].Start);
        Assert.True(timing.Timeline[0].End < timing.Timeline[0].Completion);
        Assert.Equal(timing.Timeline[0].End, timing.Units[(int)UnitKind.Store].Stall[(int)Semaphore.ForwardFree]);
    }

    [Fact]
    public void The_vector_unit_waits_for_operands_and_tables_and_frees_them_at_its_end()
    {
        AcceleratorSpec spec = Spec();
        byte[] memory = Memory(spec);
        LoadInstruction operands = Bench.Load(LoadTarget.Operand, 0, 0, signals: Bench.Set(Semaphore.OperandReady)) with { Run = 12 };
        LoadInstruction table = Bench.Load(LoadTarget.Lookup, 64, 64, signals: Bench.Set(Semaphore.LookupReady));
        VectorInstruction copy = Bench.Vector(
            6, Bench.Set(Semaphore.ParameterReady, Semaphore.OperandReady, Semaphore.LookupReady), Bench.Set(Semaphore.OutputReady, Semaphore.OperandFree, Semaphore.LookupFree)) with
        {
            Source = VectorSource.Operand,
            OperandSigned = true,
            ColumnStride = 2,
            Lookup = true,
        };
        Schedule schedule = Bench.Schedule(
            spec,
            [
                Bench.Load(LoadTarget.Parameter, ParametersAt / 4, spec.ParameterLineWords, signals: Bench.Set(Semaphore.ParameterReady)),
                operands,
                table,
                operands with { Waits = Bench.Set(Semaphore.OperandFree), Signals = default },
                table with { Waits = Bench.Set(Semaphore.LookupFree), Signals = default },
            ],
            vector: [copy],
            store: [Bench.Store(6, 2, ResultAt, 2, Bench.Set(Semaphore.OutputReady))],
            memory: memory);
        (Accelerator machine, TimingResult timing) = Bench.Run(schedule);
        for (int order = 0; order < 5; order++)
        {
            (Accelerator shuffled, TimingResult again) = Bench.Run(schedule, new() { ShuffleSeed = order });
            Assert.Equal(machine.Memory.ToArray(), shuffled.Memory.ToArray());
            Bench.AssertSame(timing, again);
        }

        // The records add 2 and 3 to the first column and the second.
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => memory[256 + (byte)(memory[i] + 2 + (i % 2))]), machine.Memory.Slice(ResultAt, 12).ToArray());
        TimelineEvent[] load = Of(timing, UnitKind.Load), vector = Of(timing, UnitKind.Vector);
        Assert.Equal(load[2].Completion + 1, vector[0].Start);
        Assert.Equal((vector[0].End + 1, vector[0].End + 7), (load[3].Start, vector[0].Completion));
        UnitCycles waits = timing.Units[(int)UnitKind.Vector];
        Assert.Equal(load[1].End, waits.Stall[(int)Semaphore.ParameterReady] + waits.Stall[(int)Semaphore.OperandReady]);
        Assert.Equal(load[2].End - load[1].End, waits.Stall[(int)Semaphore.LookupReady]);
        Traffic traffic = timing.Layers[0].Traffic;
        Assert.Equal((6, 6, 0), (traffic.OperandReads, traffic.LookupReads, traffic.AccumulatorReads));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_table_is_free_when_the_last_word_has_been_looked_up(bool elementwise)
    {
        // The fastest memory that there is overwrites the table as soon as it is free; the last words still see the old one.
        AcceleratorSpec spec = Spec() with { Memory = new() { BytesPerCycle = 128, LatencyCycles = 1, BurstBeats = 16 }, Vector = new() { Elementwise = elementwise, Lookup = true } };
        byte[] memory = new byte[2048];
        memory.AsSpan(256, 256).Fill(1);
        memory.AsSpan(512, 256).Fill(2);
        LoadInstruction table = Bench.Load(LoadTarget.Lookup, 2, 2, signals: Bench.Set(Semaphore.LookupReady));
        VectorInstruction words = Bench.Vector(5, Bench.Set(Semaphore.LookupReady), Bench.Set(Semaphore.OutputReady, Semaphore.LookupFree)) with { Lookup = true };
        (Accelerator machine, TimingResult timing) = Bench.Run(Bench.Schedule(
            spec,
            [table, table with { MemoryAddress = 4, Waits = Bench.Set(Semaphore.LookupFree) }],
            vector: [words, words with { OutputAddress = 5 }],
            store: [Bench.Store(5, 2, 1024, 2, Bench.Set(Semaphore.OutputReady)), Bench.Store(5, 2, 1034, 2, Bench.Set(Semaphore.OutputReady)) with { OutputAddress = 5 }],
            memory: memory));
        Assert.Equal([.. Enumerable.Repeat((byte)1, 10), .. Enumerable.Repeat((byte)2, 10)], machine.Memory.Slice(1024, 20).ToArray());
        TimelineEvent first = Of(timing, UnitKind.Vector)[0];
        Assert.Equal(first.Completion + 1, Of(timing, UnitKind.Load)[1].Start);
    }

    private static TimelineEvent[] Of(TimingResult timing, UnitKind unit) => [.. timing.Timeline.Where(instruction => instruction.Unit == unit)];

    private static int Weight(int line, int column) => ((line * 7) + (column * 5)) % 11 - 5;

    /// <summary>The codes that the requantiser makes of one vector: the bias is 2 in the first column and 3 in the second.</summary>
    private static int[] Product(int[] vector, int firstLine) =>
        [.. Enumerable.Range(0, Columns).Select(c => Math.Clamp(Enumerable.Range(0, Rows).Sum(r => vector[r] * Weight(firstLine + r, c)) + 2 + c, -128, 127))];

    private static IEnumerable<LoadInstruction> Loads(AcceleratorSpec spec) =>
    [
        Bench.Load(LoadTarget.Weight, WeightsAt / 4, 2 * Rows, signals: Bench.Set(Semaphore.WeightReady)),
        Bench.Load(LoadTarget.Parameter, ParametersAt / 4, spec.ParameterLineWords, signals: Bench.Set(Semaphore.ParameterReady)),
        Bench.Load(LoadTarget.Activation, 0, 0, signals: Bench.Set(Semaphore.ActivationReady)) with { Run = Pixels * Rows, BufferAddress = 1 },
    ];

    private static IEnumerable<MatmulInstruction> Matmuls()
    {
        MatmulInstruction first = Bench.Matmul(Pixels, 1, Bench.Set(Semaphore.WeightReady, Semaphore.ActivationReady), Bench.Set(Semaphore.AccumulatorReady)) with
        {
            ActivationAddress = 1,
            ColumnStride = Rows,
        };
        return
        [
            first,
            first with { Waits = Bench.Set(Semaphore.Forwarded), ActivationAddress = 65, WeightAddress = Rows, AccumulatorAddress = 8 },
        ];
    }

    private static IEnumerable<VectorInstruction> Vectors() =>
    [
        Bench.Vector(Pixels, Bench.Set(Semaphore.ParameterReady, Semaphore.AccumulatorReady), Bench.Set(Semaphore.OutputReady)),
        Bench.Vector(Pixels, Bench.Set(Semaphore.AccumulatorReady), Bench.Set(Semaphore.OutputReady)) with { SourceAddress = 8, OutputAddress = 8 },
    ];

    private static IEnumerable<StoreInstruction> Stores() =>
    [
        Bench.Store(Pixels, 1, 67, Rows) with { Target = StoreTarget.Activation, Fill = true, FillCode = 5 },
        Bench.Store(Pixels, Columns, 65, Rows, Bench.Set(Semaphore.OutputReady), Bench.Set(Semaphore.Forwarded)) with { Target = StoreTarget.Activation },
        Bench.Store(Pixels, Columns, ResultAt, Columns, Bench.Set(Semaphore.OutputReady)) with { OutputAddress = 8 },
    ];

    private static byte[] Memory(AcceleratorSpec spec)
    {
        byte[] memory = new byte[1024];
        new Random(4).NextBytes(memory.AsSpan(0, 16));
        new Random(5).NextBytes(memory.AsSpan(256, 256));
        for (int line = 0; line < 2 * Rows; line++)
        {
            Bench.Pack(4, Enumerable.Range(0, Columns).Select(column => ((long)Weight(line, column), spec.Array.WeightWidth))).CopyTo(memory, WeightsAt + (4 * line));
        }
        LaneRecord record = LaneRecord.Zero with { Multiplier = 1, Minimum = -128, Maximum = 127 };
        Bench.Pack(4 * spec.ParameterLineWords, Enumerable.Range(0, Columns).SelectMany(column => Bench.Record(spec, record with { Bias = 2 + column })))
            .CopyTo(memory, ParametersAt);
        return memory;
    }

    private static AcceleratorSpec Spec()
    {
        AcceleratorSpec spec = Bench.Spec(Rows, Columns);
        return spec with { Vector = new() { Elementwise = true, Lookup = true }, Buffers = spec.Buffers with { Operand = new() { Size = 64, DoubleBuffered = false } } };
    }
}
