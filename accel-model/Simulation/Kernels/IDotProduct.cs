// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AccelModel.Simulation.Kernels;

/// <summary>
/// One step of an exact matrix product: a group of activations, 32 bits wide, meets the group of weights of each output channel, 32 bits per channel:
/// <c>sum[c] += sum over the group of a * w[c]</c> modulo <c>2^32</c>.
/// </summary>
internal unsafe interface IDotProduct<TVector>
{
    /// <summary>Channels of a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(int* source);

    static abstract void Store(TVector vector, int* destination);

    /// <summary>The group in every lane, as <see cref="MultiplyAdd"/> takes it.</summary>
    static abstract TVector Broadcast(int group);

    static abstract TVector MultiplyAdd(TVector sum, TVector group, TVector weights);
}

/// <summary>Groups of four unsigned 8-bit activations and signed 8-bit weights: <c>vpdpbusd</c>, which sums four exact products into 32 bits.</summary>
internal readonly unsafe struct VnniDotProduct : IDotProduct<Vector256<int>>
{
    public static int Count => Vector256<int>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> vector, int* destination) => vector.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int group) => Vector256.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sum, Vector256<int> group, Vector256<int> weights) =>
        AvxVnni.MultiplyWideningAndAdd(sum, group.AsByte(), weights.AsSByte());
}

/// <summary>
/// Groups of four 8-bit operands by <c>vpmaddubsw</c>. It saturates sums of two products at 16 bits, so it serves only operands with
/// <c>2 * max|a| * max|w| &lt;= 32767</c>.
/// </summary>
internal readonly unsafe struct NarrowDotProduct256 : IDotProduct<Vector256<int>>
{
    /// <summary>Greatest <c>max|a| * max|w|</c> that no pair of products leaves 16 bits with.</summary>
    public const int GreatestProduct = short.MaxValue / 2;

    public static int Count => Vector256<int>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> vector, int* destination) => vector.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int group) => Vector256.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sum, Vector256<int> group, Vector256<int> weights) =>
        sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(group.AsByte(), weights.AsSByte()), Vector256<short>.One);
}

/// <summary>Groups of two signed 16-bit operands: <c>vpmaddwd</c>, exact modulo <c>2^32</c>.</summary>
internal readonly unsafe struct PairDotProduct256 : IDotProduct<Vector256<int>>
{
    public static int Count => Vector256<int>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> vector, int* destination) => vector.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int group) => Vector256.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sum, Vector256<int> group, Vector256<int> weights) =>
        sum + Avx2.MultiplyAddAdjacent(group.AsInt16(), weights.AsInt16());
}

/// <summary>Groups of two signed 16-bit operands in 512-bit vectors.</summary>
internal readonly unsafe struct PairDotProduct512 : IDotProduct<Vector512<int>>
{
    public static int Count => Vector512<int>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(int* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> vector, int* destination) => vector.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int group) => Vector512.Create(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Vector512<int> group, Vector512<int> weights) =>
        sum + Avx512BW.MultiplyAddAdjacent(group.AsInt16(), weights.AsInt16());
}

/// <summary>Groups of four unsigned 8-bit activations and signed 8-bit weights, one channel at a time.</summary>
internal readonly unsafe struct ByteDotProduct1 : IDotProduct<int>
{
    public static int Count => 1;

    public static int Load(int* source) => *source;

    public static void Store(int vector, int* destination) => *destination = vector;

    public static int Broadcast(int group) => group;

    public static int MultiplyAdd(int sum, int group, int weights) =>
        unchecked(sum + ((byte)group * (sbyte)weights) + ((byte)(group >> 8) * (sbyte)(weights >> 8))
            + ((byte)(group >> 16) * (sbyte)(weights >> 16)) + ((byte)(group >> 24) * (sbyte)(weights >> 24)));
}

/// <summary>Groups of two signed 16-bit operands, one channel at a time.</summary>
internal readonly unsafe struct PairDotProduct1 : IDotProduct<int>
{
    public static int Count => 1;

    public static int Load(int* source) => *source;

    public static void Store(int vector, int* destination) => *destination = vector;

    public static int Broadcast(int group) => group;

    public static int MultiplyAdd(int sum, int group, int weights) =>
        unchecked(sum + ((short)group * (short)weights) + ((short)(group >> 16) * (short)(weights >> 16)));
}
