// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using static AccelModel.Scheduling.Semaphore;
using static AccelModel.Tests.Simulation.HandMadeSchedules;

namespace AccelModel.Tests.Simulation;

/// <summary>Commands of the memory port that are more than whole words: runs, fills, forwarding, and the buffers that an elementwise vector unit has.</summary>
public sealed class FastEngineCommandTests
{
    private static readonly AcceleratorSpec Elementwise = Accelerator(columns: 4) with
    {
        Vector = new VectorSpec { Elementwise = true, Lookup = true },
        Buffers = Accelerator().Buffers with { Operand = new BufferSpec { Size = 1024, DoubleBuffered = true } },
    };

    [Fact]
    public void Beats_of_runs_equal_a_count_of_the_words_that_each_touches()
    {
        Random random = new(2);
        for (int i = 0; i < 3000; i++)
        {
            int elementsPerWord = 1 << random.Next(0, 8);
            LoadInstruction load = Runs(random.Next(1, 12), random.Next(1, 12), random.Next(1, 300)) with
            {
                MemoryAddress = random.Next(6000, 7000),
                MemoryRowPitch = random.Next(-300, 400),
                MemoryColumnPitch = random.Next(-200, 300),
            };
            int touched = 0;
            for (int y = 0; y < load.Rows; y++)
            {
                for (int x = 0; x < load.Columns; x++)
                {
                    int first = load.MemoryAddress + (y * load.MemoryRowPitch) + (x * load.MemoryColumnPitch);
                    touched += Enumerable.Range(first, load.Run).Count(a => a == first || a % elementsPerWord == 0);
                }
            }
            TimingResult time = FastEngine.Time(Of(Accelerator(bytesPerCycle: elementsPerWord), load: [load]));
            Assert.Equal(touched, time.Units[(int)UnitKind.Load].Busy);
            Assert.Equal((long)touched * elementsPerWord, time.Layers[0].Traffic.ActivationLoadBytes);
            Assert.Equal((long)load.Rows * load.Columns * load.Run, time.Layers[0].Traffic.ActivationLoadElements);
        }
    }

    [Fact]
    public void Elements_of_two_bytes_make_words_of_half_as_many()
    {
        LoadInstruction load = Runs(1, 3, 4) with { MemoryAddress = 3, MemoryColumnPitch = 4 };
        Assert.Equal(1 + 2 + 1, FastEngine.Time(Of(Accelerator(bytesPerCycle: 8), load: [load])).Units[0].Busy); // 3..6, 7..10, 11..14: words of 8
        Assert.Equal(2 + 2 + 2, FastEngine.Time(Of(Accelerator(bytesPerCycle: 8, elementWidth: 16), load: [load])).Units[0].Busy); // words of 4
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(16, 2)]
    [InlineData(17, 3)]
    public void A_fill_takes_a_beat_for_each_word_full_of_a_run_and_no_latency(int run, int beatsPerRun)
    {
        LoadInstruction fill = Runs(2, 3, run) with { Fill = true, FillCode = 7, MemoryAddress = -1 };
        TimingResult time = FastEngine.Time(Of(Accelerator(latency: 5, burst: 4), load: [fill]));
        Assert.Equal(new UnitCycles { Issue = 2, PortWait = 1, Busy = 6 * beatsPerRun }, time.Units[(int)UnitKind.Load]);
        Assert.Equal(new Traffic { FillBeats = 6 * beatsPerRun }, time.Layers[0].Traffic);
    }

    [Fact]
    public void A_fill_by_the_store_unit_goes_pixel_by_pixel_and_reads_no_output()
    {
        StoreInstruction fill = Store(2, 3, 9, pixelPitch: 9) with { Target = StoreTarget.Activation, Fill = true, OutputAddress = 5000 };
        TimingResult time = FastEngine.Time(Of(Accelerator(), store: [fill]));
        Assert.Equal(2 + 6 * 2, time.Timeline[0].End);
        Assert.Equal(new Traffic { FillBeats = 12 }, time.Layers[0].Traffic);
    }

