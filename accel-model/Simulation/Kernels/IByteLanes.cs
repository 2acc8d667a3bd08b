// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AccelModel.Simulation.Kernels;

/// <summary>A vector of bytes that count, each from a table of 16 entries.</summary>
/// <typeparam name="TVector">Bytes.</typeparam>
/// <typeparam name="TTable">A table, ready for use.</typeparam>
internal unsafe interface IByteLanes<TVector, TTable>
{
    /// <summary>Bytes of a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Load(byte* source);

    /// <summary>Loads a table of 16 bytes.</summary>
    static abstract TTable LoadTable(byte* source);

    /// <summary>Adds each byte's entry: <c>counts[i] + table[indices[i]]</c>.</summary>
    static abstract TVector AddSelected(TVector counts, TTable table, TVector indices);

    /// <summary><c>sums[i] -= factor * counts[i]</c>.</summary>
    static abstract void SubtractFrom(int* sums, TVector counts, int factor);
}

/// <summary>64 bytes (AVX-512).</summary>
internal readonly unsafe struct ByteLanes512 : IByteLanes<Vector512<byte>, Vector512<byte>>
{
    public static int Count => Vector512<byte>.Count;

    public static Vector512<byte> Zero => Vector512<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> LoadTable(byte* source) => Avx512F.BroadcastVector128ToVector512((int*)source).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddSelected(Vector512<byte> counts, Vector512<byte> table, Vector512<byte> indices) => counts + Avx512BW.Shuffle(table, indices);

    public static void SubtractFrom(int* sums, Vector512<byte> counts, int factor)
    {
        (Vector512<ushort> low, Vector512<ushort> high) = Vector512.Widen(counts);
        Subtract(sums, low, factor);
        Subtract(sums + (2 * Vector512<int>.Count), high, factor);
    }

    private static void Subtract(int* sums, Vector512<ushort> counts, int factor)
    {
        (Vector512<uint> low, Vector512<uint> high) = Vector512.Widen(counts);
        (Vector512.Load(sums) - (low.AsInt32() * factor)).Store(sums);
        (Vector512.Load(sums + Vector512<int>.Count) - (high.AsInt32() * factor)).Store(sums + Vector512<int>.Count);
    }
}

/// <summary>32 bytes (AVX2).</summary>
internal readonly unsafe struct ByteLanes256 : IByteLanes<Vector256<byte>, Vector256<byte>>
{
    public static int Count => Vector256<byte>.Count;

    public static Vector256<byte> Zero => Vector256<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LoadTable(byte* source) => Avx2.BroadcastVector128ToVector256(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddSelected(Vector256<byte> counts, Vector256<byte> table, Vector256<byte> indices) => counts + Avx2.Shuffle(table, indices);

    public static void SubtractFrom(int* sums, Vector256<byte> counts, int factor)
    {
        (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(counts);
        Subtract(sums, low, factor);
        Subtract(sums + (2 * Vector256<int>.Count), high, factor);
    }

    private static void Subtract(int* sums, Vector256<ushort> counts, int factor)
    {
        (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(counts);
        (Vector256.Load(sums) - (low.AsInt32() * factor)).Store(sums);
        (Vector256.Load(sums + Vector256<int>.Count) - (high.AsInt32() * factor)).Store(sums + Vector256<int>.Count);
    }
}

/// <summary>One byte; a table is its address.</summary>
internal readonly unsafe struct ByteLanes1 : IByteLanes<byte, nint>
{
    public static int Count => 1;

    public static byte Zero => 0;

    public static byte Load(byte* source) => *source;

    public static nint LoadTable(byte* source) => (nint)source;

    public static byte AddSelected(byte counts, nint table, byte indices) => (byte)(counts + ((byte*)table)[indices]);

    public static void SubtractFrom(int* sums, byte counts, int factor) => *sums -= factor * counts;
}
