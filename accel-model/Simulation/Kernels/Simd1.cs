// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>One lane: the portable form of every kernel, and the plain one that the others are compared with.</summary>
internal readonly unsafe struct Simd1<T> : ISimd<T, T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static int Count => 1;

    public static T Broadcast(T value) => value;

    public static T Load(T* source) => *source;

    public static T LoadWidened<TSource>(TSource* source)
        where TSource : unmanaged =>
        sizeof(TSource) switch
        {
            2 => T.CreateTruncating(*(short*)source),
            4 => T.CreateTruncating(*(int*)source),
            _ => T.CreateTruncating(*(long*)source),
        };

    public static void Store(T vector, T* destination) => *destination = vector;

    public static T Add(T a, T b) => unchecked(a + b);

    public static T AddSaturate(T a, T b)
    {
        T sum = Add(a, b);
        bool overflowed = T.IsNegative((a ^ sum) & (b ^ sum));
        return !overflowed ? sum : T.IsNegative(a) ? T.MinValue : T.MaxValue;
    }

    public static T Subtract(T a, T b) => unchecked(a - b);

    public static T Multiply(T a, T b) => unchecked(a * b);

    public static T Min(T a, T b) => a < b ? a : b;

    public static T Max(T a, T b) => a > b ? a : b;

    public static T And(T a, T b) => a & b;

    public static T Xor(T a, T b) => a ^ b;

    public static T ShiftLeft(T vector, int count) => vector << count;

    public static T ShiftRight(T vector, int count) => vector >> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CountEqual(ref LaneCount<T> count, T a, T b) => count.Number -= a == b ? 1 : 0;

    public static long Counted(LaneCount<T> count) => -count.Number;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T GreaterOrEqual(T a, T b) => a >= b ? T.AllBitsSet : T.Zero;
}
