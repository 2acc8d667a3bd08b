// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace AccelModel.Numerics;

/// <summary>
/// A non-negative real scale as the hardware applies it: <c>Multiplier * 2^-Shift</c>, the multiplier unsigned and of
/// at most 32 bits, the shift 0..63.
/// </summary>
public readonly record struct MultiplierShift(uint Multiplier, int Shift)
{
    /// <summary>The largest shift.</summary>
    public const int MaxShift = 63;

    /// <summary>The scale it stands for.</summary>
    public double Scale => Math.ScaleB(Multiplier, -Shift);

    /// <summary>
    /// <c>Multiplier = round(scale * 2^Shift)</c> (half to even) with the largest shift up to <paramref name="maxShift"/>
    /// whose multiplier is below <c>2^multiplierWidth</c>. The error is at most <c>2^-(Shift+1)</c>; relative to the
    /// scale at most <c>2^-multiplierWidth</c>, unless the shift stopped at <paramref name="maxShift"/>. Powers of two
    /// are exact while <c>2^-maxShift &lt;= scale</c>. A scale of zero gives multiplier 0 and shift 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The scale is negative, not finite or at least <c>2^multiplierWidth - 1/2</c>; or multiplierWidth is outside 1..32;
    /// or maxShift outside 0..63.
    /// </exception>
    public static MultiplierShift FromScale(double scale, int multiplierWidth, int maxShift = MaxShift)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplierWidth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(multiplierWidth, 32);
        ArgumentOutOfRangeException.ThrowIfNegative(maxShift);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxShift, MaxShift);
        if (!double.IsFinite(scale) || scale < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "a scale is finite and not negative");
        }
        if (scale == 0)
        {
            return new MultiplierShift(0, 0);
        }

        // scale is in [2^e, 2^(e+1)), so this shift brings it to [2^(w-1), 2^w); only rounding can carry it to 2^w.
        double limit = Math.ScaleB(1.0, multiplierWidth);
        int shift = Math.Min(multiplierWidth - 1 - Math.ILogB(scale), maxShift);
        if (shift >= 0 && RoundedAt(shift) == limit)
        {
            shift--;
        }
        if (shift < 0 || RoundedAt(shift) >= limit)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, $"too large for an unsigned multiplier of {multiplierWidth} bits");
        }
        return new MultiplierShift((uint)RoundedAt(shift), shift);

        double RoundedAt(int s) => Math.Round(Math.ScaleB(scale, s), MidpointRounding.ToEven);
    }

    /// <summary>
    /// The multiplier for dividing a sum by <paramref name="count"/>: <c>M = ceil(2^s / count)</c> with the least s such
    /// that <c>2^s &gt; 2 * count * maxMagnitude</c>. With rounding <see cref="RoundHalfAway"/>, <c>sum * M / 2^s</c>
    /// then equals the exact quotient <c>sum / count</c> rounded half away from zero for every
    /// <c>|sum| &lt;= maxMagnitude</c>: the multiplier is too large by less than <c>1 / 2^s</c> of the quotient's
    /// unit, which moves the product away from zero by less than <c>1 / (2 * count)</c>, the least distance of a
    /// quotient that is not a tie from a tie.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The count is below 1, the magnitude negative, or the multiplier would need more than 32 bits or the shift exceed 63.
    /// </exception>
    public static MultiplierShift ForAverage(int count, long maxMagnitude)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(maxMagnitude);
        Int128 bound = (Int128)2 * count * maxMagnitude;
        int shift = 0;
        while ((Int128)1 << shift <= bound)
        {
            shift++;
        }
        Int128 multiplier = (((Int128)1 << shift) + count - 1) / count;
        if (shift > MaxShift || multiplier > uint.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(maxMagnitude), maxMagnitude, "sums too large for a 32-bit multiplier");
        }
        return new MultiplierShift((uint)multiplier, shift);
    }

    /// <summary>
    /// When the scale is <c>2^-k</c> with k 0..63: true, and k. Every rounding mode then gives the same result by a
    /// shift of k alone.
    /// </summary>
    public bool TryAsShift(out int shift)
    {
        shift = Shift - BitOperations.Log2(Multiplier);
        return BitOperations.IsPow2(Multiplier) && shift >= 0;
    }
}
