// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Scheduling;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Simulation;

/// <summary>
/// The semaphores as queues of signal times. Each has one signalling and one waiting unit, and a unit's signals come in rising time order, so the k-th wait takes the
/// k-th signal: the semaphore is zero for its waiter in every cycle up to that signal's, and above zero from the next one on. A queue is a ring of the signals that
/// nobody has taken yet.
/// </summary>
internal sealed class FastEngineSemaphores
{
    private static readonly int[] Waitable = [Mask(5, 6, 7, 8, 12, 14), Mask(0, 1, 9, 15), Mask(2, 3, 10, 11, 13), Mask(4, 16)];
    private static readonly int[] Signalable = [Mask(0, 1, 2, 11, 13), Mask(3, 6, 7, 16), Mask(4, 8, 9, 12, 14), Mask(5, 10, 15)];

    private readonly long[]?[] rings = new long[SemaphoreSet.Count][];
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
                state.Add(At(s, i) - cycle);
            }
        }
    }

    /// <exception cref="InvalidScheduleException">The instruction names a semaphore that its unit has no wire to.</exception>
    public static void CheckWires(Instruction instruction, int unit, int index)
    {
        int wrong = (instruction.Waits.Mask & ~Waitable[unit]) | (instruction.Signals.Mask & ~Signalable[unit]);
        if (wrong != 0)
        {
            throw NoWire(instruction, index, wrong);
        }
    }

    private static InvalidScheduleException NoWire(Instruction instruction, int index, int wrong)
    {
        int semaphore = BitOperations.TrailingZeroCount(wrong);
        string name = semaphore < SemaphoreSet.Count ? ((Semaphore)semaphore).ToString() : $"semaphore {semaphore}";
        return new InvalidScheduleException(
            $"{instruction.Unit} instruction {index} waits for or signals {name}, which the unit is not connected to", instruction.Unit, index,
            semaphore < SemaphoreSet.Count ? (Semaphore)semaphore : null);
    }

    /// <summary>No semaphore.</summary>
    public const int None = -1;

    /// <summary>The number of the first semaphore of <paramref name="waits"/> whose signal is not known yet, or <see cref="None"/>.</summary>
    public int Missing(SemaphoreSet waits)
    {
        for (int mask = waits.Mask; mask != 0; mask &= mask - 1)
        {
            int s = BitOperations.TrailingZeroCount(mask);
            if (IsEmpty(s))
            {
                return s;
            }
        }
        return None;
    }

    /// <summary>Whether no signal of a semaphore is left that is known and not taken.</summary>
    public bool IsEmpty(int semaphore) => taken[semaphore] == signalled[semaphore];

    /// <summary>
    /// The start of an instruction whose first waiting cycle is <paramref name="cycle"/>, all signals being known. Every cycle before it is booked under the
    /// lowest-numbered semaphore that is zero in it: going up through the semaphores, one takes the cycles that lower ones left.
    /// </summary>
    public long Take(SemaphoreSet waits, long cycle, ref FastEngineCounters.Unit counters)
    {
        for (int mask = waits.Mask; mask != 0; mask &= mask - 1)
        {
            int s = BitOperations.TrailingZeroCount(mask);
            long visible = At(s, taken[s]++) + 1;
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
            if (rings[s] is not { } ring || signalled[s] - taken[s] == ring.Length)
            {
                ring = Grow(s);
            }
            ring[signalled[s]++ & (ring.Length - 1)] = cycle;
        }
    }

    private long At(int semaphore, int signal)
    {
        long[] ring = rings[semaphore]!;
        return ring[signal & (ring.Length - 1)];
    }

    /// <summary>A ring of twice the length, a power of two, with all that waits in it.</summary>
    private long[] Grow(int semaphore)
    {
        long[] ring = new long[2 * (rings[semaphore]?.Length ?? 8)];
        for (int i = taken[semaphore]; i < signalled[semaphore]; i++)
        {
            ring[i & (ring.Length - 1)] = At(semaphore, i);
        }
        return rings[semaphore] = ring;
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
