// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AccelModel.Simulation.Kernels;

/// <summary>A vector of bytes, each of which chooses from a table of 16.</summary>
/// <typeparam name="TVector">Bytes.</typeparam>
internal unsafe interface IByteLanes<TVector>
{
    /// <summary>Bytes of a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Load(byte* source);

    static abstract void Store(TVector vector, byte* destination);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>Each byte's entry: <c>table[indices[i]]</c>.</summary>
    static abstract TVector Select(byte* table, TVector indices);

    /// <summary><c>bytes[i] >> 4</c>.</summary>
    static abstract TVector UpperHalves(TVector bytes);

    /// <summary><c>a[i] - 16 * b[i]</c>.</summary>
    static abstract TVector SubtractSixteenfold(TVector a, TVector b);

    /// <summary><c>sums[i] -= factor * counts[i]</c> for <see cref="Count"/> bytes.</summary>
    static abstract void SubtractFrom(int* sums, byte* counts, int factor);
}

/// <summary>64 bytes (AVX-512).</summary>
internal readonly unsafe struct ByteLanes512 : IByteLanes<Vector512<byte>>
{
    public static int Count => Vector512<byte>.Count;

    public static Vector512<byte> Zero => Vector512<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> vector, byte* destination) => vector.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Add(Vector512<byte> a, Vector512<byte> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Select(byte* table, Vector512<byte> indices) => Avx512BW.Shuffle(Avx512F.BroadcastVector128ToVector512((int*)table).AsByte(), indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> UpperHalves(Vector512<byte> bytes) => (bytes.AsUInt16() >> 4).AsByte() & Vector512.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> SubtractSixteenfold(Vector512<byte> a, Vector512<byte> b) => a - ((b.AsUInt16() << 4).AsByte() & Vector512.Create((byte)0xF0));

    public static void SubtractFrom(int* sums, byte* counts, int factor)
    {
        for (int i = 0; i < Count; i += Vector512<int>.Count)
        {
            (Vector512.Load(sums + i) - (Avx512F.ConvertToVector512Int32(Vector128.Load(counts + i)) * factor)).Store(sums + i);
        }
    }
}

/// <summary>32 bytes (AVX2).</summary>
internal readonly unsafe struct ByteLanes256 : IByteLanes<Vector256<byte>>
{
    public static int Count => Vector256<byte>.Count;

    public static Vector256<byte> Zero => Vector256<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> vector, byte* destination) => vector.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(Vector256<byte> a, Vector256<byte> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Select(byte* table, Vector256<byte> indices) => Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table), indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> UpperHalves(Vector256<byte> bytes) => (bytes.AsUInt16() >> 4).AsByte() & Vector256.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> SubtractSixteenfold(Vector256<byte> a, Vector256<byte> b) => a - ((b.AsUInt16() << 4).AsByte() & Vector256.Create((byte)0xF0));

    public static void SubtractFrom(int* sums, byte* counts, int factor)
    {
        for (int i = 0; i < Count; i += Vector256<int>.Count)
        {
            (Vector256.Load(sums + i) - (Avx2.ConvertToVector256Int32(counts + i) * factor)).Store(sums + i);
        }
    }
}
