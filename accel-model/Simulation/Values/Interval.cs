// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Simulation.Values;

/// <summary>A closed range of integers.</summary>
internal readonly record struct Interval(long Low, long High)
{
    /// <summary>Greatest magnitude in it.</summary>
    public long Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    public static Interval operator +(Interval a, Interval b) => new(a.Low + b.Low, a.High + b.High);

    /// <summary>The range of a product with a constant.</summary>
    public Interval Times(long factor) => factor >= 0 ? new(factor * Low, factor * High) : new(factor * High, factor * Low);

    /// <summary>The range of a product.</summary>
    public Interval Times(Interval other)
    {
        Interval low = other.Times(Low);
        Interval high = other.Times(High);
        return new(Math.Min(low.Low, high.Low), Math.Max(low.High, high.High));
    }

    /// <summary>The range that holds a value too.</summary>
    public Interval With(long value) => new(Math.Min(Low, value), Math.Max(High, value));

    /// <summary>What an addition that ends in this exact sum leaves in a word, and whether it can overflow.</summary>
    public Interval In(int width, OverflowMode overflow, out bool canOverflow)
    {
        long minimum = TwosComplement.Min(width);
        long maximum = TwosComplement.Max(width);
        canOverflow = Low < minimum || High > maximum;
        return !canOverflow ? this
            : overflow == OverflowMode.Saturate ? new(Math.Clamp(Low, minimum, maximum), Math.Clamp(High, minimum, maximum))
            : new(minimum, maximum);
    }
}
