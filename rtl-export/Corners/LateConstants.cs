// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace RtlExport.Corners;

/// <summary>The same programs with constants of the vector unit loaded last: they come after the sums that they belong to, so that the vector unit waits for them alone.</summary>
public static class LateConstants
{
    /// <summary>Moves the loads into a buffer behind all others, and leaves those that run once before the first frame where they are. Values stay; in a network of one layer no load waits for what comes after it.</summary>
    public static Schedule Of(Schedule schedule, LoadTarget target)
    {
        LoadInstruction[] once = [.. schedule.Load.Take(schedule.LoadPrologue)], repeated = [.. schedule.Load.Skip(schedule.LoadPrologue)];
        return schedule with { Load = [.. once, .. repeated.Where(load => load.Target != target), .. repeated.Where(load => load.Target == target)] };
    }
}
