// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Hardware;

/// <summary>Semaphores and the states of a unit (docs/architecture.md, section 2).</summary>
public sealed class SemaphoreTests
{
    [Fact]
    public void A_signal_and_a_decrement_of_one_cycle_cancel()
    {
        var semaphores = new SemaphoreFile();
        SemaphoreSet ready = Bench.Set(Semaphore.WeightReady);
        semaphores.Signal(UnitKind.Load, ready);
        Assert.False(semaphores.Available(ready));
        semaphores.Advance();
        Assert.True(semaphores.Available(ready));

        semaphores.Take(UnitKind.Array, ready);
        semaphores.Signal(UnitKind.Load, ready);
        semaphores.Advance();
        Assert.Equal(1, semaphores.Counts[(int)Semaphore.WeightReady]);

        semaphores.Take(UnitKind.Array, ready);
        semaphores.Advance();
        Assert.False(semaphores.Available(ready));
    }

    [Fact]
    public void The_lowest_number_at_zero_is_named()
    {
        var semaphores = new SemaphoreFile();
        semaphores.Signal(UnitKind.Load, Bench.Set(Semaphore.ActivationReady));
        semaphores.Advance();
        Assert.Equal(Semaphore.WeightReady, semaphores.FirstAtZero(Bench.Set(Semaphore.ActivationReady, Semaphore.WeightReady, Semaphore.AccumulatorFree)));
        Assert.Null(semaphores.FirstAtZero(Bench.Set(Semaphore.ActivationReady)));
        Assert.Null(semaphores.FirstAtZero(SemaphoreSet.None));
    }

    [Fact]
    public void A_unit_starts_in_the_cycle_after_the_signal_and_stalls_until_then_under_the_lowest_semaphore()
    {
        // Loads end in cycles 2 + 5 + 1 = 8 and 11 + 5 + 2 = 18.
        TimingResult timing = Bench.Run(Bench.Schedule(
            Bench.Spec(),
            [
                Bench.Load(LoadTarget.Activation, 0, 1, signals: Bench.Set(Semaphore.ActivationReady)),
                Bench.Load(LoadTarget.Weight, 0, 2, signals: Bench.Set(Semaphore.WeightReady)),
            ],
            [Bench.Matmul(1, 1, Bench.Set(Semaphore.ActivationReady, Semaphore.WeightReady))])).Timing;
        Assert.Equal((8, 18), (timing.Timeline[0].End, timing.Timeline[1].End));
        Assert.Equal(19, timing.Timeline[2].Start);
        UnitCycles array = timing.Units[(int)UnitKind.Array];
        Assert.Equal((8, 10), (array.Stall[(int)Semaphore.ActivationReady], array.Stall[(int)Semaphore.WeightReady]));
        Assert.Equal(2, array.Issue);
    }

    [Fact]
    public void Free_comes_at_the_end_and_ready_at_completion()
    {
        // The array ends before it completes; a load waits for its buffer, a vector instruction for its sums.
        TimingResult timing = Bench.Run(Bench.Schedule(
            Bench.Spec(3, 4),
            [Bench.Load(LoadTarget.Activation, 0, 1, waits: Bench.Set(Semaphore.ActivationFree))],
            [Bench.Matmul(4, 2, signals: Bench.Set(Semaphore.ActivationFree, Semaphore.AccumulatorReady))],
            [Bench.Vector(1, Bench.Set(Semaphore.AccumulatorReady))])).Timing;
        TimelineEvent load = timing.Timeline[0], matmul = timing.Timeline[1], vector = timing.Timeline[2];
        Assert.True(matmul.End < matmul.Completion);
        Assert.Equal((matmul.End + 1, matmul.Completion + 1), (load.Start, vector.Start));
    }

    [Fact]
    public void Programs_that_wait_for_each_other_are_reported_with_what_they_wait_for()
    {
        Schedule schedule = Bench.Schedule(
            Bench.Spec(),
            [Bench.Load(LoadTarget.Activation, 0, 1), Bench.Load(LoadTarget.Activation, 0, 1, waits: Bench.Set(Semaphore.ActivationFree))],
            [Bench.Matmul(1, 1, Bench.Set(Semaphore.WeightReady))]);
        var problem = Assert.Throws<InvalidScheduleException>(() => Bench.Run(schedule));
        Assert.Equal((UnitKind.Load, 1, Semaphore.ActivationFree), (problem.Unit, problem.Instruction, problem.Semaphore));
        Assert.Contains("Array instruction 0 waits for WeightReady", problem.Message);
    }

    [Fact]
    public void Empty_programs_take_no_cycle()
    {
        Assert.Equal(0, Bench.Run(Bench.Schedule(Bench.Spec())).Timing.Cycles);
    }
}
