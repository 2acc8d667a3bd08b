// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>
/// The exact product of one-bit activations and one-bit weights, four products at a time: the four bits of an activation choose a table, in which the four bits of every
/// channel's weights choose the number of bits that differ. <c>acc[m, c] = start[m][c] - factor * popcount(a[m] xor w[c])</c>.
/// </summary>
internal static unsafe class BitProductKernel<TLanes, TVector, TTable, TTile>
    where TLanes : struct, IByteLanes<TVector, TTable>
    where TVector : unmanaged
    where TTile : struct, IBitTile
{
    /// <param name="weights"><c>[step][channel]</c>, four bits in each byte.</param>
    /// <param name="activations">Four bits in the upper half of each byte.</param>
    /// <param name="bases">Byte of each pixel's first activation.</param>
    /// <param name="pixels">Number of pixels.</param>
    /// <param name="runs">Runs of bytes of one pixel.</param>
    /// <param name="chunks">Runs in each chunk that a byte can count.</param>
    /// <param name="factor">Factor of the count.</param>
    /// <param name="tables">Of <see cref="BitProductKernels.Tables"/>.</param>
    /// <param name="accumulators">The channels of the first pixel: what they start from, and the result.</param>
    /// <param name="pitch">Elements from pixel to pixel.</param>
    public static void Run(
        byte* weights,
        byte* activations,
        int* bases,
        int pixels,
        ReadOnlySpan<ActivationRun> runs,
        ReadOnlySpan<int> chunks,
        int factor,
        byte* tables,
        int* accumulators,
        nint pitch)
    {
        byte** p = stackalloc byte*[TTile.Pixels];
        TVector* counts = stackalloc TVector[TTile.Pixels * TTile.Vectors];
        for (int pixel = 0; pixel < pixels; pixel += TTile.Pixels)
        {
            int there = Math.Min(TTile.Pixels, pixels - pixel);
            for (int i = 0; i < TTile.Pixels; i++)
            {
                p[i] = activations + bases[Math.Min(pixel + i, pixels - 1)];
            }
            byte* w = weights;
            int run = 0;
            foreach (int chunk in chunks)
            {
                w = TTile.Chunk<TLanes, TVector, TTable>(w, p, runs.Slice(run, chunk), tables, counts);
                run += chunk;
                for (int i = 0; i < there; i++)
                {
                    int* sums = accumulators + ((pixel + i) * pitch);
                    TLanes.SubtractFrom(sums, (byte*)(counts + (i * TTile.Vectors)), TTile.Vectors * TLanes.Count, factor);
                }
            }
        }
    }
}

/// <summary>Pixels and vectors of channels whose counts are in registers together.</summary>
internal unsafe interface IBitTile
{
    /// <summary>Pixels.</summary>
    static abstract int Pixels { get; }

    /// <summary>Vectors of channels.</summary>
    static abstract int Vectors { get; }

    /// <summary>Counts what differs in one chunk, <c>[pixel][channel]</c>; the weights after it.</summary>
    static abstract byte* Chunk<TLanes, TVector, TTable>(byte* w, byte** p, ReadOnlySpan<ActivationRun> runs, byte* tables, TVector* counts)
        where TLanes : struct, IByteLanes<TVector, TTable>
        where TVector : unmanaged;
}

/// <summary>Eight pixels by one vector.</summary>
internal readonly unsafe struct TileOfOneVector : IBitTile
{
    public static int Pixels => 8;

    public static int Vectors => 1;

    public static byte* Chunk<TLanes, TVector, TTable>(byte* w, byte** p, ReadOnlySpan<ActivationRun> runs, byte* tables, TVector* counts)
        where TLanes : struct, IByteLanes<TVector, TTable>
        where TVector : unmanaged
    {
        byte* p0 = p[0], p1 = p[1], p2 = p[2], p3 = p[3], p4 = p[4], p5 = p[5], p6 = p[6], p7 = p[7];
        TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        foreach (ActivationRun run in runs)
        {
            for (nint offset = run.Offset, end = offset + run.Groups; offset < end; offset++)
            {
                TVector bits = TLanes.Load(w);
                w += TLanes.Count;
                a0 = TLanes.AddSelected(a0, TLanes.LoadTable(tables, p0[offset]), bits);
                a1 = TLanes.AddSelected(a1, TLanes.LoadTable(tables, p1[offset]), bits);
                a2 = TLanes.AddSelected(a2, TLanes.LoadTable(tables, p2[offset]), bits);
                a3 = TLanes.AddSelected(a3, TLanes.LoadTable(tables, p3[offset]), bits);
                a4 = TLanes.AddSelected(a4, TLanes.LoadTable(tables, p4[offset]), bits);
                a5 = TLanes.AddSelected(a5, TLanes.LoadTable(tables, p5[offset]), bits);
                a6 = TLanes.AddSelected(a6, TLanes.LoadTable(tables, p6[offset]), bits);
                a7 = TLanes.AddSelected(a7, TLanes.LoadTable(tables, p7[offset]), bits);
            }
        }
        (counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]) = (a0, a1, a2, a3, a4, a5, a6, a7);
        return w;
    }
}

