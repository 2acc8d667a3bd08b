// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Specification;

namespace AccelModel.Simulation;

/// <summary>The scheduler's search with the fast engine's exact times and counts as its measure.</summary>
public static class ScheduleOptimizer
{
    /// <summary>The best schedule that the search finds (docs/schedule-file.md).</summary>
    /// <exception cref="ScheduleException">A layer has no place on the design, or a buffer cannot hold the smallest band of a layer.</exception>
    public static Schedule Schedule(IntegerNetwork network, AcceleratorSpec accelerator, ScheduleObjective objective = ScheduleObjective.Latency) =>
        Scheduler.Schedule(network, accelerator, objective, schedule => ScheduleMeasure.Of(schedule, FastEngine.Totals(schedule)));
}
