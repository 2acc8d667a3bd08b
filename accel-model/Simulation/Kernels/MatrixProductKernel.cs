// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>A run of activations that lie side by side.</summary>
/// <param name="Offset">Bytes from a pixel's base to the run.</param>
/// <param name="Groups">Groups of 32 bits; what the last one reads beyond the run meets weights that are zero.</param>
internal readonly record struct ActivationRun(int Offset, int Groups);

/// <summary>
/// The exact matrix product of pixels and one block of <c>2 * Count</c> output channels, with the convolution's windows read where they lie:
/// <c>acc[m, c] = initial[c] + sum over k of a[base[m] + offset(k)] * w[k, c]</c> modulo <c>2^32</c>.
/// </summary>
internal static unsafe class MatrixProductKernel<TDot, TVector>
    where TDot : struct, IDotProduct<TVector>
{
    private const int Tile = 4;

    /// <param name="weights"><c>[run][group][channel]</c>, 32 bits each.</param>
    /// <param name="activations">First byte of the operands.</param>
    /// <param name="bases">Byte offset of each pixel's first activation.</param>
    /// <param name="pixels">Number of pixels.</param>
    /// <param name="runs">Runs of one pixel.</param>
    /// <param name="initial">What each channel starts from.</param>
    /// <param name="accumulators">Result, <c>[pixel][channel]</c>.</param>
    /// <param name="pitch">Elements from pixel to pixel of the result.</param>
    public static void Run(
        int* weights, byte* activations, int* bases, int pixels, ReadOnlySpan<ActivationRun> runs, int* initial, int* accumulators, nint pitch)
    {
        TVector first = TDot.Load(initial);
        TVector second = TDot.Load(initial + TDot.Count);
        for (int pixel = 0; pixel < pixels; pixel += Tile)
        {
            // The last tile computes its last pixel several times instead of pixels that are not there.
            int last = pixels - 1;
            byte* p0 = activations + bases[pixel];
            byte* p1 = activations + bases[Math.Min(pixel + 1, last)];
            byte* p2 = activations + bases[Math.Min(pixel + 2, last)];
            byte* p3 = activations + bases[Math.Min(pixel + 3, last)];
            int* w = weights;
            TVector a00 = first, a01 = second, a10 = first, a11 = second, a20 = first, a21 = second, a30 = first, a31 = second;
            foreach (ActivationRun run in runs)
            {
                for (nint offset = run.Offset, end = offset + (4 * run.Groups); offset < end; offset += 4)
                {
                    TVector w0 = TDot.Load(w);
                    TVector w1 = TDot.Load(w + TDot.Count);
                    w += 2 * TDot.Count;
                    TVector group = TDot.Broadcast(Unsafe.ReadUnaligned<int>(p0 + offset));
                    a00 = TDot.MultiplyAdd(a00, group, w0);
                    a01 = TDot.MultiplyAdd(a01, group, w1);
                    group = TDot.Broadcast(Unsafe.ReadUnaligned<int>(p1 + offset));
                    a10 = TDot.MultiplyAdd(a10, group, w0);
                    a11 = TDot.MultiplyAdd(a11, group, w1);
                    group = TDot.Broadcast(Unsafe.ReadUnaligned<int>(p2 + offset));
                    a20 = TDot.MultiplyAdd(a20, group, w0);
                    a21 = TDot.MultiplyAdd(a21, group, w1);
                    group = TDot.Broadcast(Unsafe.ReadUnaligned<int>(p3 + offset));
                    a30 = TDot.MultiplyAdd(a30, group, w0);
                    a31 = TDot.MultiplyAdd(a31, group, w1);
                }
            }
            Store(a00, a01, accumulators + (pixel * pitch));
            Store(a10, a11, accumulators + (Math.Min(pixel + 1, last) * pitch));
            Store(a20, a21, accumulators + (Math.Min(pixel + 2, last) * pitch));
            Store(a30, a31, accumulators + (Math.Min(pixel + 3, last) * pitch));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector low, TVector high, int* destination)
    {
        TDot.Store(low, destination);
        TDot.Store(high, destination + TDot.Count);
    }
}