/// <summary>Four pixels by two vectors: every table that is loaded serves both.</summary>
internal readonly unsafe struct TileOfTwoVectors : IBitTile
{
    public static int Pixels => 4;

    public static int Vectors => 2;

    public static byte* Chunk<TLanes, TVector, TTable>(byte* w, byte** p, ReadOnlySpan<ActivationRun> runs, byte* tables, TVector* counts)
        where TLanes : struct, IByteLanes<TVector, TTable>
        where TVector : unmanaged
    {
        byte* p0 = p[0], p1 = p[1], p2 = p[2], p3 = p[3];
        TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        foreach (ActivationRun run in runs)
        {
            for (nint offset = run.Offset, end = offset + run.Groups; offset < end; offset++)
            {
                TVector first = TLanes.Load(w);
                TVector second = TLanes.Load(w + TLanes.Count);
                w += 2 * TLanes.Count;
                TTable t0 = TLanes.LoadTable(tables, p0[offset]);
                TTable t1 = TLanes.LoadTable(tables, p1[offset]);
                TTable t2 = TLanes.LoadTable(tables, p2[offset]);
                TTable t3 = TLanes.LoadTable(tables, p3[offset]);
                a0 = TLanes.AddSelected(a0, t0, first);
                a1 = TLanes.AddSelected(a1, t1, first);
                a2 = TLanes.AddSelected(a2, t2, first);
                a3 = TLanes.AddSelected(a3, t3, first);
                b0 = TLanes.AddSelected(b0, t0, second);
                b1 = TLanes.AddSelected(b1, t1, second);
                b2 = TLanes.AddSelected(b2, t2, second);
                b3 = TLanes.AddSelected(b3, t3, second);
            }
        }
        (counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]) = (a0, b0, a1, b1, a2, b2, a3, b3);
        return w;
    }
}

/// <summary>The bit product for a machine and a number of channels.</summary>
internal static unsafe class BitProductKernels
{
    /// <summary>Steps of four products after which a byte could overflow: <c>4 * 63 &lt;= 255</c>.</summary>
    public const int StepsOfChunk = 63;

    /// <summary>Channels of one call: one vector, or two where there are more.</summary>
    public static int Channels(InstructionSet set, int channels) => BytesOfVector(set) * (channels > BytesOfVector(set) ? TileOfTwoVectors.Vectors : TileOfOneVector.Vectors);

    /// <summary>The kernel for calls of <see cref="Channels"/>.</summary>
    /// <inheritdoc cref="BitProductKernel{TLanes, TVector, TTable, TTile}.Run"/>
    public static delegate*<byte*, byte*, int*, int, ReadOnlySpan<ActivationRun>, ReadOnlySpan<int>, int, byte*, int*, nint, void> For(InstructionSet set, int channels) =>
        (set, channels > BytesOfVector(set)) switch
        {
            (InstructionSet.Scalar, false) => &BitProductKernel<ByteLanes64, ulong, ulong, TileOfOneVector>.Run,
            (InstructionSet.Scalar, true) => &BitProductKernel<ByteLanes64, ulong, ulong, TileOfTwoVectors>.Run,
            (InstructionSet.Avx512, false) => &BitProductKernel<ByteLanes512, Vector512<byte>, Vector512<byte>, TileOfOneVector>.Run,
            (InstructionSet.Avx512, true) => &BitProductKernel<ByteLanes512, Vector512<byte>, Vector512<byte>, TileOfTwoVectors>.Run,
            (_, false) => &BitProductKernel<ByteLanes256, Vector256<byte>, Vector256<byte>, TileOfOneVector>.Run,
            (_, true) => &BitProductKernel<ByteLanes256, Vector256<byte>, Vector256<byte>, TileOfTwoVectors>.Run,
        };

    private static int BytesOfVector(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => ByteLanes64.Count,
        InstructionSet.Avx512 => ByteLanes512.Count,
        _ => ByteLanes256.Count,
    };

    /// <summary>The 16 tables of 16 bytes: entry w of table a is <c>popcount(a xor w)</c>.</summary>
    public static PinnedBuffer<byte> Tables()
    {
        PinnedBuffer<byte> tables = new(16 * 16);
        for (int i = 0; i < tables.Length; i++)
        {
            tables.Span[i] = (byte)BitOperations.PopCount((uint)((i >> 4) ^ (i & 15)));
        }
        return tables;
    }
}

/// <summary>Codes of two values as the bit product takes them: bit i of four is whether code i is the greater value, in the upper half of a byte.</summary>
internal static unsafe class BitPacking
{
    /// <param name="codes">Codes.</param>
    /// <param name="count">Number of codes.</param>
    /// <param name="low">The lesser value.</param>
    /// <param name="destination">Result, <c>ceil(count / 4)</c> bytes.</param>
    public static void Run(int* codes, int count, int low, byte* destination)
    {
        int i = 0;
        Vector128<int> least = Vector128.Create(low);
        for (; i + 4 <= count; i += 4)
        {
            *destination++ = (byte)(Vector128.GreaterThan(Vector128.Load(codes + i), least).ExtractMostSignificantBits() << 4);
        }
        if (i < count)
        {
            int bits = 0;
            for (int bit = 4; i < count; i++, bit++)
            {
                bits |= codes[i] > low ? 1 << bit : 0;
            }
            *destination = (byte)bits;
        }
    }
}
