// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AccelModel.Simulation.Kernels;

/// <summary>Vectors of 256 bits.</summary>
internal readonly unsafe struct Simd256<T> : ISimd<Vector256<T>, T>
    where T : unmanaged
{
    public static int Count => Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Broadcast(T value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(T* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadWidened<TSource>(TSource* source)
        where TSource : unmanaged
    {
        if (typeof(TSource) == typeof(T))
        {
            return Vector256.Load((T*)source);
        }
        if (typeof(TSource) == typeof(short) && typeof(T) == typeof(int))
        {
            return Widen((short*)source).As<int, T>();
        }
        if (typeof(TSource) == typeof(int) && typeof(T) == typeof(long))
        {
            return Widen((int*)source).As<long, T>();
        }
        if (typeof(TSource) == typeof(short) && typeof(T) == typeof(long))
        {
            return WidenTwice((short*)source).As<long, T>();
        }
        throw new UnreachableException($"{typeof(TSource)} does not widen to {typeof(T)}");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<T> vector, T* destination) => vector.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> AddSaturate(Vector256<T> a, Vector256<T> b) => Vector256.AddSaturate(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Subtract(Vector256<T> a, Vector256<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Min(Vector256<T> a, Vector256<T> b) => Vector256.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Max(Vector256<T> a, Vector256<T> b) => Vector256.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> And(Vector256<T> a, Vector256<T> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Xor(Vector256<T> a, Vector256<T> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> ShiftLeft(Vector256<T> vector, int count) => vector << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> ShiftRight(Vector256<T> vector, int count) => vector >> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CountEqual(ref LaneCount<Vector256<T>> count, Vector256<T> a, Vector256<T> b) => count.Lanes += Vector256.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> GreaterOrEqual(Vector256<T> a, Vector256<T> b) => Vector256.GreaterThanOrEqual(a, b);

    public static long Counted(LaneCount<Vector256<T>> count) => -Sum(count.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(short* source) => Avx2.ConvertToVector256Int32(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Widen(int* source) => Avx2.ConvertToVector256Int64(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> WidenTwice(short* source) => Avx2.ConvertToVector256Int64(source);

    private static long Sum(Vector256<T> vector)
    {
        if (typeof(T) == typeof(short))
        {
            (Vector256<int> low, Vector256<int> high) = Vector256.Widen(vector.AsInt16());
            return Vector256.Sum(low + high);
        }
        if (typeof(T) == typeof(int))
        {
            (Vector256<long> low, Vector256<long> high) = Vector256.Widen(vector.AsInt32());
            return Vector256.Sum(low + high);
        }
        return Vector256.Sum(vector.AsInt64());
    }
}
