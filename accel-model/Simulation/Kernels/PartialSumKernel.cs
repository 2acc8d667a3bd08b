// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>
/// The partial sums of one segment, for <see cref="Pixels"/> pixels and one vector of output channels: in the order of the rows,
/// <c>p = add(p, sum over lanes of w[row, lane, channel] * a[pixel, row, lane])</c>.
/// </summary>
internal static unsafe class PartialSumKernel<TSimd, TVector, T, TAddition>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged
    where TAddition : struct, IBoundedAddition
{
    public const int Pixels = OrderedTile.Pixels;

    /// <param name="weights"><c>[row][lane][channel]</c>.</param>
    /// <param name="activations"><c>[pixel][row][lane]</c>.</param>
    /// <param name="pitch">Elements from pixel to pixel.</param>
    /// <param name="rows">Additions.</param>
    /// <param name="lanes">Products of one addition.</param>
    /// <param name="range">The word of the partial sum.</param>
    /// <param name="sums">Result, <c>[pixel][channel]</c>.</param>
    /// <returns>Additions that left the word.</returns>
    public static long Run(T* weights, T* activations, nint pitch, int rows, int lanes, WordRange<T>* range, T* sums)
    {
        WordRangeVector<TVector> word = WordRangeVector<TVector>.Of<TSimd, T>(*range);
        TVector zero = TSimd.Broadcast(default);
        TVector p0 = zero, p1 = zero, p2 = zero, p3 = zero;
        TVector within = zero;
        T* a0 = activations;
        T* a1 = activations + pitch;
        T* a2 = activations + (2 * pitch);
        T* a3 = activations + (3 * pitch);
        if (lanes == 1)
        {
            for (nint row = 0; row < rows; row++)
            {
                TVector w = TSimd.Load(weights);
                p0 = TAddition.Add<TSimd, TVector, T>(p0, TSimd.Multiply(w, TSimd.Broadcast(a0[row])), word, ref within);
                p1 = TAddition.Add<TSimd, TVector, T>(p1, TSimd.Multiply(w, TSimd.Broadcast(a1[row])), word, ref within);
                p2 = TAddition.Add<TSimd, TVector, T>(p2, TSimd.Multiply(w, TSimd.Broadcast(a2[row])), word, ref within);
                p3 = TAddition.Add<TSimd, TVector, T>(p3, TSimd.Multiply(w, TSimd.Broadcast(a3[row])), word, ref within);
                weights += TSimd.Count;
            }
        }
        else
        {
            for (nint row = 0; row < rows; row++)
            {
                TVector q0 = zero, q1 = zero, q2 = zero, q3 = zero;
                for (nint lane = 0; lane < lanes; lane++)
                {
                    TVector w = TSimd.Load(weights);
                    q0 = TSimd.Add(q0, TSimd.Multiply(w, TSimd.Broadcast(*a0++)));
                    q1 = TSimd.Add(q1, TSimd.Multiply(w, TSimd.Broadcast(*a1++)));
                    q2 = TSimd.Add(q2, TSimd.Multiply(w, TSimd.Broadcast(*a2++)));
                    q3 = TSimd.Add(q3, TSimd.Multiply(w, TSimd.Broadcast(*a3++)));
                    weights += TSimd.Count;
                }
                p0 = TAddition.Add<TSimd, TVector, T>(p0, q0, word, ref within);
                p1 = TAddition.Add<TSimd, TVector, T>(p1, q1, word, ref within);
                p2 = TAddition.Add<TSimd, TVector, T>(p2, q2, word, ref within);
                p3 = TAddition.Add<TSimd, TVector, T>(p3, q3, word, ref within);
            }
        }
        TSimd.Store(p0, sums);
        TSimd.Store(p1, sums + TSimd.Count);
        TSimd.Store(p2, sums + (2 * TSimd.Count));
        TSimd.Store(p3, sums + (3 * TSimd.Count));
        return TAddition.Counts ? ((long)rows * Pixels * TSimd.Count) + TSimd.Sum(within) : 0;
    }
}
