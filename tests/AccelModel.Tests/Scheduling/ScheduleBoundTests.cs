// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Scheduling.Tiles;
using AccelModel.Simulation;
using AccelModel.Specification;
using Fuzzing;
using Xunit;

namespace AccelModel.Tests.Scheduling;

/// <summary>The bound is below every schedule, also those that only an edited file gives: random choices on random designs, and all choices of a small network.</summary>
public class ScheduleBoundTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public void Random_choices_are_never_below_the_bound(int seed)
    {
        int valid = 0;
        for (int i = 0; i < 10; i++)
        {
            Schedule schedule = RandomCase.Draw(new ChoiceSource(1000 + (seed * 10) + i)).Schedule;
            ScheduleBound bound = ScheduleBound.Of(schedule.Network, schedule.Accelerator);
            ImmutableArray<StepOutline> steps = Scheduler.Outline(schedule.Network, schedule.Accelerator);
            var random = new Random((seed * 10) + i);
            for (int trial = 0; trial < 8; trial++)
            {
                StepChoice[] choices = [.. steps.Zip(schedule.Choices, (step, choice) => Edit(step, choice, random))];
                valid += TrySchedule(schedule.Network, schedule.Accelerator, choices) is Schedule edited && IsAbove(bound, edited) ? 1 : 0;
            }
        }

        Assert.True(valid > 0, "no random choice was valid");
    }

    [Fact]
    public void All_choices_of_a_small_network_are_above_the_bound_and_the_search_finds_one_of_the_best()
    {
        IntegerNetwork network = SmallNetworks.ConvolutionAndDense();
        AcceleratorSpec accelerator = SmallNetworks.Design();
        ScheduleBound bound = ScheduleBound.Of(network, accelerator);
        Dictionary<ScheduleObjective, double> best = Objectives.ToDictionary(objective => objective, _ => double.PositiveInfinity);
        int valid = 0;
        foreach (StepChoice[] choices in AllChoices(Scheduler.Outline(network, accelerator)))
        {
            if (TrySchedule(network, accelerator, choices) is Schedule schedule)
            {
                IsAbove(bound, schedule);
                valid++;
                foreach (ScheduleObjective objective in Objectives)
                {
                    best[objective] = Math.Min(best[objective], Measure(schedule, objective));
                }
            }
        }

        Assert.True(valid > 1000, $"{valid} valid schedules");
        foreach (ScheduleObjective objective in Objectives)
        {
            // The search does not look at every height: that is worth 2 % of this small one's cycles, and nothing else.
            double found = Measure(ScheduleOptimizer.Schedule(network, accelerator, objective), objective);
            Assert.InRange(found, best[objective], best[objective] * (objective == ScheduleObjective.Latency ? 1.02 : 1));
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Each_objective_gives_no_more_of_its_own_measure_than_the_others_and_the_fixed_heuristic(int seed)
    {
        for (int i = 0; i < 5; i++)
        {
            Schedule drawn = RandomCase.Draw(new ChoiceSource(2000 + (seed * 5) + i)).Schedule;
            Dictionary<ScheduleObjective, Schedule> schedules = Enum.GetValues<ScheduleObjective>()
                .ToDictionary(objective => objective, objective => ScheduleOptimizer.Schedule(drawn.Network, drawn.Accelerator, objective));
            foreach (ScheduleObjective own in Objectives)
            {
                foreach ((ScheduleObjective other, Schedule schedule) in schedules)
                {
                    Assert.True(
                        Measure(schedules[own], own) <= Measure(schedule, own),
                        $"{own}: {Measure(schedules[own], own)}, but by {other} {Measure(schedule, own)}");
                }
            }
        }
    }

    [Fact]
    public void Bursts_that_end_at_every_word_count_as_bursts_of_one_word()
    {
        AcceleratorSpec design = SmallNetworks.Design();
        MemorySpec memory = design.Memory with { LatencyCycles = 100, BurstBeats = 64 };
        ScheduleBound words = ScheduleBound.Of(SmallNetworks.ConvolutionAndDense(), design with { Memory = memory with { BurstBeats = 1 } });
        ScheduleBound blocks = ScheduleBound.Of(SmallNetworks.ConvolutionAndDense(), design with { Memory = memory with { BurstAlignmentBytes = memory.BytesPerCycle } });
        Assert.Equal(words, blocks);
        Assert.True(ScheduleBound.Of(SmallNetworks.ConvolutionAndDense(), design with { Memory = memory }).Port < blocks.Port);
    }

    private static IEnumerable<ScheduleObjective> Objectives => [ScheduleObjective.Latency, ScheduleObjective.Traffic, ScheduleObjective.Energy];

    private static double Measure(Schedule schedule, ScheduleObjective objective) => ScheduleMeasure.Of(schedule, FastEngine.Time(schedule)).In(objective);

    private static bool IsAbove(ScheduleBound bound, Schedule schedule)
    {
        TimingResult timing = FastEngine.Time(schedule);
        UnitCycles array = timing.Units[(int)UnitKind.Array], vector = timing.Units[(int)UnitKind.Vector];
        Assert.True(array.Busy + array.Fill + array.Issue >= bound.Array, $"array {array}, bound {bound}");
        Assert.True(vector.Busy + vector.Issue >= bound.Vector, $"vector {vector}, bound {bound}");
        long port = new[] { UnitKind.Load, UnitKind.Store }.Sum(unit => timing.Units[(int)unit].Busy + timing.Units[(int)unit].Latency);
        Assert.True(port >= bound.Port, $"port {port}, bound {bound}");
        foreach (ScheduleObjective objective in Objectives)
        {
            double measure = Measure(schedule, objective);
            Assert.True(measure >= bound.In(objective), $"{objective}: {measure}, bound {bound}");
        }

        return true;
    }

    private static Schedule? TrySchedule(IntegerNetwork network, AcceleratorSpec accelerator, StepChoice[] choices)
    {
        try
        {
            return Scheduler.Schedule(network, accelerator, choices);
        }
        catch (ScheduleException)
        {
            return null;
        }
    }

    private static StepChoice Edit(StepOutline step, StepChoice choice, Random random) => new()
    {
        RowsPerBand = random.Next(3) == 0 ? choice.RowsPerBand : random.Next(1, step.Rows + 1),
        OutputChannelsPerGroup = random.Next(1, step.OutputChannels + 1),
        InputChannelsPerChunk = random.Next(2) == 0 ? choice.InputChannelsPerChunk : random.Next(1, step.InputChannels + 1),
        Order = (LoopOrder)random.Next(2),
        Mapping = (SegmentMapping)random.Next(3),
        Forward = random.Next(2) == 0 && choice.Forward,
    };

    private static IEnumerable<StepChoice[]> AllChoices(ImmutableArray<StepOutline> steps)
    {
        if (steps.IsEmpty)
        {
            return [[]];
        }

        StepOutline step = steps[0];
        IEnumerable<StepChoice> first =
            from rows in Enumerable.Range(1, step.Rows)
            from outputs in Enumerable.Range(1, step.OutputChannels)
            from inputs in Enumerable.Range(1, step.InputChannels).Where(inputs => inputs == step.InputChannels || inputs % 8 == 0)
            from order in Enum.GetValues<LoopOrder>()
            from mapping in new[] { SegmentMapping.KernelRows, SegmentMapping.KernelOffsets }
            from forward in new[] { false, true }
            select new StepChoice { RowsPerBand = rows, OutputChannelsPerGroup = outputs, InputChannelsPerChunk = inputs, Order = order, Mapping = mapping, Forward = forward };
        return first.SelectMany(choice => AllChoices(steps[1..]).Select(rest => (StepChoice[])[choice, .. rest]));
    }
}
