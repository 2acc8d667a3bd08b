// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using AccelModel.Simulation;

namespace AccelModel.Scheduling.Search;

/// <summary>What a schedule costs in each measure that can be minimised: exact counts of its programs.</summary>
/// <param name="Cycles">Cycles of one inference.</param>
/// <param name="TrafficBytes">Bytes between the chip and external memory, whole memory words.</param>
/// <param name="EnergyPicojoules">Energy of one inference (docs/costs.md), each layer rounded down.</param>
public readonly record struct ScheduleMeasure(long Cycles, long TrafficBytes, long EnergyPicojoules)
{
    /// <summary>The measure of a schedule and its timing.</summary>
    public static ScheduleMeasure Of(Schedule schedule, TimingResult timing) => new(
        timing.Cycles,
        timing.Layers.Sum(layer => layer.Traffic.LoadBytes + layer.Traffic.StoreBytes),
        EnergyModel.Picojoules(schedule, timing));

    /// <summary>The measure of an objective.</summary>
    public long In(ScheduleObjective objective) => objective switch
    {
        ScheduleObjective.Traffic => TrafficBytes,
        ScheduleObjective.Energy => EnergyPicojoules,
        _ => Cycles,
    };

    /// <summary>Whether this one is better in an objective's measure; the cycles decide between equals.</summary>
    public bool IsBetterThan(ScheduleMeasure other, ScheduleObjective objective)
    {
        int order = In(objective).CompareTo(other.In(objective));
        return order < 0 || (order == 0 && Cycles < other.Cycles);
    }
}
