// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>
/// Counts in words of any processor, eight channels each: what differs is counted in all bytes at once (the usual sums of neighbouring bits, pairs and halves), which takes
/// fewer steps than eight entries of a table looked up one by one.
/// </summary>
internal readonly unsafe struct WordBitCounting : IBitCounting
{
    private const ulong EachByte = 0x0101010101010101;

    private const int Row = BitProductKernels.Choices;

    public static int Channels => sizeof(ulong);

    public static int Choose(byte** p, ReadOnlySpan<ActivationRun> runs, ushort* chosen)
    {
        int step = 0;
        foreach (ActivationRun run in runs)
        {
            for (nint offset = run.Offset, end = offset + run.Groups; offset < end; offset++, step++)
            {
                for (int pixel = 0; pixel < BitProductKernels.Pixels; pixel++)
                {
                    chosen[(pixel * Row) + step] = (ushort)(p[pixel][offset] >> 4);
                }
            }
        }
        return step;
    }

    public static void Count(byte* w, ushort* chosen, int steps, byte* tables, byte* counts)
    {
        ulong a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0;
        for (ushort* end = chosen + steps; chosen < end; chosen++)
        {
            ulong bits = Unsafe.ReadUnaligned<ulong>(w);
            w += sizeof(ulong);
            a0 += Differing(chosen[0], bits);
            a1 += Differing(chosen[Row], bits);
            a2 += Differing(chosen[2 * Row], bits);
            a3 += Differing(chosen[3 * Row], bits);
            a4 += Differing(chosen[4 * Row], bits);
            a5 += Differing(chosen[5 * Row], bits);
            a6 += Differing(chosen[6 * Row], bits);
            a7 += Differing(chosen[7 * Row], bits);
        }
        ulong* result = (ulong*)counts;
        (result[0], result[1], result[2], result[3], result[4], result[5], result[6], result[7]) = (a0, a1, a2, a3, a4, a5, a6, a7);
    }

    public static void SubtractFrom(int* sums, byte* counts, int factor)
    {
        for (int i = 0; i < Channels; i++)
        {
            sums[i] -= factor * counts[i];
        }
    }

    /// <summary>How many of four bits differ from those of an activation, in each byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Differing(uint activation, ulong weights)
    {
        ulong differ = (activation * EachByte) ^ weights;
        ulong pairs = differ - ((differ >> 1) & (0x55 * EachByte));
        return (pairs & (0x33 * EachByte)) + ((pairs >> 2) & (0x33 * EachByte));
    }
}
