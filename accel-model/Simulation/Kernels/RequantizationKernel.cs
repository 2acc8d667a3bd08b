// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;
using AccelModel.Numerics;

namespace AccelModel.Simulation.Kernels;

/// <summary>Requantises the channels of one pixel.</summary>
internal static unsafe class RequantizationKernel<TSimd, TWide, TVector, T, TRequantization>
    where TSimd : struct, ISimd<TVector, long>
    where TWide : struct, IWideLanes<TVector>
    where T : unmanaged
    where TRequantization : struct, IVectorRequantization
{
    /// <param name="accumulators">One pixel's accumulators.</param>
    /// <param name="channels">Channels, a multiple of the vector's lanes.</param>
    /// <param name="tables">Parameters of the channels.</param>
    /// <param name="addends">The row of addends that belongs to this word.</param>
    /// <param name="codes">Result.</param>
    public static void Run(T* accumulators, int channels, RequantizationTables* tables, long* addends, int* codes)
    {
        for (nint c = 0; c < channels; c += TSimd.Count)
        {
            TVector t = TSimd.Add(TSimd.LoadWidened(accumulators + c), TSimd.Load(tables->Bias + c));
            TWide.StoreNarrow(TRequantization.Apply<TSimd, TWide, TVector>(t, *tables, addends, c), codes + c);
        }
    }
}

/// <summary>The requantisation kernel for an accumulator, a form and a machine.</summary>
internal static unsafe class RequantizationKernels
{
    /// <summary>Lanes of its vectors.</summary>
    public static int Count(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => 1,
        InstructionSet.Avx512 => Vector512<long>.Count,
        _ => Vector256<long>.Count,
    };

    /// <summary>The kernel of a rounding, or of thresholds where <paramref name="rounding"/> is null.</summary>
    public static delegate*<T*, int, RequantizationTables*, long*, int*, void> For<T>(InstructionSet set, RoundingMode? rounding)
        where T : unmanaged =>
        set switch
        {
            InstructionSet.Scalar => For<Simd1<long>, WideLanes1, long, T>(rounding),
            InstructionSet.Avx512 => For<Simd512<long>, WideLanes512, Vector512<long>, T>(rounding),
            _ => For<Simd256<long>, WideLanes256, Vector256<long>, T>(rounding),
        };

    /// <summary>What <paramref name="rounding"/> adds below the cut, where that does not depend on the word.</summary>
    public static long Addend(RoundingMode rounding, int shift) => rounding switch
    {
        RoundingMode.HalfUp => VectorAddend.Addend(shift),
        RoundingMode.HalfAway => VectorHalfAway.Addend(shift),
        RoundingMode.HalfEven => VectorHalfEven.Addend(shift),
        RoundingMode.TowardZero => VectorTowardZero.Addend(shift),
        _ => VectorFloor.Addend(shift),
    };

    private static delegate*<T*, int, RequantizationTables*, long*, int*, void> For<TSimd, TWide, TVector, T>(RoundingMode? rounding)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>
        where T : unmanaged =>
        rounding switch
        {
            null => &RequantizationKernel<TSimd, TWide, TVector, T, ThresholdRequantization>.Run,
            RoundingMode.Floor => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorFloor>>.Run,
            RoundingMode.HalfAway => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorHalfAway>>.Run,
            RoundingMode.HalfEven => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorHalfEven>>.Run,
            RoundingMode.TowardZero => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorTowardZero>>.Run,
            _ => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorAddend>>.Run,
        };
}

/// <summary>The maximum kernel for a machine.</summary>
internal static unsafe class MaximumKernels
{
    /// <inheritdoc cref="MaximumKernel{TSimd, TVector, T}.Run"/>
    public static delegate*<T*, int, int, nint, nint, T*, int, void> For<T>(InstructionSet set)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T> =>
        set switch
        {
            InstructionSet.Scalar => &MaximumKernel<Simd1<T>, T, T>.Run,
            InstructionSet.Avx512 => &MaximumKernel<Simd512<T>, Vector512<T>, T>.Run,
            _ => &MaximumKernel<Simd256<T>, Vector256<T>, T>.Run,
        };
}
