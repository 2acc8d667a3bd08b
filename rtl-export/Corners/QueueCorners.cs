// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using RtlExport.Vectors;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Corners;

/// <summary>
/// Which unit had to wait at which semaphore, from the timelines: in the first cycle in which an instruction could start, the semaphore's count was zero, and its token was the last to come, or one of the
/// last, of those that the instruction waits for: another that comes later hides the wait.
/// </summary>
internal static class QueueCorners
{
    private const string Group = "queues";

    /// <summary>One corner for each semaphore.</summary>
    public static IEnumerable<CornerCoverage> Of(AcceleratorSpec spec, IReadOnlyList<CoveredProgram> programs)
    {
        foreach (Semaphore semaphore in Enum.GetValues<Semaphore>())
        {
            IEnumerable<string> places =
                from program in programs
                from wait in Waits(program.Schedule, program.Timing, semaphore)
                select FormattableString.Invariant($"{program.Name}, {BenchVectors.UnitNames[(int)wait.Unit]} instruction {wait.Order}");
            yield return CornerCount.Of(Group, $"a unit waits at {semaphore}", places, Reason(spec, semaphore, programs.Any(program => Uses(program.Schedule, semaphore))));
        }
    }

    /// <summary>The cycle in which an instruction signals a semaphore: that of its end, or of its last write.</summary>
    public static long SignalCycle(TimelineEvent at, SemaphoreSet signals, Semaphore semaphore) => signals.AtEnd.Contains(semaphore) ? at.End : at.Completion;

    private static string? Reason(AcceleratorSpec spec, Semaphore semaphore, bool used) => semaphore switch
    {
        Semaphore.OperandReady or Semaphore.OperandFree when !spec.Vector.Elementwise => "vector.elementwise is false",
        Semaphore.LookupReady or Semaphore.LookupFree when !spec.Vector.Lookup => "vector.lookup is false",
        _ when !used => "no program of this bundle uses it",
        Semaphore.OutputFree when spec.Array.ProcessingElement == ProcessingElementKind.BitSerial => "the array takes longer for each tile, a cycle for each bit of each code, than the store unit",
        Semaphore.ForwardFree => "the store unit comes to a forwarded tensor, or to its padding, after it stored results for which the array had left the slot",
        _ => null,
    };

    /// <summary>The instructions that wait at a semaphore, by their place in the order of their unit.</summary>
    public static IEnumerable<(UnitKind Unit, int Order)> Waits(Schedule schedule, TimingResult timing, Semaphore semaphore)
    {
        IReadOnlyList<IReadOnlyList<Instruction>> units = BenchVectors.Programs(schedule);
        (TimelineEvent At, Instruction Instruction, int Order)[] events =
        [
            .. timing.Timeline.GroupBy(e => e.Unit).SelectMany(unit => unit.Select((e, order) => (e, units[(int)e.Unit][e.Index], order))),
        ];
        long[] signals = [.. events.Where(e => e.Instruction.Signals.Contains(semaphore)).Select(e => SignalCycle(e.At, e.Instruction.Signals, semaphore)).Order()];
        int initial = schedule.InitialSemaphores.IsEmpty ? 0 : schedule.InitialSemaphores[(int)semaphore];
        int taken = 0;

        // One unit waits for a semaphore, and its instructions start in order.
        foreach ((TimelineEvent at, Instruction _, int order) in events.Where(e => e.Instruction.Waits.Contains(semaphore)).OrderBy(e => e.At.Start))
        {
            long first = at.Fetch + 1;
            int signalled = initial + signals.Count(cycle => cycle < first);
            if (signalled <= taken && Array.BinarySearch(signals, at.Start - 1) >= 0)
            {
                yield return (at.Unit, order);
            }

            taken++;
        }
    }

    private static bool Uses(Schedule schedule, Semaphore semaphore) => BenchVectors.Programs(schedule).Any(program => program.Any(instruction => instruction.Waits.Contains(semaphore)));
}
