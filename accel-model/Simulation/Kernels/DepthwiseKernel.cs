// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>
/// The exact sums of a depthwise convolution, channels side by side, two kernel elements at a time:
/// <c>acc[m, c] = initial[c] + sum over t of the two 16-bit products of plane[base[m] + offset[t] + c] and w[t, c]</c> modulo <c>2^32</c>.
/// </summary>
internal static unsafe class DepthwiseKernel<TDot, TVector>
    where TDot : struct, IDotProduct<TVector>
{
    private const int Tile = 4;

    /// <param name="weights"><c>[pair of kernel elements][channel]</c>, two 16-bit weights each.</param>
    /// <param name="pitch">Channels, whole vectors; also elements from pixel to pixel of the result.</param>
    /// <param name="plane">Two 16-bit activations in every element.</param>
    /// <param name="bases">Element of each pixel's first activation.</param>
    /// <param name="pixels">Number of pixels.</param>
    /// <param name="offsets">Elements from there, one for each pair.</param>
    /// <param name="pairs">Number of pairs.</param>
    /// <param name="initial">What each channel starts from.</param>
    /// <param name="accumulators">Result, <c>[pixel][channel]</c>.</param>
    public static void Run(int* weights, int pitch, int* plane, int* bases, int pixels, int* offsets, int pairs, int* initial, int* accumulators)
    {
        int last = pixels - 1;
        for (nint c = 0; c < pitch; c += TDot.Count)
        {
            TVector first = TDot.Load(initial + c);
            for (int pixel = 0; pixel < pixels; pixel += Tile)
            {
                // The last tile computes its last pixel several times instead of pixels that are not there.
                int m1 = Math.Min(pixel + 1, last), m2 = Math.Min(pixel + 2, last), m3 = Math.Min(pixel + 3, last);
                int* p0 = plane + bases[pixel] + c;
                int* p1 = plane + bases[m1] + c;
                int* p2 = plane + bases[m2] + c;
                int* p3 = plane + bases[m3] + c;
                TVector a0 = first, a1 = first, a2 = first, a3 = first;
                int* w = weights + c;
                for (nint t = 0; t < pairs; t++, w += pitch)
                {
                    TVector pair = TDot.Load(w);
                    nint offset = offsets[t];
                    a0 = TDot.MultiplyAdd(a0, TDot.Load(p0 + offset), pair);
                    a1 = TDot.MultiplyAdd(a1, TDot.Load(p1 + offset), pair);
                    a2 = TDot.MultiplyAdd(a2, TDot.Load(p2 + offset), pair);
                    a3 = TDot.MultiplyAdd(a3, TDot.Load(p3 + offset), pair);
                }
                TDot.Store(a0, accumulators + ((nint)pixel * pitch) + c);
                TDot.Store(a1, accumulators + ((nint)m1 * pitch) + c);
                TDot.Store(a2, accumulators + ((nint)m2 * pitch) + c);
                TDot.Store(a3, accumulators + ((nint)m3 * pitch) + c);
            }
        }
    }
}

/// <summary>Joins two 16-bit elements of a plane: <c>destination[i] = source[i] | source[i + distance] &lt;&lt; 16</c>.</summary>
internal static unsafe class PairKernel<TSimd, TVector>
    where TSimd : struct, ISimd<TVector, int>
{
    /// <param name="source">Elements.</param>
    /// <param name="distance">From the low to the high one.</param>
    /// <param name="destination">Result, with a vector's room behind it.</param>
    /// <param name="count">Elements of the result.</param>
    public static void Run(short* source, nint distance, int* destination, int count)
    {
        TVector low = TSimd.Broadcast(0xFFFF);
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector high = TSimd.ShiftLeft(TSimd.LoadWidened(source + distance + i), 16);
            TSimd.Store(TSimd.Add(TSimd.And(TSimd.LoadWidened(source + i), low), high), destination + i);
        }
    }
}

/// <summary>The kernels of a depthwise convolution for a machine.</summary>
internal static unsafe class DepthwiseKernels
{
    /// <inheritdoc cref="DepthwiseKernel{TDot, TVector}.Run"/>
    public static delegate*<int*, int, int*, int*, int, int*, int, int*, int*, void> For(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => &DepthwiseKernel<PairDotProduct1, int>.Run,
        InstructionSet.Avx512 => &DepthwiseKernel<PairDotProduct512, Vector512<int>>.Run,
        _ => &DepthwiseKernel<PairDotProduct256, Vector256<int>>.Run,
    };

    /// <inheritdoc cref="PairKernel{TSimd, TVector}.Run"/>
    public static delegate*<short*, nint, int*, int, void> PairsFor(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => &PairKernel<Simd1<int>, int>.Run,
        InstructionSet.Avx512 => &PairKernel<Simd512<int>, Vector512<int>>.Run,
        _ => &PairKernel<Simd256<int>, Vector256<int>>.Run,
    };
}
