// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using Xunit;
using static AccelModel.Scheduling.Semaphore;
using static AccelModel.Tests.Simulation.HandMadeSchedules;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Simulation;

/// <summary>Runs of several frames made by hand, whose periods follow from section 2 and 3 of docs/architecture.md on paper.</summary>
public sealed class FrameTimeTests
{
    /// <summary>Fetch, wait, request, latency, beats: what the port gives one load after the other.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(40, 5)]
    public void A_load_a_frame_takes_its_bursts_and_its_beats_and_three_cycles(int beats, int bursts)
    {
        Schedule schedule = Of(Accelerator(latency: 6, burst: 8), load: [Load(beats)]);
        FrameTiming steady = FastEngine.SteadyState(schedule);
        Assert.Equal((1, 3 + (6 * bursts) + beats), (steady.PeriodFrames, steady.PeriodCycles));
        Assert.Equal(steady.PeriodCycles, steady.FirstFrameCycles);
        Assert.Equal(5 * steady.PeriodCycles, FastEngine.Time(schedule, 5).Cycles);
    }

    /// <summary>The slower of two units that hand tokens to each other sets the pace: the array with one segment of M vectors, of which each frame takes 2R + M + ... cycles, or the load.</summary>
    [Theory]
    [InlineData(100, 5)]
    [InlineData(60, 90)]
    public void The_slower_of_two_units_sets_the_pace(int vectors, int beats)
    {
        const int Rows = 4;
        Schedule schedule = Of(
            Accelerator(rows: Rows, columns: 3, weightDoubleBuffering: true, latency: 5, burst: 1000),
            load: [Load(beats, waits: Set(ActivationFree), signals: Set(ActivationReady))],
            array: [Matmul(vectors, 1, waits: Set(ActivationReady), signals: Set(ActivationFree))]) with
        {
            InitialSemaphores = Tokens((ActivationFree, 2)),
        };

        // Section 4.1 with S = 1 and I = 1: v = R + 1, occupancy v + M; fetch and wait before it.
        int array = 2 + Rows + 1 + vectors;
        int load = 3 + 5 + beats;
        FrameTiming steady = FastEngine.SteadyState(schedule);
        Assert.Equal(Math.Max(array, load) * steady.PeriodFrames, steady.PeriodCycles);
        Assert.True(steady.FirstFrameCycles * steady.PeriodFrames > steady.PeriodCycles);
    }

    /// <summary>With one token the two units take turns: the load starts in the cycle after the array's end, the array in that after the load's.</summary>
    [Fact]
    public void With_a_single_slot_two_units_take_turns()
    {
        Schedule schedule = Of(
            Accelerator(rows: 4, columns: 3, weightDoubleBuffering: true, latency: 5, burst: 1000),
            load: [Load(20, waits: Set(ActivationFree), signals: Set(ActivationReady))],
            array: [Matmul(30, 1, waits: Set(ActivationReady), signals: Set(ActivationFree))]) with
        {
            InitialSemaphores = Tokens((ActivationFree, 1)),
        };
        FrameTiming steady = FastEngine.SteadyState(schedule);
        Assert.Equal(((1 + 1 + 5 + 20) + (1 + 5 + 30)) * steady.PeriodFrames, steady.PeriodCycles);
    }

    [Fact]
    public void A_prologue_runs_once()
    {
        Schedule schedule = Of(Accelerator(latency: 6, burst: 8), load: [Load(50, LoadTarget.Weight), Load(4)]) with { LoadPrologue = 1 };
        TimingResult time = FastEngine.Time(schedule, 3);
        Assert.Equal([0, 1, 1, 1], time.Timeline.Select(e => e.Index));
        Assert.Equal([0, 0, 1, 2], time.Timeline.Select(e => e.Frame));
        FrameTiming steady = FastEngine.SteadyState(schedule);
        Assert.Equal((3 + 6 + 4) * steady.PeriodFrames, steady.PeriodCycles);
        Assert.Equal((3 + 42 + 50) + (3 * (3 + 6 + 4)), time.Cycles);
    }

    [Fact]
    public void A_frame_that_leaves_a_token_cannot_run_again()
    {
        Schedule schedule = Of(
            Accelerator(), load: [Load(5, signals: Set(ActivationReady)), Load(5, signals: Set(ActivationReady))], array: [Matmul(3, 1, waits: Set(ActivationReady))]);
        Assert.Equal(1, FastEngine.Time(schedule).Timeline.Count(e => e.Unit == UnitKind.Array));

        string expected = "a frame leaves 1 tokens more of ActivationReady than it found, expected as many signals as waits in what runs in every frame";
        InvalidScheduleException fast = Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule, 2));
        Assert.Equal((expected, (Semaphore?)ActivationReady), (fast.Message, fast.Semaphore));
        Assert.Equal(expected, Assert.Throws<InvalidScheduleException>(() => FastEngine.SteadyState(schedule)).Message);
        Assert.Equal(expected, Assert.Throws<InvalidScheduleException>(() => new Accelerator(schedule, new() { Frames = 2 })).Message);
        Assert.False(FrameRules.Repeats(schedule));
    }

    [Fact]
    public void A_frame_that_takes_more_than_it_gives_is_refused()
    {
        Schedule schedule = Of(Accelerator(), load: [Load(5)], array: [Matmul(3, 1, waits: Set(ActivationReady))]) with { InitialSemaphores = Tokens((ActivationReady, 3)) };
        Assert.Contains("leaves -1 tokens more of ActivationReady", Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule, 3)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void A_prologue_that_is_not_shorter_than_the_program_is_refused(int prologue)
    {
        Schedule schedule = Of(Accelerator(), load: [Load(5), Load(5)]) with { LoadPrologue = prologue };
        Assert.Contains($"a prologue of {prologue} loads, expected fewer than the program's 2", Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_runs_once_gives_and_takes_no_tokens()
    {
        Schedule schedule = Of(Accelerator(), load: [Load(5, signals: Set(ActivationReady)), Load(5)], array: [Matmul(3, 1, waits: Set(ActivationReady))]) with { LoadPrologue = 1 };
        Assert.Contains("Load instruction 0: it runs once", Assert.Throws<InvalidScheduleException>(() => FastEngine.Time(schedule)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    public void A_number_of_frames_that_no_run_has_is_refused(int frames) => Assert.Throws<ArgumentException>(() => FastEngine.Time(Of(Accelerator(), load: [Load(1)]), frames));

    private static ImmutableArray<int> Tokens(params (Semaphore Semaphore, int Count)[] tokens)
    {
        int[] counts = new int[SemaphoreSet.Count];
        foreach ((Semaphore semaphore, int count) in tokens)
        {
            counts[(int)semaphore] = count;
        }

        return [.. counts];
    }
}
