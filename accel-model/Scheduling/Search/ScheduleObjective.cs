// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Scheduling.Search;

/// <summary>What the scheduler minimises.</summary>
public enum ScheduleObjective
{
    /// <summary>Nothing: the tallest bands that fit, one tile of channels at a time. The heuristic that the search is compared with.</summary>
    Fixed,

    /// <summary>Cycles of one inference.</summary>
    Latency,

    /// <summary>Memory words moved between the chip and external memory.</summary>
    Traffic,

    /// <summary>Energy of one inference by the technology table of docs/costs.md.</summary>
    Energy,
}
