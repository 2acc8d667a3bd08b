// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation.Kernels;

/// <summary>
/// A vector of integer lanes, as kernels need it: two's complement, every operation modulo <c>2^bits</c>. Kernels take it as a type argument, so that a loop is
/// written once and compiled for each width; a lane's result never depends on the width.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="T">A lane: <see cref="short"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
internal unsafe interface ISimd<TVector, T>
    where T : unmanaged
{
    /// <summary>Lanes of a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Broadcast(T value);

    static abstract TVector Load(T* source);

    /// <summary>Loads <see cref="Count"/> elements of a type that is at most as wide as a lane, sign-extended.</summary>
    static abstract TVector LoadWidened<TSource>(TSource* source)
        where TSource : unmanaged;

    static abstract void Store(TVector vector, T* destination);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>The sum, or the nearest value that a lane can hold.</summary>
    static abstract TVector AddSaturate(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    static abstract TVector And(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    static abstract TVector ShiftLeft(TVector vector, int count);

    /// <summary>Arithmetic shift.</summary>
    static abstract TVector ShiftRight(TVector vector, int count);

    /// <summary><c>counts - 1</c> in lanes where a = b, <c>counts</c> in others; <paramref name="minusOne"/> is -1 in every lane.</summary>
    static abstract TVector SubtractEqual(TVector counts, TVector a, TVector b, TVector minusOne);

    /// <summary>-1 in lanes where a &gt;= b, 0 in others.</summary>
    static abstract TVector GreaterOrEqual(TVector a, TVector b);

    /// <summary>The exact sum of all lanes.</summary>
    static abstract long Sum(TVector vector);
}
