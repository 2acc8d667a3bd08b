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

    /// <summary>Counts the lanes in which a = b: at most <c>2^(bits - 1) - 1</c> times, then a lane may be full.</summary>
    static abstract void CountEqual(ref LaneCount<TVector> count, TVector a, TVector b);

    /// <summary>What was counted in all lanes.</summary>
    static abstract long Counted(LaneCount<TVector> count);

    /// <summary>-1 in lanes where a &gt;= b, 0 in others.</summary>
    static abstract TVector GreaterOrEqual(TVector a, TVector b);
}

/// <summary>Lanes that were counted, in whichever way the machine is fastest with: less one for every time.</summary>
internal struct LaneCount<TVector>
{
    /// <summary>Lane by lane.</summary>
    public TVector Lanes;

    /// <summary>All lanes together.</summary>
    public long Number;
}
