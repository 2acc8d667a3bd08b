// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>The range of a word, as a kernel needs it.</summary>
/// <param name="Minimum">Least value.</param>
/// <param name="Maximum">Greatest value.</param>
/// <param name="FreeBits">Bits of a lane above the word.</param>
internal readonly record struct WordRange<T>(T Minimum, T Maximum, int FreeBits)
    where T : unmanaged;

/// <summary>A <see cref="WordRange{T}"/> in every lane.</summary>
/// <remarks>-1 is the sum of the least and the greatest value of two's complement; as a constant the compiler would make it anew for every use.</remarks>
internal readonly ref struct WordRangeVector<TVector>(TVector minimum, TVector maximum, TVector minusOne, int freeBits)
{
    public readonly TVector Minimum = minimum;
    public readonly TVector Maximum = maximum;
    public readonly TVector MinusOne = minusOne;
    public readonly int FreeBits = freeBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordRangeVector<TVector> Of<TSimd, T>(in WordRange<T> range)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged =>
        new(TSimd.Broadcast(range.Minimum), TSimd.Broadcast(range.Maximum), TSimd.Add(TSimd.Broadcast(range.Minimum), TSimd.Broadcast(range.Maximum)), range.FreeBits);
}

/// <summary>
/// One addition to a word that may be narrower than its lane. <c>within</c> gets -1 added in every lane in which the exact sum was inside the word, so that
/// overflows are additions plus <c>within</c>.
/// </summary>
internal interface IBoundedAddition
{
    /// <summary>Whether overflow is possible and counted.</summary>
    static abstract bool Counts { get; }

    static abstract TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref TVector within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged;
}

/// <summary>For sums that are proven to stay inside the word.</summary>
internal readonly struct UncheckedAddition : IBoundedAddition
{
    public static bool Counts => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref TVector within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged =>
        TSimd.Add(word, addend);
}

/// <summary><c>min(max(a + b, minimum), maximum)</c>; the exact sum fits the lane.</summary>
internal readonly struct SaturatingAddition : IBoundedAddition
{
    public static bool Counts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref TVector within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
    {
        TVector sum = TSimd.Add(word, addend);
        TVector bounded = TSimd.Min(TSimd.Max(sum, range.Minimum), range.Maximum);
        within = TSimd.SubtractEqual(within, sum, bounded, range.MinusOne);
        return bounded;
    }
}

/// <summary>The low bits of <c>a + b</c>; the exact sum fits the lane.</summary>
internal readonly struct WrappingAddition : IBoundedAddition
{
    public static bool Counts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref TVector within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
    {
        TVector sum = TSimd.Add(word, addend);
        TVector bounded = TSimd.ShiftRight(TSimd.ShiftLeft(sum, range.FreeBits), range.FreeBits);
        within = TSimd.SubtractEqual(within, sum, bounded, range.MinusOne);
        return bounded;
    }
}

/// <summary>Saturation of a word that fills its lane; word and addend fit the lane, their sum need not.</summary>
internal readonly struct FullSaturatingAddition : IBoundedAddition
{
    public static bool Counts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref TVector within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
    {
        TVector bounded = TSimd.AddSaturate(word, addend);
        within = TSimd.SubtractEqual(within, TSimd.Add(word, addend), bounded, range.MinusOne);
        return bounded;
    }
}

/// <summary>Wrapping of a word that fills its lane; word and addend fit the lane, their sum need not.</summary>
internal readonly struct FullWrappingAddition : IBoundedAddition
{
    public static bool Counts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref TVector within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
    {
        TVector sum = TSimd.Add(word, addend);
        within = TSimd.SubtractEqual(within, sum, TSimd.AddSaturate(word, addend), range.MinusOne);
        return sum;
    }
}