    [Fact]
    public void A_forwarded_tensor_takes_its_beats_without_latency_and_is_waited_for_by_the_array()
    {
        Schedule schedule = Of(
            Accelerator(rows: 3, columns: 2, latency: 5),
            array: [Matmul(1, 1, signals: Set(ForwardFree)), Matmul(1, 1, waits: Set(Forwarded))],
            store: [Store(1, 5, 2, address: 7, pixelPitch: 2, waits: Set(ForwardFree), signals: Set(Forwarded)) with { Target = StoreTarget.Activation }]);
        TimingResult time = FastEngine.Time(schedule);
        long free = time.Timeline[0].End;
        TimelineEvent store = time.Timeline[2];
        Assert.Equal((free + 1, free + 2 + 7), (store.Start, store.End)); // addresses 7, 9, 11, 13, 15: the first and the last pixel lie across two words
        Assert.Equal(store.End + 1, time.Timeline[1].Start);
        Assert.Equal(store.End - free - 1, time.Units[(int)UnitKind.Array].Stall[(int)Forwarded]);
        Assert.Equal((0, 10, 5), (time.Layers[0].Traffic.StoreBytes, time.Layers[0].Traffic.ForwardElements, time.Layers[0].Traffic.OutputReads));
    }

    [Fact]
    public void Channels_that_lie_apart_are_stored_one_by_one()
    {
        StoreInstruction store = Store(2, 3, 4, rowPitch: 40, pixelPitch: 12) with { ChannelPitch = 3 };
        TimingResult time = FastEngine.Time(Of(Accelerator(columns: 4, latency: 5, burst: 4), store: [store]));
        Assert.Equal(new UnitCycles { Issue = 2, PortWait = 1, Latency = 6 * 5, Busy = 24 }, time.Units[(int)UnitKind.Store]);
        Assert.Equal((24 * 8, 24), (time.Layers[0].Traffic.StoreBytes, time.Layers[0].Traffic.StoreElements));
    }

    [Theory]
    [InlineData(false, false, 4)]
    [InlineData(true, false, 6)]
    [InlineData(false, true, 5)]
    [InlineData(true, true, 7)]
    public void The_vector_unit_is_as_long_as_it_has_stages_whether_they_are_used_or_not(bool elementwise, bool lookup, int stages)
    {
        AcceleratorSpec accelerator = Elementwise with { Vector = new VectorSpec { Elementwise = elementwise, Lookup = lookup } };
        TimelineEvent vector = FastEngine.Time(Of(accelerator, vector: [Vector(1, 3)])).Timeline[0];
        Assert.Equal((1 + 3, 1 + 3 + stages), (vector.End, vector.Completion));
    }

    [Fact]
    public void Operands_and_tables_have_traffic_and_semaphores_of_their_own()
    {
        Schedule schedule = Of(
            Elementwise,
            load:
            [
                Runs(1, 2, 9) with { Target = LoadTarget.Operand, MemoryColumnPitch = 9, BufferColumnPitch = 9, Signals = Set(OperandReady) },
                Load(32, LoadTarget.Lookup, signals: Set(LookupReady)),
                Load(1, LoadTarget.Parameter, waits: Set(OperandFree)),
            ],
            vector:
            [
                Vector(2, 3, waits: Set(OperandReady, LookupReady), signals: Set(OperandFree)) with
                {
                    Source = VectorSource.Operand, Combine = VectorCombine.Product, PoolColumns = 2, Post = true, Lookup = true, ParameterStride = 1,
                },
            ]);
        TimingResult time = FastEngine.Time(schedule);
        Assert.Equal(
            new Traffic
            {
                OperandLoadBytes = 4 * 8, OperandLoadElements = 18, LookupLoadBytes = 256, ParameterLoadBytes = 8, OperandReads = 12, ParameterReads = 12, LookupReads = 6, OutputWrites = 6,
            },
            time.Layers[0].Traffic);
        TimelineEvent vector = time.Timeline[3];
        Assert.Equal(time.Timeline[1].End + 1, vector.Start);
        Assert.Equal(time.Timeline[0].End, time.Units[(int)UnitKind.Vector].Stall[(int)OperandReady]);
        Assert.Equal(vector.End + 1, time.Timeline[2].Start);
    }

    private static LoadInstruction Runs(int rows, int columns, int run) => Load(0) with { Rows = rows, Columns = columns, Run = run };
}
