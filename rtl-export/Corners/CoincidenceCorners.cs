// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using RtlExport.Vectors;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Corners;

/// <summary>What two units do in the same cycle, from the timelines.</summary>
internal static class CoincidenceCorners
{
    private const string Group = "coincidences", None = "no program of this bundle does, nor any of the small layers that were tried";

    /// <summary>The corners.</summary>
    public static IEnumerable<CornerCoverage> Of(IReadOnlyList<CoveredProgram> programs) =>
    [
        CornerCount.Of(Group, "a load and a store ask for the memory port, and the load goes first", Places(programs, program => Ties(program.Timing)), None),
        CornerCount.Of(Group, "a token is signalled and another one of its semaphore taken, and later the last one", Places(programs, program => Handovers(program.Schedule, program.Timing)), None),
    ];

    /// <summary>Stores that start in the cycle in which a load does. Both units have come to the end of what they did before, so that the port is free.</summary>
    public static IEnumerable<TimelineEvent> Ties(TimingResult timing)
    {
        HashSet<long> loads = [.. timing.Timeline.Where(e => e.Unit == UnitKind.Load).Select(e => e.Start)];
        return timing.Timeline.Where(e => e.Unit == UnitKind.Store && loads.Contains(e.Start));
    }

    /// <summary>
    /// Instructions that take a token in the cycle in which one is signalled to the same semaphore, where a later one takes the last that is there: of two that come together none may be lost, or that one
    /// would wait longer.
    /// </summary>
    public static IEnumerable<TimelineEvent> Handovers(Schedule schedule, TimingResult timing)
    {
        IReadOnlyList<IReadOnlyList<Instruction>> units = BenchVectors.Programs(schedule);
        ILookup<Semaphore, (TimelineEvent At, SemaphoreSet Signals)> signals = ByUse(instruction => instruction.Signals).ToLookup(use => use.Semaphore, use => (use.At, use.Set));
        ILookup<Semaphore, TimelineEvent> takers = ByUse(instruction => instruction.Waits).ToLookup(use => use.Semaphore, use => use.At);
        return takers.SelectMany(taken => Of(
            [.. taken.OrderBy(at => at.Start)], [.. signals[taken.Key].Select(signal => QueueCorners.SignalCycle(signal.At, signal.Signals, taken.Key)).Order()],
            schedule.InitialSemaphores.IsEmpty ? 0 : schedule.InitialSemaphores[(int)taken.Key]));

        IEnumerable<(Semaphore Semaphore, TimelineEvent At, SemaphoreSet Set)> ByUse(Func<Instruction, SemaphoreSet> use) =>
            from at in timing.Timeline let set = use(units[(int)at.Unit][at.Index]) from semaphore in Enum.GetValues<Semaphore>() where set.Contains(semaphore) select (semaphore, at, set);
    }

    /// <summary>Those of one semaphore.</summary>
    private static IEnumerable<TimelineEvent> Of(TimelineEvent[] takers, long[] signals, int initial)
    {
        // Tokens that are there when the i-th of them is taken, that one included.
        int[] there = [.. takers.Select((at, i) => initial + signals.Count(cycle => cycle < at.Start) - i)];
        int last = Array.LastIndexOf(there, 1);
        return takers.Take(Math.Max(last, 0)).Where(at => Array.BinarySearch(signals, at.Start) >= 0);
    }

    private static IEnumerable<string> Places(IReadOnlyList<CoveredProgram> programs, Func<CoveredProgram, IEnumerable<TimelineEvent>> events) =>
        programs.SelectMany(program => events(program).Select(at => FormattableString.Invariant($"{program.Name}, {BenchVectors.UnitNames[(int)at.Unit]} instruction {at.Index}, cycle {at.Start}")));
}
