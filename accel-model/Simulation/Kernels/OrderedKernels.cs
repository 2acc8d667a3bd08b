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

    /// <summary><see cref="NarrowSaturatingAddition"/>.</summary>
    NarrowSaturating,

    /// <summary><see cref="WrappingAddition"/>.</summary>
    Wrapping,

    /// <summary><see cref="FullSaturatingAddition"/>.</summary>
    FullSaturating,

    /// <summary><see cref="FullWrappingAddition"/>.</summary>
    FullWrapping,
}

/// <summary>The ordered kernel for two lanes, two additions and a machine.</summary>
internal static unsafe class OrderedKernels
{
    /// <param name="set">The machine.</param>
    /// <param name="sums">Addition of partial sums.</param>
    /// <param name="accumulators">Addition of accumulators.</param>
    public static delegate*<OrderedTile<T, TAccumulator>*, void> For<T, TAccumulator, TSource>(InstructionSet set, AdditionKind sums, AdditionKind accumulators)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TAccumulator : unmanaged, IBinaryInteger<TAccumulator>, IMinMaxValue<TAccumulator>
        where TSource : struct, IActivationSource =>
        set switch
        {
            InstructionSet.Scalar => Machine<Simd1<T>, T, T, Simd1<TAccumulator>, TAccumulator, TAccumulator, TSource>.For(sums, accumulators),
            InstructionSet.Avx512 => Machine<Simd512<T>, Vector512<T>, T, Simd512<TAccumulator>, Vector512<TAccumulator>, TAccumulator, TSource>.For(sums, accumulators),
            _ => Machine<Simd256<T>, Vector256<T>, T, Simd256<TAccumulator>, Vector256<TAccumulator>, TAccumulator, TSource>.For(sums, accumulators),
        };

    private static class Machine<TSimd, TVector, T, TAccumulatorSimd, TAccumulatorVector, TAccumulator, TSource>
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged
        where TAccumulatorSimd : struct, ISimd<TAccumulatorVector, TAccumulator>
        where TAccumulator : unmanaged
        where TSource : struct, IActivationSource
    {
        public static delegate*<OrderedTile<T, TAccumulator>*, void> For(AdditionKind sums, AdditionKind accumulators) =>
            sums switch
            {
                AdditionKind.Saturating => For<SaturatingAddition>(accumulators),
                AdditionKind.NarrowSaturating => For<NarrowSaturatingAddition>(accumulators),
                AdditionKind.Wrapping => For<WrappingAddition>(accumulators),
                AdditionKind.FullSaturating => For<FullSaturatingAddition>(accumulators),
                AdditionKind.FullWrapping => For<FullWrappingAddition>(accumulators),
                _ => For<UncheckedAddition>(accumulators),
            };

        private static delegate*<OrderedTile<T, TAccumulator>*, void> For<TSum>(AdditionKind accumulators)
            where TSum : struct, IBoundedAddition =>
            accumulators switch
            {
                AdditionKind.Saturating => For<TSum, SaturatingAddition>(),
                AdditionKind.NarrowSaturating => For<TSum, NarrowSaturatingAddition>(),
                AdditionKind.Wrapping => For<TSum, WrappingAddition>(),
                AdditionKind.FullSaturating => For<TSum, FullSaturatingAddition>(),
                AdditionKind.FullWrapping => For<TSum, FullWrappingAddition>(),
                _ => For<TSum, UncheckedAddition>(),
            };

        private static delegate*<OrderedTile<T, TAccumulator>*, void> For<TSum, TAccumulatorAddition>()
            where TSum : struct, IBoundedAddition
            where TAccumulatorAddition : struct, IBoundedAddition =>
            &OrderedKernel<TSimd, TVector, T, TSum, TSource, TAccumulator, AccumulatorKernel<TAccumulatorSimd, TAccumulatorVector, TAccumulator, T, TAccumulatorAddition>>.Run;
    }
}
