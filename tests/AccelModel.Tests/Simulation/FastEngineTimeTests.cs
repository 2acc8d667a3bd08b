// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using static AccelModel.Scheduling.Semaphore;
using Semaphore = AccelModel.Scheduling.Semaphore;
using static AccelModel.Tests.Simulation.HandMadeSchedules;

namespace AccelModel.Tests.Simulation;

public sealed class FastEngineTimeTests
{
    [Fact]
    public void A_lone_instruction_is_fetched_in_cycle_0_and_starts_in_cycle_1()
    {
        TimingResult time = FastEngine.Time(Of(Accelerator(), store: [Store(1, 1, 1)]));
        Assert.Equal(new TimelineEvent(UnitKind.Store, 0, 0, Fetch: 0, Start: 1, End: 2 + 5 + 1, Completion: 2 + 5 + 1), Assert.Single(time.Timeline));
        Assert.Equal(9, time.Cycles);
        Assert.Equal(new UnitCycles { Issue = 2, PortWait = 1, Latency = 5, Busy = 1 }, time.Units[(int)UnitKind.Store]);
        Assert.Equal(new UnitCycles { Idle = 9 }, time.Units[(int)UnitKind.Load]);
    }

    [Theory]
    [InlineData(3, 5 + 3)]
    [InlineData(4, 5 + 4)]
    [InlineData(5, 10 + 5)]
    [InlineData(8, 10 + 8)]
    [InlineData(9, 15 + 9)]
    public void Every_burst_begun_costs_the_latency_once(int beats, int cyclesAfterGrant)
    {
        TimelineEvent load = FastEngine.Time(Of(Accelerator(latency: 5, burst: 4), load: [Load(beats)])).Timeline[0];
        Assert.Equal(2 + cyclesAfterGrant, load.End);
    }

    [Fact]
    public void Of_two_requests_in_one_cycle_the_load_is_served_first()
    {
        TimingResult time = FastEngine.Time(Of(Accelerator(latency: 5, burst: 4), load: [Load(2)], store: [Store(1, 1, 1)]));
        Assert.Equal(2 + 5 + 2, time.Timeline[0].End);
        Assert.Equal(10 + 5 + 1, time.Timeline[1].End);
        Assert.Equal(9, time.Units[(int)UnitKind.Store].PortWait);
    }

    [Fact]
    public void A_store_that_asks_one_cycle_before_a_load_is_served_first()
    {
        // Fetch 0, start 1, request 2, end 8: the second load asks in cycle 8 + 3. The store starts when the vector's word, signalled in cycle 8, is seen.
        Schedule schedule = Of(
            Accelerator(latency: 5, burst: 4),
            load: [Load(1), Load(1)],
            vector: [Vector(1, 3, signals: Set(OutputReady))],
            store: [Store(1, 1, 1, waits: Set(OutputReady))]);
        TimingResult time = FastEngine.Time(schedule);
        Assert.Equal(1 + 3 + 4, time.Timeline[2].Completion);
        Assert.Equal(9, time.Timeline[3].Start);
        Assert.Equal(10 + 5 + 1, time.Timeline[3].End);
        Assert.Equal(10, time.Timeline[1].Start);
        Assert.Equal(17 + 5 + 1, time.Timeline[1].End);
    }

    [Fact]
    public void A_signal_is_seen_in_the_cycle_after_it()
    {
        Schedule schedule = Of(
            Accelerator(latency: 5),
            load: [Load(1, signals: Set(ActivationReady))],
            array: [Matmul(1, 1, waits: Set(ActivationReady))]);
        TimingResult time = FastEngine.Time(schedule);
        Assert.Equal(8, time.Timeline[0].End);
        Assert.Equal(9, time.Timeline[1].Start);
        Assert.Equal(8, time.Units[(int)UnitKind.Array].Stall[(int)ActivationReady]);
    }

