// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Hardware;

/// <summary>The memory port (docs/architecture.md, section 3).</summary>
public sealed class DmaTests
{
    /// <summary>First run cycle of a unit that never waits: its request.</summary>
    private const int Request = 2;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 4)]
    [InlineData(1, 8)]
    [InlineData(7, 3)]
    public void A_command_takes_one_latency_for_each_burst_and_one_cycle_for_each_beat(int latency, int burst)
    {
        for (int beats = 1; beats <= (3 * burst) + 1; beats++)
        {
            AcceleratorSpec spec = Spec(latency, burst);
            TimingResult load = Bench.Run(Bench.Schedule(spec, [Bench.Load(LoadTarget.Activation, 0, beats)])).Timing;
            int bursts = (beats + burst - 1) / burst;
            Assert.Equal(Request + (bursts * latency) + beats, load.Timeline[0].End);
            Assert.Equal(load.Timeline[0].End, load.Timeline[0].Completion);
            Assert.Equal(new UnitCycles { Issue = 2, PortWait = 1, Latency = bursts * latency, Busy = beats }, load.Units[(int)UnitKind.Load]);
            Assert.Equal(beats * 4L, load.Layers[0].Traffic.ActivationLoadBytes);

            // A pixel of two channels in its own memory word is one beat.
            TimingResult store = Bench.Run(Bench.Schedule(spec, store: [Bench.Store(beats, 2, 0, 4)])).Timing;
            Assert.Equal(load.Timeline[0].End, store.Timeline[0].End);
            Assert.Equal(load.Units[(int)UnitKind.Load], store.Units[(int)UnitKind.Store]);
            Assert.Equal((beats * 4L, (long)beats), (store.Layers[0].Traffic.StoreBytes, store.Layers[0].Traffic.OutputReads));
        }
    }

    [Fact]
    public void Requests_of_one_cycle_are_served_load_first_and_the_port_is_free_in_the_cycle_after_the_last_beat()
    {
        TimingResult timing = Bench.Run(Bench.Schedule(Spec(5, 8), [Bench.Load(LoadTarget.Activation, 0, 3)], store: [Bench.Store(2, 2, 0, 4)])).Timing;
        int loadEnd = Request + 5 + 3;
        int storeGrant = loadEnd + 1;
        Assert.Equal((loadEnd, storeGrant + 5 + 2), (timing.Timeline[0].End, timing.Timeline[1].End));
        Assert.Equal(new UnitCycles { Issue = 2, PortWait = storeGrant - Request + 1, Latency = 5, Busy = 2 }, timing.Units[(int)UnitKind.Store]);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_older_request_wins_and_a_tie_goes_to_the_load(int storeAfterLoad)
    {
        // The second load asks three cycles after the first has ended; the length of a vector instruction decides when the store asks.
        const int LoadBeats = 40;
        int firstEnd = Request + 5 + LoadBeats;
        int secondRequest = firstEnd + 3;
        int storeRequest = secondRequest + storeAfterLoad;

        // OutputReady comes at the vector's completion; fetch and start are over by then, so the store asks two cycles later.
        int words = storeRequest - 2 - 4 + 1 - Request;
        AcceleratorSpec spec = Spec(5, 64);
        Schedule schedule = Bench.Schedule(
            spec,
            [Bench.Load(LoadTarget.Activation, 0, LoadBeats), Bench.Load(LoadTarget.Activation, 0, 6)],
            vector: [Bench.Vector(words, signals: Bench.Set(Semaphore.OutputReady)) with { ColumnStride = 0 }],
            store: [Bench.Store(3, 2, 0, 4, Bench.Set(Semaphore.OutputReady))]);
        TimingResult timing = Bench.Run(schedule).Timing;
        Assert.Equal(storeRequest - 1, timing.Timeline[3].Start);
        Assert.Equal(secondRequest - 1, timing.Timeline[1].Start);

        bool loadFirst = secondRequest <= storeRequest;
        int firstGrant = Math.Min(secondRequest, storeRequest);
        int earlier = firstGrant + 5 + (loadFirst ? 6 : 3);
        int later = earlier + 1 + 5 + (loadFirst ? 3 : 6);
        Assert.Equal(loadFirst ? (earlier, later) : (later, earlier), (timing.Timeline[1].End, timing.Timeline[3].End));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_request_that_queues_behind_a_busy_port_is_granted_in_the_cycle_after_the_last_beat(int storeAhead)
    {
        // While a unit's command is served, the other unit's next one queues: they take turns.
        AcceleratorSpec spec = Spec(3, 8);
        Schedule schedule = Bench.Schedule(
            spec,
            [Bench.Load(LoadTarget.Activation, 0, 4 + storeAhead), Bench.Load(LoadTarget.Activation, 0, 1), Bench.Load(LoadTarget.Activation, 0, 1)],
            store: [Bench.Store(5, 1, 0, 4), Bench.Store(1, 1, 0, 4)]);
        TimingResult timing = Bench.Run(schedule).Timing;
        long[] order = [.. timing.Timeline.Where(e => e.Unit is UnitKind.Load or UnitKind.Store).OrderBy(e => e.End).Select(e => (int)e.Unit * 10L + e.Index)];
        Assert.Equal([0L, 30, 1, 31, 2], order);

        // Each is granted in the cycle after the port's last beat, or in its own request cycle.
        TimelineEvent[] served = [.. timing.Timeline.OrderBy(e => e.End)];
        int[] beats = [4 + storeAhead, 5, 1, 1, 1];
        long free = 0;
        for (int i = 0; i < served.Length; i++)
        {
            long grant = Math.Max(served[i].Start + 1, free);
            Assert.Equal(grant + 3 + beats[i], served[i].End);
            free = served[i].End + 1;
        }
    }

    [Fact]
    public void A_replay_of_recorded_completions_takes_the_recorded_time()
    {
        AcceleratorSpec spec = Spec(4, 4);
        Schedule schedule = Bench.Schedule(
            spec,
            [Bench.Load(LoadTarget.Activation, 0, 9), Bench.Load(LoadTarget.Activation, 0, 3)],
            store: [Bench.Store(5, 2, 0, 4), Bench.Store(2, 2, 0, 4)]);
        for (uint seed = 0; seed < 20; seed++)
        {
            TimingResult stalled = Bench.Run(schedule, new() { Stall = new RandomStall(seed, 100) }).Timing;
            TimingResult replayed = Bench.Run(schedule, new()
            {
                Stall = new RecordedCompletions(
                    [.. stalled.Timeline.Where(e => e.Unit == UnitKind.Load).Select(e => e.Completion)],
                    [.. stalled.Timeline.Where(e => e.Unit == UnitKind.Store).Select(e => e.Completion)]),
            }).Timing;
            Assert.Equal(stalled.Timeline.AsEnumerable(), replayed.Timeline.AsEnumerable());
            Assert.Equal(stalled.Cycles, replayed.Cycles);
        }
    }

    [Fact]
    public void A_load_copies_words_to_consecutive_lines_of_weights()
    {
        // Three words a line; the lines come out at the array as weights of a product with activation 1.
        AcceleratorSpec spec = Bench.Spec(1, 2) with { Memory = new() { BytesPerCycle = 1, LatencyCycles = 1, BurstBeats = 2 } };
        spec = spec with { Array = spec.Array with { WeightWidth = 9 } };
        Assert.Equal(3, spec.WeightLineWords);
        byte[] memory = new byte[2048];
        Bench.Pack(3, (-200, 9), (150, 9)).CopyTo(memory, 10);
        Bench.Pack(3, (33, 9), (-77, 9)).CopyTo(memory, 13);
        memory[40] = 1;
        LaneRecord lane = new(0, 1, 1, 0, -128, 127, false);
        Bench.Pack(spec.ParameterLineWords, [.. Bench.Record(spec, lane), .. Bench.Record(spec, lane)]).CopyTo(memory, 100);
        SemaphoreSet ready = Bench.Set(Semaphore.ActivationReady, Semaphore.WeightReady);
        Schedule schedule = Bench.Schedule(
            spec,
            [
                Bench.Load(LoadTarget.Weight, 10, 6, 7, signals: Bench.Set(Semaphore.WeightReady)),
                Bench.Load(LoadTarget.Parameter, 100, spec.ParameterLineWords, 2, signals: Bench.Set(Semaphore.ParameterReady)),
                Bench.Load(LoadTarget.Activation, 40, 1, 3, signals: Bench.Set(Semaphore.ActivationReady)),
            ],
            [
                Bench.Matmul(1, 1, ready) with { ActivationAddress = 3, WeightAddress = 7 },
                Bench.Matmul(1, 1, signals: Bench.Set(Semaphore.AccumulatorReady)) with { ActivationAddress = 3, WeightAddress = 8, AccumulatorAddress = 1 },
            ],
            [Bench.Vector(2, Bench.Set(Semaphore.AccumulatorReady, Semaphore.ParameterReady), Bench.Set(Semaphore.OutputReady)) with { ParameterAddress = 2 }],
            [Bench.Store(2, 2, 1024, 2, Bench.Set(Semaphore.OutputReady))],
            memory);
        sbyte[] output = [.. Bench.Run(schedule).Machine.Memory.Slice(1024, 4).ToArray().Select(b => (sbyte)b)];
        // Halves: -100, 75, 16.5 up to 17, -38.5 up to -38.
        Assert.Equal<sbyte>([-100, 75, 17, -38], output);
    }

    private static AcceleratorSpec Spec(int latency, int burst) =>
        Bench.Spec() with { Memory = new() { BytesPerCycle = 4, LatencyCycles = latency, BurstBeats = burst } };
}
