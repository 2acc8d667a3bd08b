// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>
/// Two's-complement words of 1..64 bits held in a <see cref="long"/>: the one place where a bit width becomes
/// a range.
/// </summary>
public static class TwosComplement
{
    /// <summary><c>-2^(width-1)</c>.</summary>
    public static long Min(int width) => long.MinValue >> (64 - width);

    /// <summary><c>2^(width-1) - 1</c>.</summary>
    public static long Max(int width) => long.MaxValue >> (64 - width);

    /// <summary>True when <paramref name="value"/> is one of the <c>2^width</c> words.</summary>
    public static bool Fits(long value, int width) => Wrap(value, width) == value;

    /// <summary>The nearest word: <c>min(max(value, Min), Max)</c>.</summary>
    public static long Saturate(long value, int width) => Math.Clamp(value, Min(width), Max(width));

    /// <summary>The word congruent to <paramref name="value"/> modulo <c>2^width</c>.</summary>
    public static long Wrap(long value, int width) => value << (64 - width) >> (64 - width);
}