    [Fact]
    public void A_stall_goes_to_the_lowest_semaphore_that_is_zero_and_changes_over_when_that_one_comes()
    {
        Schedule schedule = Of(
            Accelerator(latency: 5, burst: 4),
            load: [Load(1, signals: Set(ActivationReady)), Load(4, signals: Set(WeightReady))],
            array: [Matmul(1, 1, waits: Set(ActivationReady, WeightReady))]);
        TimingResult time = FastEngine.Time(schedule);
        Assert.Equal(8, time.Timeline[0].End);
        Assert.Equal(11 + 5 + 4, time.Timeline[1].End);
        Assert.Equal(8, time.Units[(int)UnitKind.Array].Stall[(int)ActivationReady]);
        Assert.Equal(20 - 8, time.Units[(int)UnitKind.Array].Stall[(int)WeightReady]);
    }

    [Fact]
    public void Waiting_time_under_a_semaphore_that_came_earlier_than_a_lower_one_is_not_counted()
    {
        Schedule schedule = Of(
            Accelerator(latency: 5, burst: 4),
            load: [Load(4, signals: Set(WeightReady)), Load(1, signals: Set(ActivationReady))],
            array: [Matmul(1, 1, waits: Set(ActivationReady, WeightReady))]);
        UnitCycles array = FastEngine.Time(schedule).Units[(int)UnitKind.Array];
        Assert.Equal(0, array.Stall[(int)WeightReady]);
        Assert.Equal(14 + 5 + 1, array.Stall[(int)ActivationReady]);
    }

    [Theory]
    [InlineData(true, 5, 1, 4 + 5, 4 + 4)] // v = R + 1, M vectors, the last one in v + M - 1
    [InlineData(true, 1, 1, 4 + 2, 4)] // R - 1 cycles until the last row of weights is swapped in
    [InlineData(true, 5, 3, 4 + 12 + 5, 4 + 12 + 4)] // period 2R = 6
    [InlineData(true, 7, 3, 4 + 14 + 7, 4 + 14 + 6)] // period M = 7
    [InlineData(false, 5, 1, 3 + 5 + 2, 3 + 4)] // v = R
    [InlineData(false, 5, 3, 3 + 20 + 5 + 2, 3 + 20 + 4)] // period M + 2R - 1 = 10
    public void A_matmul_takes_what_the_table_says_on_three_rows(bool doubleBuffering, int vectors, int segments, int occupancy, int lastRead)
    {
        TimingResult time = FastEngine.Time(Of(Accelerator(rows: 3, columns: 2, doubleBuffering), array: [Matmul(vectors, segments)]));
        Assert.Equal(1 + occupancy, time.Timeline[0].End);
        Assert.Equal(2 + lastRead + 3 + 2, time.Timeline[0].Completion);
        UnitCycles array = time.Units[(int)UnitKind.Array];
        Assert.Equal(vectors * segments, array.Busy);
        Assert.Equal(occupancy - (vectors * segments), array.Fill);
    }

    [Fact]
    public void Free_is_signalled_at_the_end_and_ready_at_completion()
    {
        Schedule schedule = Of(
            Accelerator(rows: 3, columns: 2, latency: 1),
            load: [Load(1, waits: Set(ActivationFree))],
            array: [Matmul(4, 1, signals: Set(ActivationFree, AccumulatorReady))],
            vector: [Vector(1, 1, waits: Set(AccumulatorReady))]);
        TimingResult time = FastEngine.Time(schedule);
        long end = 1 + 4 + 4;
        Assert.Equal(end, time.Timeline[1].End);
        Assert.Equal(end + 1, time.Timeline[0].Start);
        Assert.Equal(2 + 7 + 5, time.Timeline[1].Completion);
        Assert.Equal(2 + 7 + 5 + 1, time.Timeline[2].Start);
    }

