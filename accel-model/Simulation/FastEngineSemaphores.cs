// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Scheduling;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Simulation;

/// <summary>
/// The semaphores as queues of signal times. Each has one signalling and one waiting unit, and a unit's signals come in rising time order, so the k-th wait takes the
/// k-th signal: the semaphore is zero for its waiter in every cycle up to that signal's, and above zero from the next one on.
/// </summary>
internal sealed class FastEngineSemaphores
{
    private static readonly int[] Waitable = [Mask(5, 6, 7, 8, 12, 14), Mask(0, 1, 9, 15), Mask(2, 3, 10, 11, 13), Mask(4, 16)];
    private static readonly int[] Signalable = [Mask(0, 1, 2, 11, 13), Mask(3, 6, 7, 16), Mask(4, 8, 9, 12, 14), Mask(5, 10, 15)];

    private readonly long[]?[] signals = new long[SemaphoreSet.Count][];
    private readonly int[] signalled = new int[SemaphoreSet.Count];
    private readonly int[] taken = new int[SemaphoreSet.Count];

    /// <summary>The tokens that are there at cycle 0.</summary>
    public void Begin(ImmutableArray<int> initial)
    {
        for (int s = 0; s < initial.Length; s++)
        {
            for (int token = 0; token < initial[s]; token++)
            {
                Signal(new SemaphoreSet(1 << s), -1);
            }
        }
    }

    /// <summary>Adds the times, counted from <paramref name="cycle"/>, of signals that nobody has taken yet.</summary>
    public void AddState(List<long> state, long cycle)
    {
        for (int s = 0; s < SemaphoreSet.Count; s++)
        {
            state.Add(signalled[s] - taken[s]);
            for (int i = taken[s]; i < signalled[s]; i++)
            {
                state.Add(signals[s]![i] - cycle);
            }
        }
    }

    /// <exception cref="InvalidScheduleException">The instruction names a semaphore that its unit has no wire to.</exception>
    public static void CheckWires(Instruction instruction, int index)
    {
        int unit = (int)instruction.Unit;
        int wrong = (instruction.Waits.Mask & ~Waitable[unit]) | (instruction.Signals.Mask & ~Signalable[unit]);
        if (wrong == 0)
        {
            return;
        }
        int semaphore = BitOperations.TrailingZeroCount(wrong);
        string name = semaphore < SemaphoreSet.Count ? ((Semaphore)semaphore).ToString() : $"semaphore {semaphore}";
        throw new InvalidScheduleException(
            $"{instruction.Unit} instruction {index} waits for or signals {name}, which the unit is not connected to", instruction.Unit, index,
            semaphore < SemaphoreSet.Count ? (Semaphore)semaphore : null);
    }

    /// <summary>The first semaphore of <paramref name="waits"/> whose signal is not known yet, or null.</summary>
    public Semaphore? Missing(SemaphoreSet waits)
    {
        for (int mask = waits.Mask; mask != 0; mask &= mask - 1)
        {
            int s = BitOperations.TrailingZeroCount(mask);
            if (taken[s] == signalled[s])
            {
                return (Semaphore)s;
            }
        }
        return null;
    }

    /// <summary>
    /// The start of an instruction whose first waiting cycle is <paramref name="cycle"/>, all signals being known. Every cycle before it is booked under the
    /// lowest-numbered semaphore that is zero in it: going up through the semaphores, one takes the cycles that lower ones left.
    /// </summary>
    public long Take(SemaphoreSet waits, long cycle, ref FastEngineCounters.Unit counters)
    {
        for (int mask = waits.Mask; mask != 0; mask &= mask - 1)
        {
            int s = BitOperations.TrailingZeroCount(mask);
            long visible = signals[s]![taken[s]++] + 1;
            if (visible > cycle)
            {
                counters.Stalled(s, visible - cycle);
                cycle = visible;
            }
        }
        return cycle;
    }

    /// <summary>Signals a set at one cycle.</summary>
    public void Signal(SemaphoreSet set, long cycle)
    {
        for (int mask = set.Mask; mask != 0; mask &= mask - 1)
        {
            int s = BitOperations.TrailingZeroCount(mask);
            long[] times = signals[s] ??= new long[64];
            if (signalled[s] == times.Length)
            {
                Array.Resize(ref times, times.Length * 2);
                signals[s] = times;
            }
            times[signalled[s]++] = cycle;
        }
    }

    private static int Mask(params ReadOnlySpan<int> semaphores)
    {
        int mask = 0;
        foreach (int s in semaphores)
        {
            mask |= 1 << s;
        }
        return mask;
    }
}
