// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace RtlExport.Corners;

/// <summary>The same programs with the loads of constants at another place, so that a unit waits for them, or they for a unit. Values stay, because what waits and what signals stays; loads that run once before the first frame stay where they are.</summary>
public static class MovedConstants
{
    /// <summary>Loads into a buffer behind all others: they come after all that they belong to. In a network of one layer no load waits for what comes after it.</summary>
    public static Schedule Last(Schedule schedule, LoadTarget target) => Moved(schedule, load => load.Target != target ? 0 : 1);

    /// <summary>Loads into a buffer for later layers right behind those of the first layer: they come while it still uses the buffer.</summary>
    public static Schedule Early(Schedule schedule, LoadTarget target) => Moved(schedule, load => load.Layer == schedule.Load[0].Layer ? 0 : load.Target == target ? 1 : 2);

    /// <summary>Loads in the order of a rank, those of one rank in their own.</summary>
    private static Schedule Moved(Schedule schedule, Func<LoadInstruction, int> rank) =>
        schedule with { Load = [.. schedule.Load.Take(schedule.LoadPrologue), .. schedule.Load.Skip(schedule.LoadPrologue).OrderBy(rank)] };
}
