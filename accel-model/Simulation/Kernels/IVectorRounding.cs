// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AccelModel.Numerics;

namespace AccelModel.Simulation.Kernels;

/// <summary>
/// A rounding mode of <see cref="IRoundingMode"/> as one addition before an arithmetic shift, <c>round(p / 2^s) = (p + d(p)) &gt;&gt; s</c>, which suits vectors: no
/// remainder is compared. Exact for <c>|p| &lt; 2^62</c> and shifts of at most 62.
/// </summary>
internal interface IVectorRounding
{
    /// <summary>The constant part of d for one shift.</summary>
    static abstract long Addend(int shift);

    static abstract TVector Round<TSimd, TWide, TVector>(TVector product, TVector shift, TVector addend, TVector tie)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>;
}

/// <summary><c>d = 0</c>.</summary>
internal readonly struct VectorFloor : IVectorRounding
{
    public static long Addend(int shift) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Round<TSimd, TWide, TVector>(TVector product, TVector shift, TVector addend, TVector tie)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector> =>
        TWide.ShiftRightEach(product, shift);
}

/// <summary><c>d</c> is the addend: half a unit for half up, the word's random bits for stochastic rounding.</summary>
internal readonly struct VectorAddend : IVectorRounding
{
    public static long Addend(int shift) => Half(shift);

    /// <summary><c>2^(shift-1)</c>, and 0 for shift 0, which rounds nothing.</summary>
    public static long Half(int shift) => shift == 0 ? 0 : 1L << (shift - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Round<TSimd, TWide, TVector>(TVector product, TVector shift, TVector addend, TVector tie)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector> =>
        TWide.ShiftRightEach(TSimd.Add(product, addend), shift);
}

/// <summary><c>d</c> is half a unit, less one where <c>p &lt; 0</c>: negative ties fall below the cut.</summary>
internal readonly struct VectorHalfAway : IVectorRounding
{
    public static long Addend(int shift) => VectorAddend.Half(shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Round<TSimd, TWide, TVector>(TVector product, TVector shift, TVector addend, TVector tie)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>
    {
        TVector below = TSimd.And(TSimd.ShiftRight(product, 63), tie);
        return TWide.ShiftRightEach(TSimd.Subtract(TSimd.Add(product, addend), below), shift);
    }
}

/// <summary><c>d</c> is half a unit, less one where <c>floor(p / 2^s)</c> is even: a tie goes up only from an odd floor.</summary>
internal readonly struct VectorHalfEven : IVectorRounding
{
    public static long Addend(int shift) => VectorAddend.Half(shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Round<TSimd, TWide, TVector>(TVector product, TVector shift, TVector addend, TVector tie)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>
    {
        TVector odd = TSimd.And(TWide.ShiftRightEach(product, shift), tie);
        return TWide.ShiftRightEach(TSimd.Add(TSimd.Add(product, addend), TSimd.Subtract(odd, tie)), shift);
    }
}

/// <summary><c>d = 2^s - 1</c> where <c>p &lt; 0</c>, else 0.</summary>
internal readonly struct VectorTowardZero : IVectorRounding
{
    public static long Addend(int shift) => (1L << shift) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Round<TSimd, TWide, TVector>(TVector product, TVector shift, TVector addend, TVector tie)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector> =>
        TWide.ShiftRightEach(TSimd.Add(product, TSimd.And(TSimd.ShiftRight(product, 63), addend)), shift);
}
