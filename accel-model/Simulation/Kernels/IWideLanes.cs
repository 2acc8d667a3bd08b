// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AccelModel.Simulation.Kernels;

/// <summary>What only 64-bit lanes need, beside <see cref="ISimd{TVector, T}"/>: a shift of its own in every lane, and narrow results.</summary>
internal unsafe interface IWideLanes<TVector>
{
    /// <summary>Arithmetic shift of every lane by its own count, 0..63.</summary>
    static abstract TVector ShiftRightEach(TVector vector, TVector counts);

    /// <summary>Stores the low 32 bits of every lane.</summary>
    static abstract void StoreNarrow(TVector vector, int* destination);
}

/// <summary>Eight lanes (AVX-512).</summary>
internal readonly unsafe struct WideLanes512 : IWideLanes<Vector512<long>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ShiftRightEach(Vector512<long> vector, Vector512<long> counts) =>
        Avx512F.ShiftRightArithmeticVariable(vector, counts.AsUInt64());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNarrow(Vector512<long> vector, int* destination) => Avx512F.ConvertToVector256Int32(vector).Store(destination);
}

/// <summary>Four lanes (AVX2, which shifts 64-bit lanes only logically: <c>x &gt;&gt; n</c> is that of <c>x + 2^63</c> less <c>2^63 &gt;&gt; n</c>).</summary>
internal readonly unsafe struct WideLanes256 : IWideLanes<Vector256<long>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ShiftRightEach(Vector256<long> vector, Vector256<long> counts)
    {
        Vector256<ulong> sign = Vector256.Create(1UL << 63);
        Vector256<ulong> shifted = Avx2.ShiftRightLogicalVariable(vector.AsUInt64() ^ sign, counts.AsUInt64());
        return (shifted - Avx2.ShiftRightLogicalVariable(sign, counts.AsUInt64())).AsInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreNarrow(Vector256<long> vector, int* destination) =>
        Avx2.PermuteVar8x32(vector.AsInt32(), Vector256.Create(0, 2, 4, 6, 0, 0, 0, 0)).GetLower().Store(destination);
}

/// <summary>One lane.</summary>
internal readonly unsafe struct WideLanes1 : IWideLanes<long>
{
    public static long ShiftRightEach(long vector, long counts) => vector >> (int)counts;

    public static void StoreNarrow(long vector, int* destination) => *destination = (int)vector;
}
