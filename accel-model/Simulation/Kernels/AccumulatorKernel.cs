// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation.Kernels;

/// <summary>Adds finished partial sums to accumulators: <c>A = add(A, p * 2^shift)</c>, word by word.</summary>
internal static unsafe class AccumulatorKernel<TSimd, TVector, T, TSum, TAddition>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged
    where TSum : unmanaged
    where TAddition : struct, IBoundedAddition
{
    /// <param name="sums">Partial sums.</param>
    /// <param name="accumulators">Accumulators.</param>
    /// <param name="count">Words, a multiple of the vector's lanes.</param>
    /// <param name="shift">Weight of the digit.</param>
    /// <param name="range">The word of the accumulator.</param>
    /// <param name="within">-1 is added for every addition that stays within the word, one vector; untouched where overflow is not counted.</param>
    public static void Run(TSum* sums, T* accumulators, int count, int shift, WordRange<T>* range, T* within)
    {
        WordRangeVector<TVector> word = WordRangeVector<TVector>.Of<TSimd, T>(*range);
        TVector counts = TSimd.Broadcast(default);
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector addend = TSimd.ShiftLeft(TSimd.LoadWidened(sums + i), shift);
            TSimd.Store(TAddition.Add<TSimd, TVector, T>(TSimd.Load(accumulators + i), addend, word, ref counts), accumulators + i);
        }
        if (TAddition.Counts)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(within), counts), within);
        }
    }
}
