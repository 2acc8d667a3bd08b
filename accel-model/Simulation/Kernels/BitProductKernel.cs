// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>
/// The exact product of one-bit activations and one-bit weights, four products at a time: <c>acc[m, c] = start[m][c] - factor * popcount(a[m] xor w[c])</c>.
/// What differs is counted in bytes, chunk by chunk.
/// </summary>
internal static unsafe class BitProductKernel<TCounting>
    where TCounting : struct, IBitCounting
{
    public static void Run(in BitProduct product)
    {
        byte** p = stackalloc byte*[BitProductKernels.Pixels];
        ushort* tables = stackalloc ushort[BitProductKernels.Pixels * BitProductKernels.Choices];
        byte* counts = stackalloc byte[BitProductKernels.Pixels * TCounting.Channels];
        for (int pixel = 0; pixel < product.Pixels; pixel += BitProductKernels.Pixels)
        {
            int there = Math.Min(BitProductKernels.Pixels, product.Pixels - pixel);
            for (int i = 0; i < BitProductKernels.Pixels; i++)
            {
                p[i] = product.Activations + product.Bases[Math.Min(pixel + i, product.Pixels - 1)];
            }
            byte* weights = product.Weights;
            int run = 0;
            foreach (int chunk in product.Chunks)
            {
                int steps = TCounting.Choose(p, product.Runs.Slice(run, chunk), tables);
                for (int block = 0; block < product.Blocks; block++)
                {
                    TCounting.Count(weights + (block * product.BlockBytes), tables, steps, product.Tables, counts);
                    int* sums = product.Accumulators + (pixel * product.Pitch) + ((nint)block * TCounting.Channels);
                    for (int i = 0; i < there; i++)
                    {
                        TCounting.SubtractFrom(sums + (i * product.Pitch), counts + (i * TCounting.Channels), product.Factor);
                    }
                }
                weights += (nint)steps * TCounting.Channels;
                run += chunk;
            }
        }
    }
}

/// <summary>Operands and result of a bit product.</summary>
internal unsafe ref struct BitProduct
{
    /// <summary><c>[block][step][channel]</c>, four bits in each byte.</summary>
    public byte* Weights;

    /// <summary>Blocks of <see cref="BitProductKernels.Channels"/>.</summary>
    public int Blocks;

    /// <summary>Bytes of the weights of a block.</summary>
    public nint BlockBytes;

    /// <summary>Four bits in the upper half of each byte.</summary>
    public byte* Activations;

    /// <summary>Byte of each pixel's first activation.</summary>
    public int* Bases;

    /// <summary>Number of pixels.</summary>
    public int Pixels;

    /// <summary>Runs of bytes of one pixel.</summary>
    public ReadOnlySpan<ActivationRun> Runs;

    /// <summary>Runs in each chunk that a byte can count.</summary>
    public ReadOnlySpan<int> Chunks;

    /// <summary>Factor of the count.</summary>
    public int Factor;

    /// <summary>Of <see cref="BitProductKernels.Tables"/>.</summary>
    public byte* Tables;

    /// <summary>The channels of the first pixel: what they start from, and the result.</summary>
    public int* Accumulators;

    /// <summary>Elements from pixel to pixel.</summary>
    public nint Pitch;
}

/// <summary>Counts differing bits of <see cref="BitProductKernels.Pixels"/> pixels and the channels of a vector of bytes.</summary>
internal unsafe interface IBitCounting
{
    /// <summary>Channels: bytes of a vector.</summary>
    static abstract int Channels { get; }

    /// <summary>Reads the activations of one chunk.</summary>
    /// <param name="p">First byte of each pixel's window.</param>
    /// <param name="runs">The runs of the chunk.</param>
    /// <param name="chosen">Result, <c>[pixel][<see cref="BitProductKernels.Choices"/>]</c>, as <see cref="Count"/> takes it.</param>
    /// <returns>Steps of the chunk.</returns>
    static abstract int Choose(byte** p, ReadOnlySpan<ActivationRun> runs, ushort* chosen);

    /// <summary>Counts what differs in one chunk.</summary>
    /// <param name="w"><c>[step][channel]</c>, four bits in each byte.</param>
    /// <param name="chosen">Of <see cref="Choose"/>.</param>
    /// <param name="steps">Steps of the chunk.</param>
    /// <param name="tables">Of <see cref="BitProductKernels.Tables"/>.</param>
    /// <param name="counts">Result, <c>[pixel][channel]</c>.</param>
    static abstract void Count(byte* w, ushort* chosen, int steps, byte* tables, byte* counts);

    /// <summary><c>sums[c] -= factor * counts[c]</c> for all channels.</summary>
    static abstract void SubtractFrom(int* sums, byte* counts, int factor);
}

/// <summary>The bit product for a machine.</summary>
internal static unsafe class BitProductKernels
{
    /// <summary>Pixels that are counted together.</summary>
    public const int Pixels = 8;

    /// <summary>Steps of four products after which a byte could overflow: <c>4 * 63 &lt;= 255</c>.</summary>
    public const int StepsOfChunk = 63;

    /// <summary>Words for a pixel's activations in a chunk: one a step, and what a vector writes behind them.</summary>
    public const int Choices = 72;

    /// <summary>Channels of one call.</summary>
    public static int Channels(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => WordBitCounting.Channels,
        InstructionSet.Avx512 => TableBitCounting<ByteLanes512, Vector512<byte>>.Channels,
        _ => TableBitCounting<ByteLanes256, Vector256<byte>>.Channels,
    };

    /// <summary>The kernel for calls of <see cref="Channels"/>.</summary>
    public static delegate*<in BitProduct, void> For(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => &BitProductKernel<WordBitCounting>.Run,
        InstructionSet.Avx512 => &BitProductKernel<TableBitCounting<ByteLanes512, Vector512<byte>>>.Run,
        _ => &BitProductKernel<TableBitCounting<ByteLanes256, Vector256<byte>>>.Run,
    };

    /// <summary>
    /// For the four bits of two activations each, 256 tables of 16 bytes: entry w of table (a, b) has <c>popcount(a xor w)</c> in its upper half, <c>popcount(b xor w)</c> in its lower one.
    /// </summary>
    public static PinnedBuffer<byte> Tables()
    {
        PinnedBuffer<byte> tables = new(16 * 16 * 16);
        for (int i = 0; i < tables.Length; i++)
        {
            int w = i & 15;
            tables.Span[i] = (byte)((BitOperations.PopCount((uint)((i >> 8) ^ w)) << 4) | BitOperations.PopCount((uint)(((i >> 4) & 15) ^ w)));
        }
        return tables;
    }
}
