// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>Where the lanes of a product take their activation from.</summary>
internal interface IActivationSource
{
    static abstract unsafe TVector Load<TSimd, TVector, T>(T* source)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged;
}

/// <summary>All output channels read the same element.</summary>
internal readonly struct SharedActivation : IActivationSource
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe TVector Load<TSimd, TVector, T>(T* source)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged =>
        TSimd.Broadcast(*source);
}

/// <summary>Every output channel reads an element of its own, side by side (depthwise).</summary>
internal readonly struct OwnActivations : IActivationSource
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe TVector Load<TSimd, TVector, T>(T* source)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged =>
        TSimd.Load(source);
}

/// <summary>
/// Additions of one segment, for <see cref="OrderedTile.Pixels"/> pixels and one vector of output channels: in the order of the rows,
/// <c>p = add(p, sum over lanes of w[row, lane, channel] * a[pixel, row, lane])</c>.
/// </summary>
internal static unsafe class PartialSumKernel<TSimd, TVector, T, TAddition, TSource>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged
    where TAddition : struct, IBoundedAddition
    where TSource : struct, IActivationSource
{
    /// <param name="weights"><c>[row][lane][channel]</c>.</param>
    /// <param name="windows">First element of each pixel's window.</param>
    /// <param name="offsets">Elements from there to the activation, <c>[row][lane]</c>.</param>
    /// <param name="rows">Additions.</param>
    /// <param name="safeRows">With one lane: so many additions come before the first one that can overflow, and are neither checked nor counted.</param>
    /// <param name="lanes">Products of one addition.</param>
    /// <param name="range">The word of the partial sum.</param>
    /// <param name="sums">Partial sums so far, and the result, <c>[pixel][channel]</c>.</param>
    /// <param name="fresh">Whether they begin at zero, whatever <paramref name="sums"/> holds.</param>
    /// <param name="within">Additions that stay within the word are counted on; untouched where overflow is not counted.</param>
    /// <remarks>Never inlined: only in a method that calls nothing and does nothing else do all sums stay in registers.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run(T* weights, T** windows, int* offsets, int rows, int safeRows, int lanes, in WordRange<T> range, T* sums, bool fresh, ref LaneCount<TVector> within)
    {
        WordRangeVector<TVector> word = WordRangeVector<TVector>.Of<TSimd, T>(range);
        TVector zero = TSimd.Broadcast(default);
        TVector p0 = zero, p1 = zero, p2 = zero, p3 = zero, p4 = zero, p5 = zero, p6 = zero, p7 = zero;
        if (!fresh)
        {
            p0 = TSimd.Load(sums);
            p1 = TSimd.Load(sums + TSimd.Count);
            p2 = TSimd.Load(sums + (2 * TSimd.Count));
            p3 = TSimd.Load(sums + (3 * TSimd.Count));
            p4 = TSimd.Load(sums + (4 * TSimd.Count));
            p5 = TSimd.Load(sums + (5 * TSimd.Count));
            p6 = TSimd.Load(sums + (6 * TSimd.Count));
            p7 = TSimd.Load(sums + (7 * TSimd.Count));
        }
        LaneCount<TVector> counted = within;
        T* a0 = windows[0];
        T* a1 = windows[1];
        T* a2 = windows[2];
        T* a3 = windows[3];
        T* a4 = windows[4];
        T* a5 = windows[5];
        T* a6 = windows[6];
        T* a7 = windows[7];
        if (lanes == 1)
        {
            int* end = offsets + rows;
            for (int* safe = offsets + safeRows; offsets < safe; offsets++)
            {
                nint offset = *offsets;
                TVector w = TSimd.Load(weights);
                weights += TSimd.Count;
                p0 = TSimd.Add(p0, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a0 + offset)));
                p1 = TSimd.Add(p1, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a1 + offset)));
                p2 = TSimd.Add(p2, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a2 + offset)));
                p3 = TSimd.Add(p3, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a3 + offset)));
                p4 = TSimd.Add(p4, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a4 + offset)));
                p5 = TSimd.Add(p5, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a5 + offset)));
                p6 = TSimd.Add(p6, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a6 + offset)));
                p7 = TSimd.Add(p7, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a7 + offset)));
            }
            for (; offsets < end; offsets++)
            {
                nint offset = *offsets;
                TVector w = TSimd.Load(weights);
                weights += TSimd.Count;
                p0 = TAddition.Add<TSimd, TVector, T>(p0, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a0 + offset)), word, ref counted);
                p1 = TAddition.Add<TSimd, TVector, T>(p1, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a1 + offset)), word, ref counted);
                p2 = TAddition.Add<TSimd, TVector, T>(p2, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a2 + offset)), word, ref counted);
                p3 = TAddition.Add<TSimd, TVector, T>(p3, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a3 + offset)), word, ref counted);
                p4 = TAddition.Add<TSimd, TVector, T>(p4, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a4 + offset)), word, ref counted);
                p5 = TAddition.Add<TSimd, TVector, T>(p5, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a5 + offset)), word, ref counted);
                p6 = TAddition.Add<TSimd, TVector, T>(p6, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a6 + offset)), word, ref counted);
                p7 = TAddition.Add<TSimd, TVector, T>(p7, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a7 + offset)), word, ref counted);
            }
        }
        else
        {
            for (nint row = 0; row < rows; row++)
            {
                TVector q0 = zero, q1 = zero, q2 = zero, q3 = zero, q4 = zero, q5 = zero, q6 = zero, q7 = zero;
                for (int* end = offsets + lanes; offsets < end; offsets++)
                {
                    nint offset = *offsets;
                    TVector w = TSimd.Load(weights);
                    weights += TSimd.Count;
                    q0 = TSimd.Add(q0, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a0 + offset)));
                    q1 = TSimd.Add(q1, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a1 + offset)));
                    q2 = TSimd.Add(q2, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a2 + offset)));
                    q3 = TSimd.Add(q3, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a3 + offset)));
                    q4 = TSimd.Add(q4, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a4 + offset)));
                    q5 = TSimd.Add(q5, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a5 + offset)));
                    q6 = TSimd.Add(q6, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a6 + offset)));
                    q7 = TSimd.Add(q7, TSimd.Multiply(w, TSource.Load<TSimd, TVector, T>(a7 + offset)));
                }
                p0 = TAddition.Add<TSimd, TVector, T>(p0, q0, word, ref counted);
                p1 = TAddition.Add<TSimd, TVector, T>(p1, q1, word, ref counted);
                p2 = TAddition.Add<TSimd, TVector, T>(p2, q2, word, ref counted);
                p3 = TAddition.Add<TSimd, TVector, T>(p3, q3, word, ref counted);
                p4 = TAddition.Add<TSimd, TVector, T>(p4, q4, word, ref counted);
                p5 = TAddition.Add<TSimd, TVector, T>(p5, q5, word, ref counted);
                p6 = TAddition.Add<TSimd, TVector, T>(p6, q6, word, ref counted);
                p7 = TAddition.Add<TSimd, TVector, T>(p7, q7, word, ref counted);
            }
        }
        TSimd.Store(p0, sums);
        TSimd.Store(p1, sums + TSimd.Count);
        TSimd.Store(p2, sums + (2 * TSimd.Count));
        TSimd.Store(p3, sums + (3 * TSimd.Count));
        TSimd.Store(p4, sums + (4 * TSimd.Count));
        TSimd.Store(p5, sums + (5 * TSimd.Count));
        TSimd.Store(p6, sums + (6 * TSimd.Count));
        TSimd.Store(p7, sums + (7 * TSimd.Count));
        if (TAddition.Counts)
        {
            within = counted;
        }
    }
}
