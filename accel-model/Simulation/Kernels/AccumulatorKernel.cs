// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>How finished partial sums are added to accumulators.</summary>
internal unsafe interface IAccumulation<TSum, T>
    where TSum : unmanaged
    where T : unmanaged
{
    /// <param name="sums">Partial sums.</param>
    /// <param name="accumulators">Accumulators.</param>
    /// <param name="count">Words, a multiple of the vector's lanes.</param>
    /// <param name="shift">Weight of the digit.</param>
    /// <param name="range">The word of the accumulator.</param>
    /// <returns>Overflows.</returns>
    static abstract long Add(TSum* sums, T* accumulators, int count, int shift, in WordRange<T> range);
}

/// <summary><c>A = add(A, p * 2^shift)</c>, word by word.</summary>
internal readonly unsafe struct AccumulatorKernel<TSimd, TVector, T, TSum, TAddition> : IAccumulation<TSum, T>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged
    where TSum : unmanaged
    where TAddition : struct, IBoundedAddition
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Add(TSum* sums, T* accumulators, int count, int shift, in WordRange<T> range)
    {
        WordRangeVector<TVector> word = WordRangeVector<TVector>.Of<TSimd, T>(range);
        LaneCount<TVector> within = default;
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector addend = TSimd.ShiftLeft(TSimd.LoadWidened(sums + i), shift);
            TSimd.Store(TAddition.Add<TSimd, TVector, T>(TSimd.Load(accumulators + i), addend, word, ref within), accumulators + i);
        }
        return TAddition.Counts ? count - TSimd.Counted(within) : 0;
    }
}
