// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Training;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers on every machine. A stream is named by integers, so that the order of
/// images in epoch 7 needs no state from epoch 6.
/// </summary>
public sealed class SeededRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>The stream of a seed and of the numbers that name it.</summary>
    public SeededRandom(long seed, params ReadOnlySpan<int> name)
    {
        _state = (ulong)seed;
        foreach (int part in name)
        {
            _state = Mix((_state ^ (uint)part) + Golden);
        }
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        _state += Golden;
        return Mix(_state);
    }

    /// <summary>The next number of [0, 1), a multiple of 2^-53.</summary>
    public double NextUniform() => Math.ScaleB(NextBits() >> 11, -53);

    /// <summary>The next integer of 0..count-1.</summary>
    public int NextInt(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>A random order of 0..count-1 (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
