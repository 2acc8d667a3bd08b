// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>How finished partial sums are added to accumulators.</summary>
internal unsafe interface IAccumulation<TSum, T>
    where TSum : unmanaged
    where T : unmanaged
{
    /// <param name="sums">Partial sums, <c>[segment][word]</c>.</param>
    /// <param name="segments">Of these segments, one after the other.</param>
    /// <param name="segmentCount">How many there are.</param>
    /// <param name="accumulators">Accumulators, <c>[word]</c>.</param>
    /// <param name="count">Words, a multiple of four vectors.</param>
    /// <param name="range">The word of the accumulator.</param>
    /// <returns>Overflows.</returns>
    static abstract long Add(TSum* sums, SegmentRows* segments, int segmentCount, T* accumulators, int count, in WordRange<T> range);
}

/// <summary><c>A = add(A, p * 2^shift)</c>, word by word, segment after segment.</summary>
internal readonly unsafe struct AccumulatorKernel<TSimd, TVector, T, TSum, TAddition> : IAccumulation<TSum, T>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged
    where TSum : unmanaged
    where TAddition : struct, IBoundedAddition
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long Add(TSum* sums, SegmentRows* segments, int segmentCount, T* accumulators, int count, in WordRange<T> range)
    {
        WordRangeVector<TVector> word = WordRangeVector<TVector>.Of<TSimd, T>(range);
        LaneCount<TVector> within = default;
        bool shifts = false;
        for (int i = 0; i < segmentCount; i++)
        {
            shifts |= segments[i].Shift != 0;
        }
        for (nint i = 0; i < count; i += 4 * TSimd.Count)
        {
            T* a = accumulators + i;
            TVector a0 = TSimd.Load(a);
            TVector a1 = TSimd.Load(a + TSimd.Count);
            TVector a2 = TSimd.Load(a + (2 * TSimd.Count));
            TVector a3 = TSimd.Load(a + (3 * TSimd.Count));
            TSum* p = sums + i;
            if (shifts)
            {
                for (SegmentRows* segment = segments, end = segments + segmentCount; segment < end; segment++, p += count)
                {
                    int shift = segment->Shift;
                    a0 = TAddition.Add<TSimd, TVector, T>(a0, TSimd.ShiftLeft(TSimd.LoadWidened(p), shift), word, ref within);
                    a1 = TAddition.Add<TSimd, TVector, T>(a1, TSimd.ShiftLeft(TSimd.LoadWidened(p + TSimd.Count), shift), word, ref within);
                    a2 = TAddition.Add<TSimd, TVector, T>(a2, TSimd.ShiftLeft(TSimd.LoadWidened(p + (2 * TSimd.Count)), shift), word, ref within);
                    a3 = TAddition.Add<TSimd, TVector, T>(a3, TSimd.ShiftLeft(TSimd.LoadWidened(p + (3 * TSimd.Count)), shift), word, ref within);
                }
            }
            else
            {
                for (int segment = 0; segment < segmentCount; segment++, p += count)
                {
                    a0 = TAddition.Add<TSimd, TVector, T>(a0, TSimd.LoadWidened(p), word, ref within);
                    a1 = TAddition.Add<TSimd, TVector, T>(a1, TSimd.LoadWidened(p + TSimd.Count), word, ref within);
                    a2 = TAddition.Add<TSimd, TVector, T>(a2, TSimd.LoadWidened(p + (2 * TSimd.Count)), word, ref within);
                    a3 = TAddition.Add<TSimd, TVector, T>(a3, TSimd.LoadWidened(p + (3 * TSimd.Count)), word, ref within);
                }
            }
            TSimd.Store(a0, a);
            TSimd.Store(a1, a + TSimd.Count);
            TSimd.Store(a2, a + (2 * TSimd.Count));
            TSimd.Store(a3, a + (3 * TSimd.Count));
        }
        return TAddition.Counts ? ((long)segmentCount * count) - TSimd.Counted(within) : 0;
    }
}
