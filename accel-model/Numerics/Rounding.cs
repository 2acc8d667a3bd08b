// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Numerics;

/// <summary>
/// The rounding right shift <c>round(value / 2^shift)</c>, exact for every <see cref="long"/> (and, for wide products,
/// every <see cref="Int128"/>) and every shift 0..63: no intermediate sum can overflow, since the quotient is split
/// into floor and remainder before the mode decides.
/// </summary>
public static class Rounding
{
    /// <summary><c>round(value / 2^shift)</c>; the shift must be 0..63.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ShiftRight<TRounding>(long value, int shift, uint random = 0)
        where TRounding : struct, IRoundingMode
    {
        long floor = value >> shift;
        ulong remainder = (ulong)value & ((1UL << shift) - 1);
        return TRounding.RoundsUp(floor, remainder, shift, random) ? floor + 1 : floor;
    }

    /// <summary><c>round(value / 2^shift)</c> for products wider than 64 bits; the shift must be 0..63.</summary>
    public static Int128 ShiftRight<TRounding>(Int128 value, int shift, uint random = 0)
        where TRounding : struct, IRoundingMode
    {
        Int128 floor = value >> shift;
        ulong remainder = (ulong)(UInt128)value & ((1UL << shift) - 1);
        long signAndParity = (long)(floor & 1) | (floor < 0 ? long.MinValue : 0);
        return TRounding.RoundsUp(signAndParity, remainder, shift, random) ? floor + 1 : floor;
    }

    /// <summary>
    /// The two roundings of TFLite and CMSIS-NN: <c>half_away(half_up(value / 2^shift) / 2^secondShift)</c>, half up being <c>floor(x + 1/2)</c> and half away the
    /// nearest, ties away from zero. Both shifts must be 0..63.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ShiftRightTwice(long value, int shift, int secondShift) =>
        ShiftRight<RoundHalfAway>(ShiftRight<RoundHalfUp>(value, shift), secondShift);

    /// <summary>The same for products wider than 64 bits.</summary>
    public static Int128 ShiftRightTwice(Int128 value, int shift, int secondShift) =>
        ShiftRight<RoundHalfAway>(ShiftRight<RoundHalfUp>(value, shift), secondShift);

    /// <summary>Chooses the mode at run time; kernels choose it by type argument.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shift is outside 0..63, or the mode is not one of the enumeration.</exception>
    public static long ShiftRight(RoundingMode mode, long value, int shift, uint random = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shift);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shift, 63);
        return mode switch
        {
            RoundingMode.Floor => ShiftRight<RoundFloor>(value, shift),
            RoundingMode.HalfUp => ShiftRight<RoundHalfUp>(value, shift),
            RoundingMode.HalfAway => ShiftRight<RoundHalfAway>(value, shift),
            RoundingMode.HalfEven => ShiftRight<RoundHalfEven>(value, shift),
            RoundingMode.TowardZero => ShiftRight<RoundTowardZero>(value, shift),
            RoundingMode.Stochastic => ShiftRight<RoundStochastic>(value, shift, random),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "not a rounding mode"),
        };
    }

    /// <summary>
    /// <c>2^(shift-1)</c>. For shift 0 the count wraps to 63, and <c>2^63</c> is a half that the only possible
    /// remainder, 0, never reaches: no branch is needed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Half(int shift) => 1UL << (shift - 1);
}
