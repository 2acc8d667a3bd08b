// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Scheduling;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Hardware;

/// <summary>
/// The counting semaphores. A count seen in a cycle is that of its beginning: a signal shows one cycle later, and a signal and a decrement of one cycle cancel.
/// </summary>
public sealed class SemaphoreFile : IClocked
{
    private readonly int[] _count = new int[SemaphoreSet.Count];

    // One set of wires from each unit, so that units can signal and take in one cycle.
    private readonly int[] _signalled = new int[Enum.GetValues<UnitKind>().Length];
    private readonly int[] _taken = new int[Enum.GetValues<UnitKind>().Length];

    /// <summary>Counts in this cycle, by semaphore number.</summary>
    public ReadOnlySpan<int> Counts => _count;

    /// <summary>Whether every semaphore of <paramref name="waits"/> is above zero.</summary>
    public bool Available(SemaphoreSet waits) => FirstAtZero(waits) is null;

    /// <summary>The lowest-numbered semaphore of <paramref name="waits"/> that is zero.</summary>
    public Semaphore? FirstAtZero(SemaphoreSet waits)
    {
        for (int remaining = waits.Mask; remaining != 0; remaining &= remaining - 1)
        {
            int number = BitOperations.TrailingZeroCount(remaining);
            if (_count[number] == 0)
            {
                return (Semaphore)number;
            }
        }
        return null;
    }

    /// <summary>Decrements at the clock edge.</summary>
    public void Take(UnitKind unit, SemaphoreSet waits) => _taken[(int)unit] |= waits.Mask;

    /// <summary>Increments at the clock edge.</summary>
    public void Signal(UnitKind unit, SemaphoreSet signals) => _signalled[(int)unit] |= signals.Mask;

    /// <summary>All counts to those of cycle 0: given ones, or zero.</summary>
    public void Reset(ReadOnlySpan<int> initial = default)
    {
        Array.Clear(_count);
        initial.CopyTo(_count);
    }

    /// <inheritdoc/>
    public void Advance()
    {
        for (int unit = 0; unit < _signalled.Length; unit++)
        {
            Add(_signalled[unit], 1);
            Add(_taken[unit], -1);
            _signalled[unit] = _taken[unit] = 0;
        }
    }

    private void Add(int mask, int change)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            _count[BitOperations.TrailingZeroCount(mask)] += change;
        }
    }
}