    [Fact]
    public void A_vector_takes_a_cycle_for_each_word_of_its_windows_and_writes_four_cycles_later()
    {
        TimingResult time = FastEngine.Time(Of(Accelerator(), vector: [Vector(2, 3, pool: 2)]));
        Assert.Equal(1 + 24, time.Timeline[0].End);
        Assert.Equal(1 + 24 + 4, time.Timeline[0].Completion);
        Assert.Equal(24, time.Units[(int)UnitKind.Vector].Busy);
        Assert.Equal(24, time.Layers[0].Traffic.AccumulatorReads);
        Assert.Equal(6, time.Layers[0].Traffic.OutputWrites);
    }

    [Fact]
    public void Beats_of_a_store_equal_a_count_of_the_words_that_its_pixels_touch()
    {
        Random random = new(1);
        for (int i = 0; i < 3000; i++)
        {
            int elementsPerWord = 1 << random.Next(0, 8);
            StoreInstruction store = Store(random.Next(1, 9), random.Next(1, 9), random.Next(1, 40), random.Next(0, 300), random.Next(0, 400), random.Next(0, 200));
            long touched = 0;
            for (int pixel = 0; pixel < store.Rows * store.Columns; pixel++)
            {
                int address = store.MemoryAddress + (pixel / store.Columns * store.RowPitch) + (pixel % store.Columns * store.PixelPitch);
                touched += Enumerable.Range(address, store.Channels).Select(a => a / elementsPerWord).Distinct().Count();
            }
            AcceleratorSpec accelerator = Accelerator(columns: 40, bytesPerCycle: elementsPerWord);
            Assert.Equal(touched, FastEngine.Time(Of(accelerator, store: [store])).Units[(int)UnitKind.Store].Busy);
        }
    }

    [Fact]
    public void Traffic_counts_what_each_instruction_moves()
    {
        Schedule schedule = Of(
            Accelerator(rows: 3, columns: 2, bytesPerCycle: 8),
            load: [Load(3), Load(6, LoadTarget.Weight), Load(2, LoadTarget.Parameter), Load(0) with { Run = 3, Rows = 2, MemoryAddress = 6, MemoryRowPitch = 8 }],
            array: [Matmul(5, 4), Matmul(5, 2, accumulate: true)],
            vector: [Vector(1, 5)],
            store: [Store(1, 5, 2, address: 7, pixelPitch: 2)]);
        Traffic traffic = FastEngine.Time(schedule).Layers[0].Traffic;
        Assert.Equal(
            new Traffic
            {
                ActivationLoadBytes = 24 + 32, // three words, and two runs that lie across two words each
                WeightLoadBytes = 48,
                ParameterLoadBytes = 16,
                ActivationLoadElements = 24 + 6,
                StoreElements = 10,
                StoreBytes = 7 * 8, // addresses 7, 9, 11, 13, 15: the first and the last pixel lie across two words
                ActivationReads = 30,
                WeightReads = 18,
                ParameterReads = 5,
                AccumulatorReads = 15 + 10 + 5,
                AccumulatorWrites = 30,
                OutputWrites = 5,
                OutputReads = 5,
            },
            traffic);
    }

    [Fact]
    public void Layers_are_the_arrays_cycles_and_add_up_to_the_total()
    {
        Schedule schedule = Of(
            Accelerator(),
            load: [Load(3, signals: Set(ActivationReady)), Load(5, layer: 1, signals: Set(ActivationReady))],
            array: [Matmul(5, 4, waits: Set(ActivationReady)), Matmul(2, 1, layer: 1, waits: Set(ActivationReady), signals: Set(AccumulatorReady))],
            vector: [Vector(1, 5, layer: 1, waits: Set(AccumulatorReady), signals: Set(OutputReady))],
            store: [Store(1, 1, 1, layer: 1, waits: Set(OutputReady))],
            layers: 2);
        TimingResult time = FastEngine.Time(schedule);
        Assert.Equal(time.Timeline[2].End + 1, time.Layers[0].Cycles);
        Assert.Equal(time.Cycles, time.Layers.Sum(layer => layer.Cycles));
        Assert.All(time.Units, unit => Assert.Equal(time.Cycles, unit.Total));
    }

