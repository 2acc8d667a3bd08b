// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;
using AccelModel.Numerics;

namespace AccelModel.Simulation.Kernels;

/// <summary>Requantises the channels of some pixels.</summary>
internal static unsafe class RequantizationKernel<TSimd, TWide, TVector, T, TRequantization>
    where TSimd : struct, ISimd<TVector, long>
    where TWide : struct, IWideLanes<TVector>
    where T : unmanaged
    where TRequantization : struct, IVectorRequantization
{
    /// <param name="source">Accumulators, or codes in their place.</param>
    /// <param name="destination">Codes, with a vector's room behind them.</param>
    /// <param name="tables">Parameters of the channels.</param>
    /// <param name="randoms">Random words of the first pixel; read only where rounding is stochastic.</param>
    /// <param name="randomPitch">Random words from pixel to pixel.</param>
    public static void Run(Pixels<T> source, Pixels<int> destination, RequantizationTables* tables, uint* randoms, nint randomPitch)
    {
        // What the last vector of a pixel writes beyond its channels belongs to pixels that are written later, or to lesser channels.
        for (nint c = (source.Channels - 1) / TSimd.Count * TSimd.Count; c >= 0; c -= TSimd.Count)
        {
            TVector bias = TSimd.Load(tables->Bias + c);
            T* from = source.First + c;
            int* to = destination.First + c;
            uint* random = randoms + c;
            for (int pixel = 0; pixel < source.Count; pixel++)
            {
                TVector t = TSimd.Add(TSimd.LoadWidened(from), bias);
                TWide.StoreNarrow(TRequantization.Apply<TSimd, TWide, TVector>(t, *tables, random, c), to);
                from += source.Pitch;
                to += destination.Pitch;
                random += randomPitch;
            }
        }
    }
}

/// <summary>Channels of some pixels.</summary>
/// <param name="first">The first pixel's first channel.</param>
/// <param name="pitch">Elements from pixel to pixel.</param>
/// <param name="count">Pixels.</param>
/// <param name="channels">Channels of a pixel.</param>
internal readonly unsafe struct Pixels<T>(T* first, nint pitch, int count, int channels)
    where T : unmanaged
{
    public readonly T* First = first;
    public readonly nint Pitch = pitch;
    public readonly int Count = count;
    public readonly int Channels = channels;
}

/// <summary>Which form of requantisation a kernel is compiled with.</summary>
internal enum RequantizationForm
{
    /// <summary>Multiplier and shift, with the layer's rounding.</summary>
    Scale,

    /// <summary>TFLite's two roundings.</summary>
    Double,

    /// <summary>Thresholds.</summary>
    Thresholds,
}

/// <summary>The requantisation kernel for an accumulator, a form and a machine.</summary>
internal static unsafe class RequantizationKernels
{
    /// <inheritdoc cref="RequantizationKernel{TSimd, TWide, TVector, T, TRequantization}.Run"/>
    public static delegate*<Pixels<T>, Pixels<int>, RequantizationTables*, uint*, nint, void> For<T>(InstructionSet set, RequantizationForm form, RoundingMode rounding)
        where T : unmanaged =>
        set switch
        {
            InstructionSet.Scalar => For<Simd1<long>, WideLanes1, long, T>(form, rounding),
            InstructionSet.Avx512 => For<Simd512<long>, WideLanes512, Vector512<long>, T>(form, rounding),
            _ => For<Simd256<long>, WideLanes256, Vector256<long>, T>(form, rounding),
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

    private static delegate*<Pixels<T>, Pixels<int>, RequantizationTables*, uint*, nint, void> For<TSimd, TWide, TVector, T>(RequantizationForm form, RoundingMode rounding)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>
        where T : unmanaged =>
        (form, rounding) switch
        {
            (RequantizationForm.Thresholds, _) => &RequantizationKernel<TSimd, TWide, TVector, T, ThresholdRequantization>.Run,
            (RequantizationForm.Double, _) => &RequantizationKernel<TSimd, TWide, TVector, T, DoubleRequantization>.Run,
            (_, RoundingMode.Floor) => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorFloor>>.Run,
            (_, RoundingMode.HalfAway) => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorHalfAway>>.Run,
            (_, RoundingMode.HalfEven) => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorHalfEven>>.Run,
            (_, RoundingMode.TowardZero) => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorTowardZero>>.Run,
            (_, RoundingMode.Stochastic) => &RequantizationKernel<TSimd, TWide, TVector, T, StochasticRequantization>.Run,
            _ => &RequantizationKernel<TSimd, TWide, TVector, T, ScaleRequantization<VectorAddend>>.Run,
        };
}
