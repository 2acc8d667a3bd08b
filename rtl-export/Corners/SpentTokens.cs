// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using RtlExport.Vectors;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Corners;

/// <summary>
/// The same programs without the signals whose tokens nobody takes: a run ends with no token where it began with some, so that the next one depends on the counts that its start sets. Programs whose frames
/// repeat give back what they took; after them a machine that kept its counts would look like one that sets them.
/// </summary>
public static class SpentTokens
{
    /// <summary>Takes the last signals of each semaphore, as many as tokens would be left. Times stay: tokens are taken in the order in which they come, and all others come as before.</summary>
    public static Schedule Of(Schedule schedule)
    {
        for (int s = 0; s < schedule.InitialSemaphores.Length; s++)
        {
            var semaphore = (Semaphore)s;
            int left = Left(schedule, semaphore);
            schedule = schedule with
            {
                Load = Without(schedule.Load, semaphore, ref left, (load, signals) => load with { Signals = signals }),
                Array = Without(schedule.Array, semaphore, ref left, (matmul, signals) => matmul with { Signals = signals }),
                Vector = Without(schedule.Vector, semaphore, ref left, (vector, signals) => vector with { Signals = signals }),
                Store = Without(schedule.Store, semaphore, ref left, (store, signals) => store with { Signals = signals }),
            };
        }

        return schedule;
    }

    /// <summary>Tokens of a semaphore at the end of a run of one frame.</summary>
    public static int Left(Schedule schedule, Semaphore semaphore)
    {
        Instruction[] all = [.. BenchVectors.Programs(schedule).SelectMany(program => program)];
        int initial = schedule.InitialSemaphores.IsEmpty ? 0 : schedule.InitialSemaphores[(int)semaphore];
        return initial + all.Count(instruction => instruction.Signals.Contains(semaphore)) - all.Count(instruction => instruction.Waits.Contains(semaphore));
    }

    /// <summary>One unit signals a semaphore, so that its last signals are those of the last instructions.</summary>
    private static ImmutableArray<T> Without<T>(ImmutableArray<T> program, Semaphore semaphore, ref int left, Func<T, SemaphoreSet, T> change)
        where T : Instruction
    {
        ImmutableArray<T>.Builder changed = program.ToBuilder();
        for (int i = changed.Count - 1; i >= 0 && left > 0; i--)
        {
            if (changed[i].Signals.Contains(semaphore))
            {
                changed[i] = change(changed[i], changed[i].Signals.Without(semaphore));
                left--;
            }
        }

        return changed.ToImmutable();
    }
}