    [Fact]
    public void A_signal_that_never_comes_is_named()
    {
        Schedule schedule = Of(Accelerator(), load: [Load(1), Load(1, waits: Set(WeightFree))], array: [Matmul(1, 1)]);
        InvalidScheduleException error = Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule));
        Assert.Equal((UnitKind.Load, 1, WeightFree), (error.Unit, error.Instruction, error.Semaphore));
        Assert.Contains("Load instruction 1 waits for WeightFree", error.Message);
    }

    [Fact]
    public void Units_that_wait_for_each_other_are_all_named()
    {
        Schedule schedule = Of(
            Accelerator(),
            load: [Load(1, waits: Set(WeightFree), signals: Set(WeightReady))],
            array: [Matmul(1, 1, waits: Set(WeightReady), signals: Set(WeightFree))]);
        InvalidScheduleException error = Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule));
        Assert.Contains("Load instruction 0 waits for WeightFree; Array instruction 0 waits for WeightReady", error.Message);
    }

    [Fact]
    public void A_semaphore_that_a_unit_has_no_wire_to_is_refused()
    {
        Schedule schedule = Of(Accelerator(), load: [Load(1, signals: Set(OutputReady))]);
        Assert.Equal(OutputReady, Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule)).Semaphore);
    }

    [Fact]
    public void An_instruction_of_a_layer_that_is_not_scheduled_is_refused()
    {
        Schedule schedule = Of(Accelerator(), load: [Load(1, layer: 3)]);
        Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule));
    }

    [Fact]
    public void Random_programs_take_the_cycles_that_a_machine_which_lives_through_each_of_them_takes()
    {
        int ended = 0;
        int stuck = 0;
        for (int seed = 0; seed < 1500; seed++)
        {
            Schedule schedule = RandomPrograms.Of(new Random(seed));
            CycleByCycle machine = new(schedule);
            if (!machine.Run())
            {
                Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule));
                stuck++;
                continue;
            }
            ended++;
            TimingResult time = FastEngine.Time(schedule);
            Assert.Equal(machine.Events, time.Timeline);
            for (int layer = 0; layer < schedule.Layers.Length; layer++)
            {
                for (int unit = 0; unit < 4; unit++)
                {
                    Assert.Equal(machine.Of((UnitKind)unit, layer), time.Layers[layer].Units[unit]);
                }
                Assert.Equal(machine.TrafficOf(layer), time.Layers[layer].Traffic);
            }
            Assert.All(time.Units, unit => Assert.Equal(time.Cycles, unit.Total));
        }
        Assert.True(ended > 500 && stuck > 100, $"{ended} ended, {stuck} did not: too few of one kind to mean anything");
    }

    [Fact]
    public void Totals_are_those_of_the_time_without_its_timeline()
    {
        Schedule schedule = Of(
            Accelerator(latency: 5, burst: 4),
            load: [Load(9, signals: Set(Semaphore.ActivationReady))],
            array: [Matmul(4, 2) with { Waits = Set(Semaphore.ActivationReady), Signals = Set(Semaphore.AccumulatorReady) }],
            vector: [Vector(2, 2, waits: Set(Semaphore.AccumulatorReady), signals: Set(Semaphore.OutputReady))],
            store: [Store(2, 2, 2) with { Waits = Set(Semaphore.OutputReady) }]);
        TimingResult time = FastEngine.Time(schedule);
        TimingResult totals = FastEngine.Totals(schedule);
        Assert.Equal(4, time.Timeline.Length);
        Assert.Empty(totals.Timeline);
        Assert.Equal(Json(time with { Timeline = [] }), Json(totals));

        static string Json(TimingResult result) => System.Text.Json.JsonSerializer.Serialize(result);
    }
}
