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

    /// <summary>Loads one of 16 tables of 16 bytes; <paramref name="table"/> is its first byte.</summary>
    static abstract TTable LoadTable(byte* tables, byte table);

    /// <summary>Adds each byte's entry: <c>counts[i] + table[indices[i]]</c>.</summary>
    static abstract TVector AddSelected(TVector counts, TTable table, TVector indices);

    /// <summary><c>sums[i] -= factor * counts[i]</c> for a multiple of <see cref="Count"/> of bytes.</summary>
    static abstract void SubtractFrom(int* sums, byte* counts, int length, int factor);
}

/// <summary>64 bytes (AVX-512).</summary>
internal readonly unsafe struct ByteLanes512 : IByteLanes<Vector512<byte>, Vector512<byte>>
{
    public static int Count => Vector512<byte>.Count;

    public static Vector512<byte> Zero => Vector512<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> LoadTable(byte* tables, byte table) => Avx512F.BroadcastVector128ToVector512((int*)(tables + table)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddSelected(Vector512<byte> counts, Vector512<byte> table, Vector512<byte> indices) => counts + Avx512BW.Shuffle(table, indices);

    public static void SubtractFrom(int* sums, byte* counts, int length, int factor)
    {
        for (int i = 0; i < length; i += Vector512<int>.Count)
        {
            (Vector512.Load(sums + i) - (Avx512F.ConvertToVector512Int32(Vector128.Load(counts + i)) * factor)).Store(sums + i);
        }
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
    public static Vector256<byte> LoadTable(byte* tables, byte table) => Avx2.BroadcastVector128ToVector256(tables + table);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddSelected(Vector256<byte> counts, Vector256<byte> table, Vector256<byte> indices) => counts + Avx2.Shuffle(table, indices);

    public static void SubtractFrom(int* sums, byte* counts, int length, int factor)
    {
        for (int i = 0; i < length; i += Vector256<int>.Count)
        {
            (Vector256.Load(sums + i) - (Avx2.ConvertToVector256Int32(counts + i) * factor)).Store(sums + i);
        }
    }
}

/// <summary>
/// Eight bytes in one word of any processor. A table is the four bits that it stands for, in every byte: what differs is counted in all bytes at once
/// (the usual sums of neighbouring bits, pairs and halves), which takes fewer steps than eight entries looked up one by one.
/// </summary>
internal readonly unsafe struct ByteLanes64 : IByteLanes<ulong, ulong>
{
    private const ulong EachByte = 0x0101010101010101;

    public static int Count => sizeof(ulong);

    public static ulong Zero => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* source) => Unsafe.ReadUnaligned<ulong>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong LoadTable(byte* tables, byte table) => (uint)(table >> 4) * EachByte;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AddSelected(ulong counts, ulong table, ulong indices)
    {
        ulong differ = table ^ indices;
        ulong pairs = differ - ((differ >> 1) & (0x55 * EachByte));
        return counts + (pairs & (0x33 * EachByte)) + ((pairs >> 2) & (0x33 * EachByte));
    }

    public static void SubtractFrom(int* sums, byte* counts, int length, int factor)
    {
        for (int i = 0; i < length; i++)
        {
            sums[i] -= factor * counts[i];
        }
    }
}
