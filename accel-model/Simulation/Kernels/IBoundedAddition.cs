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
internal readonly ref struct WordRangeVector<TVector>(TVector minimum, TVector maximum, int freeBits)
{
    public readonly TVector Minimum = minimum;
    public readonly TVector Maximum = maximum;
    public readonly int FreeBits = freeBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WordRangeVector<TVector> Of<TSimd, T>(in WordRange<T> range)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged =>
        new(TSimd.Broadcast(range.Minimum), TSimd.Broadcast(range.Maximum), range.FreeBits);
}

/// <summary>
/// One addition to a word that may be narrower than its lane. <c>within</c> counts the lanes in which the exact sum was inside the word, so that overflows are additions less
/// <c>within</c>.
/// </summary>
internal interface IBoundedAddition
{
    /// <summary>Whether overflow is possible and counted.</summary>
    static abstract bool Counts { get; }

    static abstract TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref LaneCount<TVector> within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged;
}

/// <summary>For sums that are proven to stay inside the word.</summary>
internal readonly struct UncheckedAddition : IBoundedAddition
{
    public static bool Counts => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref LaneCount<TVector> within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged =>
        TSimd.Add(word, addend);
}

/// <summary><c>min(max(a + b, minimum), maximum)</c>; the exact sum fits the lane.</summary>
internal readonly struct SaturatingAddition : IBoundedAddition
{
    public static bool Counts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref LaneCount<TVector> within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
    {
        TVector sum = TSimd.Add(word, addend);
        TVector bounded = TSimd.Min(TSimd.Max(sum, range.Minimum), range.Maximum);
        TSimd.CountEqual(ref within, sum, bounded);
        return bounded;
    }
}

/// <summary>
/// Saturation of a word that is narrower than its lane; word and addend fit the lane, their sum need not: a sum that leaves the lane is beyond the word on the same side.
/// </summary>
internal readonly struct NarrowSaturatingAddition : IBoundedAddition
{
    public static bool Counts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref LaneCount<TVector> within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
    {
        TVector sum = TSimd.AddSaturate(word, addend);
        TVector bounded = TSimd.Min(TSimd.Max(sum, range.Minimum), range.Maximum);
        TSimd.CountEqual(ref within, sum, bounded);
        return bounded;
    }
}

/// <summary>
/// The low bits of <c>a + b</c> in a word that is narrower than its lane; word and addend fit the lane, their sum need not: what is left of it in the lane is then still outside the word,
/// as <c>2^(lane - 1) + 2^(word - 1) &lt;= 2^lane - 2^(word - 1)</c>.
/// </summary>
internal readonly struct WrappingAddition : IBoundedAddition
{
    public static bool Counts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref LaneCount<TVector> within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
    {
        TVector sum = TSimd.Add(word, addend);
        TVector bounded = TSimd.ShiftRight(TSimd.ShiftLeft(sum, range.FreeBits), range.FreeBits);
        TSimd.CountEqual(ref within, sum, bounded);
        return bounded;
    }
}

/// <summary>Saturation of a word that fills its lane; word and addend fit the lane, their sum need not.</summary>
internal readonly struct FullSaturatingAddition : IBoundedAddition
{
    public static bool Counts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref LaneCount<TVector> within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
    {
        // The sum that is only compared comes first: then the one that stays takes the word's register.
        TVector sum = TSimd.Add(word, addend);
        TVector bounded = TSimd.AddSaturate(word, addend);
        TSimd.CountEqual(ref within, sum, bounded);
        return bounded;
    }
}

/// <summary>Wrapping of a word that fills its lane; word and addend fit the lane, their sum need not.</summary>
internal readonly struct FullWrappingAddition : IBoundedAddition
{
    public static bool Counts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add<TSimd, TVector, T>(TVector word, TVector addend, in WordRangeVector<TVector> range, ref LaneCount<TVector> within)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
    {
        TVector bounded = TSimd.AddSaturate(word, addend);
        TVector sum = TSimd.Add(word, addend);
        TSimd.CountEqual(ref within, sum, bounded);
        return sum;
    }
}
