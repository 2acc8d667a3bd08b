// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AccelModel.Numerics;

namespace AccelModel.Simulation.Values;

/// <summary>A closed range of integers.</summary>
internal readonly record struct Interval(long Low, long High)
{
    /// <summary>Greatest magnitude in it.</summary>
    public long Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    public static Interval operator +(Interval a, Interval b) => new(a.Low + b.Low, a.High + b.High);

    /// <summary>The range of a product with a constant.</summary>
    /// <remarks>Ends change places by a mask, because no processor foresees the signs of weights.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Interval Times(long factor)
    {
        long swap = (Low ^ High) & (factor >> 63);
        return new(factor * (Low ^ swap), factor * (High ^ swap));
    }

    /// <summary>The range of a product.</summary>
    public Interval Times(Interval other)
    {
        Interval low = other.Times(Low);
        Interval high = other.Times(High);
        return new(Math.Min(low.Low, high.Low), Math.Max(low.High, high.High));
    }

    /// <summary>The range that holds another one too.</summary>
    public Interval With(Interval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>The range that holds a value too.</summary>
    public Interval With(long value) => new(Math.Min(Low, value), Math.Max(High, value));

    /// <summary>What an addition that ends in this exact sum leaves in a word, and whether it can overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Interval In(int width, OverflowMode overflow, out bool canOverflow)
    {
        long minimum = TwosComplement.Min(width);
        long maximum = TwosComplement.Max(width);
        canOverflow = (Low < minimum) | (High > maximum);
        return !canOverflow ? this
            : overflow == OverflowMode.Saturate ? new(Lesser(Greater(Low, minimum), maximum), Lesser(Greater(High, minimum), maximum))
            : new(minimum, maximum);
    }

    /// <summary>The greater of two values whose difference fits 64 bits; without a branch, like the ends of a product.</summary>
    private static long Greater(long a, long b) => a + ((b - a) & ~((b - a) >> 63));

    /// <summary>The lesser of two such values.</summary>
    private static long Lesser(long a, long b) => a + ((b - a) & ((b - a) >> 63));
}
