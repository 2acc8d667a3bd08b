// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>Which addition a kernel is compiled with.</summary>
internal enum AdditionKind
{
    /// <summary><see cref="UncheckedAddition"/>.</summary>
    Unchecked,

    /// <summary><see cref="SaturatingAddition"/>.</summary>
    Saturating,

    /// <summary><see cref="WrappingAddition"/>.</summary>
    Wrapping,

    /// <summary><see cref="FullSaturatingAddition"/>.</summary>
    FullSaturating,

    /// <summary><see cref="FullWrappingAddition"/>.</summary>
    FullWrapping,
}

/// <summary>Size of what ordered kernels compute in one call.</summary>
internal static class OrderedTile
{
    /// <summary>Pixels.</summary>
    public const int Pixels = 8;

    /// <summary>Output channels: the lanes of one vector.</summary>
    public static int Channels<T>(InstructionSet set)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        set switch
        {
            InstructionSet.Scalar => Simd1<T>.Count,
            InstructionSet.Avx512 => Simd512<T>.Count,
            _ => Simd256<T>.Count,
        };
}

/// <summary>The partial-sum kernel for a lane, an addition and a machine.</summary>
internal static unsafe class PartialSumKernels
{
    /// <inheritdoc cref="PartialSumKernel{TSimd, TVector, T, TAddition, TSource}.Run"/>
    public static delegate*<T*, T**, int*, int, int, WordRange<T>*, T*, bool, T*, void> For<T, TSource>(InstructionSet set, AdditionKind addition)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TSource : struct, IActivationSource =>
        set switch
        {
            InstructionSet.Scalar => For<Simd1<T>, T, T, TSource>(addition),
            InstructionSet.Avx512 => For<Simd512<T>, Vector512<T>, T, TSource>(addition),
            _ => For<Simd256<T>, Vector256<T>, T, TSource>(addition),
        };

    private static delegate*<T*, T**, int*, int, int, WordRange<T>*, T*, bool, T*, void> For<TSimd, TVector, T, TSource>(AdditionKind addition)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
        where TSource : struct, IActivationSource =>
        addition switch
        {
            AdditionKind.Saturating => &PartialSumKernel<TSimd, TVector, T, SaturatingAddition, TSource>.Run,
            AdditionKind.Wrapping => &PartialSumKernel<TSimd, TVector, T, WrappingAddition, TSource>.Run,
            AdditionKind.FullSaturating => &PartialSumKernel<TSimd, TVector, T, FullSaturatingAddition, TSource>.Run,
            AdditionKind.FullWrapping => &PartialSumKernel<TSimd, TVector, T, FullWrappingAddition, TSource>.Run,
            _ => &PartialSumKernel<TSimd, TVector, T, UncheckedAddition, TSource>.Run,
        };
}

/// <summary>The accumulator kernel for two lanes, an addition and a machine.</summary>
internal static unsafe class AccumulatorKernels
{
    /// <inheritdoc cref="AccumulatorKernel{TSimd, TVector, T, TSum, TAddition}.Run"/>
    public static delegate*<TSum*, T*, int, int, WordRange<T>*, T*, void> For<T, TSum>(InstructionSet set, AdditionKind addition)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TSum : unmanaged =>
        set switch
        {
            InstructionSet.Scalar => For<Simd1<T>, T, T, TSum>(addition),
            InstructionSet.Avx512 => For<Simd512<T>, Vector512<T>, T, TSum>(addition),
            _ => For<Simd256<T>, Vector256<T>, T, TSum>(addition),
        };

    private static delegate*<TSum*, T*, int, int, WordRange<T>*, T*, void> For<TSimd, TVector, T, TSum>(AdditionKind addition)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
        where TSum : unmanaged =>
        addition switch
        {
            AdditionKind.Saturating => &AccumulatorKernel<TSimd, TVector, T, TSum, SaturatingAddition>.Run,
            AdditionKind.Wrapping => &AccumulatorKernel<TSimd, TVector, T, TSum, WrappingAddition>.Run,
            AdditionKind.FullSaturating => &AccumulatorKernel<TSimd, TVector, T, TSum, FullSaturatingAddition>.Run,
            AdditionKind.FullWrapping => &AccumulatorKernel<TSimd, TVector, T, TSum, FullWrappingAddition>.Run,
            _ => &AccumulatorKernel<TSimd, TVector, T, TSum, UncheckedAddition>.Run,
        };
}

/// <summary>Sums the lanes of one vector in memory.</summary>
internal static unsafe class LaneSums
{
    /// <summary>The exact sum of a machine's vector.</summary>
    public static delegate*<T*, long> For<T>(InstructionSet set)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        set switch
        {
            InstructionSet.Scalar => &Sum<Simd1<T>, T, T>,
            InstructionSet.Avx512 => &Sum<Simd512<T>, Vector512<T>, T>,
            _ => &Sum<Simd256<T>, Vector256<T>, T>,
        };

    private static long Sum<TSimd, TVector, T>(T* lanes)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged =>
        TSimd.Sum(TSimd.Load(lanes));
}
