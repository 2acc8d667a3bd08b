// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>
/// Cycles and values of a schedule without ticking: time from closed formulas per instruction, values from exact integer matrix products, with the same result as
/// the register-accurate model on every cycle, bit and overflow.
/// </summary>
public static class FastEngine
{
    /// <summary>The timeline and all counters of one inference. Time never depends on data.</summary>
    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, or an instruction breaks the contract.</exception>
    public static TimingResult Time(Schedule schedule) => new FastEngineTimeline(schedule).Run();
}
