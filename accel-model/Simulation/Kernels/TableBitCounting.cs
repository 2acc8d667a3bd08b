// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>
/// Counts with a shuffle of bytes: the four bits of two pixels' activations choose one of 256 tables, in which the four bits of every channel's weights choose both
/// numbers of bits that differ. Halves of a byte hold three such numbers (<c>3 * 4 &lt;= 15</c>) before they are told apart.
/// </summary>
internal readonly unsafe struct TableBitCounting<TLanes, TVector> : IBitCounting
    where TLanes : struct, IByteLanes<TVector>
    where TVector : unmanaged
{
    private const int Row = BitProductKernels.Choices;

    public static int Channels => TLanes.Count;

    public static int Choose(byte** p, ReadOnlySpan<ActivationRun> runs, ushort* chosen)
    {
        int steps = 0;
        for (int pair = 0; pair < BitProductKernels.Pixels / 2; pair++)
        {
            steps = TableBitCounting.ChooseTables(p[2 * pair], p[(2 * pair) + 1], runs, chosen + (pair * Row));
        }
        return steps;
    }

    public static void Count(byte* w, ushort* chosen, int steps, byte* tables, byte* counts)
    {
        // Of both pixels of a pair, 16 * first + second modulo 256, and the first alone.
        TVector both0 = TLanes.Zero, both1 = both0, both2 = both0, both3 = both0, first0 = both0, first1 = both0, first2 = both0, first3 = both0;
        ushort* end = chosen + steps;
        for (; chosen < end - 2; chosen += 3)
        {
            TVector w0 = TLanes.Load(w);
            TVector w1 = TLanes.Load(w + TLanes.Count);
            TVector w2 = TLanes.Load(w + (2 * TLanes.Count));
            w += 3 * TLanes.Count;
            Add(ref both0, ref first0, Three(tables, chosen, w0, w1, w2));
            Add(ref both1, ref first1, Three(tables, chosen + Row, w0, w1, w2));
            Add(ref both2, ref first2, Three(tables, chosen + (2 * Row), w0, w1, w2));
            Add(ref both3, ref first3, Three(tables, chosen + (3 * Row), w0, w1, w2));
        }
        for (; chosen < end; chosen++)
        {
            TVector bits = TLanes.Load(w);
            w += TLanes.Count;
            Add(ref both0, ref first0, TLanes.Select(tables + chosen[0], bits));
            Add(ref both1, ref first1, TLanes.Select(tables + chosen[Row], bits));
            Add(ref both2, ref first2, TLanes.Select(tables + chosen[2 * Row], bits));
            Add(ref both3, ref first3, TLanes.Select(tables + chosen[3 * Row], bits));
        }
        Store(both0, first0, counts);
        Store(both1, first1, counts + (2 * TLanes.Count));
        Store(both2, first2, counts + (4 * TLanes.Count));
        Store(both3, first3, counts + (6 * TLanes.Count));
    }

    public static void SubtractFrom(int* sums, byte* counts, int factor) => TLanes.SubtractFrom(sums, counts, factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Three(byte* tables, ushort* chosen, TVector w0, TVector w1, TVector w2) =>
        TLanes.Add(TLanes.Add(TLanes.Select(tables + chosen[0], w0), TLanes.Select(tables + chosen[1], w1)), TLanes.Select(tables + chosen[2], w2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref TVector both, ref TVector first, TVector halves)
    {
        both = TLanes.Add(both, halves);
        first = TLanes.Add(first, TLanes.UpperHalves(halves));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector both, TVector first, byte* counts)
    {
        TLanes.Store(first, counts);
        TLanes.Store(TLanes.SubtractSixteenfold(both, first), counts + TLanes.Count);
    }
}

/// <summary>Which tables two pixels' activations choose.</summary>
internal static unsafe class TableBitCounting
{
    /// <summary>Byte of the table of each step, <c>256 * first + 16 * second</c>.</summary>
    /// <returns>Number of steps.</returns>
    public static int ChooseTables(byte* first, byte* second, ReadOnlySpan<ActivationRun> runs, ushort* chosen)
    {
        ushort* end = chosen;
        foreach (ActivationRun run in runs)
        {
            // What is read and written beyond the run is inside the buffers, and the next run writes over it.
            for (nint i = 0; i < run.Groups; i += Vector128<ushort>.Count)
            {
                Vector128<ushort> upper = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(first + run.Offset + i)).AsByte());
                Vector128<ushort> lower = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(second + run.Offset + i)).AsByte());
                ((upper << 4) | lower).Store(end + i);
            }
            end += run.Groups;
        }
        return (int)(end - chosen);
    }
}
