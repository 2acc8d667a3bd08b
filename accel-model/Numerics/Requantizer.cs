// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Numerics;

/// <summary>
/// From an accumulator to an output code. Every form first adds the bias exactly, <c>t = accumulator + bias</c> (one
/// bit wider than the accumulator), and ends with zero point and clamp. Accumulator and bias have at most 48 bits.
/// </summary>
public static class Requantizer
{
    /// <summary><c>y = clamp(round(t * Multiplier / 2^Shift) + zero point)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ByMultiplierShift<TRounding>(
        long accumulator, long bias, MultiplierShift scale, OutputRange range, uint random = 0)
        where TRounding : struct, IRoundingMode
    {
        long t = accumulator + bias;
        long high = Math.BigMul(t, scale.Multiplier, out long product);
        return high == product >> 63
            ? range.Clamp(Rounding.ShiftRight<TRounding>(product, scale.Shift, random))
            : ClampWide(Rounding.ShiftRight<TRounding>((Int128)t * scale.Multiplier, scale.Shift, random), range);
    }

    /// <summary><c>y = clamp(round(t / 2^shift) + zero point)</c>: <see cref="ByMultiplierShift"/> with multiplier 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ByShift<TRounding>(long accumulator, long bias, int shift, OutputRange range, uint random = 0)
        where TRounding : struct, IRoundingMode =>
        range.Clamp(Rounding.ShiftRight<TRounding>(accumulator + bias, shift, random));

    /// <summary><c>y = t &gt;= 0 ? +1 : -1</c>: the one threshold of a <see cref="BipolarGrid"/>.</summary>
    public static int BySign(long accumulator, long bias) => accumulator + bias >= 0 ? 1 : -1;

    /// <summary>
    /// <c>y = baseCode + step * #{ i : t &gt;= thresholds[i] }</c> (FINN's multi-threshold; arXiv:1612.07119). The
    /// thresholds of one channel, ascending; equal ones count each. Bipolar is one threshold with base -1 and step 2.
    /// </summary>
    public static int ByThresholds(long accumulator, long bias, ReadOnlySpan<long> thresholds, int baseCode, int step)
    {
        long t = accumulator + bias;
        int reached = 0;
        while (reached < thresholds.Length && t >= thresholds[reached])
        {
            reached++;
        }
        return baseCode + (step * reached);
    }

    /// <summary>
    /// The two roundings of TFLite and CMSIS-NN (<c>MultiplyByQuantizedMultiplier</c>, <c>arm_nn_requantize</c>):
    /// <c>h = floor((t * 2^max(Shift, 0) * Multiplier + 2^30) / 2^31)</c> (half up), then
    /// <c>h / 2^max(-Shift, 0)</c> rounded half away from zero, then zero point and clamp. Exact where theirs
    /// overflows 32 bits. A left shift before a rounding right shift by 31 is a right shift by less.
    /// </summary>
    public static int ByDoubleRounding(long accumulator, long bias, QuantizedMultiplier scale, OutputRange range) =>
        ByTwoShifts(accumulator, bias, new MultiplierShift((uint)scale.Multiplier, scale.FirstShift), scale.SecondShift, range);

    /// <summary><c>y = clamp(half_away(half_up(t * Multiplier / 2^Shift) / 2^secondShift) + zero point)</c>: <see cref="ByDoubleRounding"/> with both shifts to the right.</summary>
    public static int ByTwoShifts(long accumulator, long bias, MultiplierShift scale, int secondShift, OutputRange range)
    {
        long t = accumulator + bias;
        long high = Math.BigMul(t, scale.Multiplier, out long product);
        return high == product >> 63
            ? range.Clamp(Rounding.ShiftRightTwice(product, scale.Shift, secondShift))
            : ClampWide(Rounding.ShiftRightTwice((Int128)t * scale.Multiplier, scale.Shift, secondShift), range);
    }

    /// <summary>
    /// The form of TFLite and CMSIS-NN for 16-bit data with 64-bit bias (<c>arm_nn_requantize_s64</c>), with a
    /// multiplier reduced to 16 bits: <c>y = (floor(t * m16 / 2^(14 - Shift)) + 1) &gt;&gt; 1</c>, which is t times
    /// <c>m16 * 2^(Shift - 15)</c> rounded half up; then zero point and clamp.
    /// </summary>
    public static int ByReducedMultiplier(long accumulator, long bias, QuantizedMultiplier scale, OutputRange range)
    {
        long product = (accumulator + bias) * scale.ReducedMultiplier;
        return range.Clamp(((product >> (14 - scale.Shift)) + 1) >> 1);
    }

    /// <summary>A result that left 64 bits is beyond any output range; its nearest long clamps to the same code.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ClampWide(Int128 rounded, OutputRange range) =>
        range.Clamp((long)Int128.Clamp(rounded, long.MinValue, long.MaxValue));
}
