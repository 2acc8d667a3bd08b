// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>A requantisation as tables with one entry per channel, padded to whole vectors.</summary>
internal unsafe struct RequantizationTables
{
    /// <summary>Added to the accumulator.</summary>
    public long* Bias;

    /// <summary>Factor of the sum.</summary>
    public long* Multiplier;

    /// <summary>Right shift of the product.</summary>
    public long* Shift;

    /// <summary>What the rounding adds before the shift.</summary>
    public long* Addend;

    /// <summary>1 where the shift is not 0.</summary>
    public long* Tie;

    /// <summary>Right shift of a random word whose top bit is bit 62, to what is added before the shift.</summary>
    public long* RandomShift;

    /// <summary>Thresholds, <c>[threshold][channel]</c>.</summary>
    public long* Thresholds;

    /// <summary>Thresholds of a channel.</summary>
    public int ThresholdCount;

    /// <summary>Entries from threshold to threshold.</summary>
    public int ThresholdPitch;

    /// <summary>Code step of a reached threshold.</summary>
    public long ThresholdStep;

    /// <summary>Added after rounding.</summary>
    public long ZeroPoint;

    /// <summary>Least code.</summary>
    public long Minimum;

    /// <summary>Greatest code.</summary>
    public long Maximum;
}

/// <summary>From <c>t = accumulator + bias</c> to a code, in 64-bit lanes that hold every intermediate result exactly.</summary>
internal unsafe interface IVectorRequantization
{
    /// <param name="t">The sums.</param>
    /// <param name="tables">Parameters.</param>
    /// <param name="randoms">Random words of these channels; read only where rounding is stochastic.</param>
    /// <param name="channel">First channel.</param>
    static abstract TVector Apply<TSimd, TWide, TVector>(TVector t, in RequantizationTables tables, uint* randoms, nint channel)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>;
}

/// <summary><c>clamp(round(t * multiplier / 2^shift) + zero_point)</c>.</summary>
internal readonly unsafe struct ScaleRequantization<TRounding> : IVectorRequantization
    where TRounding : struct, IVectorRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TWide, TVector>(TVector t, in RequantizationTables tables, uint* randoms, nint channel)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>
    {
        TVector product = TSimd.Multiply(t, TSimd.Load(tables.Multiplier + channel));
        TVector rounded = TRounding.Round<TSimd, TWide, TVector>(
            product, TSimd.Load(tables.Shift + channel), TSimd.Load(tables.Addend + channel), TSimd.Load(tables.Tie + channel));
        return Codes.Of<TSimd, TVector>(rounded, tables);
    }
}

/// <summary>The same with the word's random bits below the cut (<see cref="Numerics.RoundStochastic"/>).</summary>
internal readonly unsafe struct StochasticRequantization : IVectorRequantization
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TWide, TVector>(TVector t, in RequantizationTables tables, uint* randoms, nint channel)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>
    {
        TVector product = TSimd.Multiply(t, TSimd.Load(tables.Multiplier + channel));
        TVector random = TSimd.ShiftLeft(TSimd.And(TSimd.LoadWidened((int*)randoms), TSimd.Broadcast(uint.MaxValue)), 31);
        TVector addend = TWide.ShiftRightEach(random, TSimd.Load(tables.RandomShift + channel));
        return Codes.Of<TSimd, TVector>(TWide.ShiftRightEach(TSimd.Add(product, addend), TSimd.Load(tables.Shift + channel)), tables);
    }
}

/// <summary>TFLite's two roundings: <c>h = floor((t * multiplier + 2^30) / 2^31)</c>, with a left shift inside the multiplier, then <c>h / 2^shift</c>, half away from zero.</summary>
internal readonly unsafe struct DoubleRequantization : IVectorRequantization
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TWide, TVector>(TVector t, in RequantizationTables tables, uint* randoms, nint channel)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>
    {
        TVector product = TSimd.Multiply(t, TSimd.Load(tables.Multiplier + channel));
        TVector high = TSimd.ShiftRight(TSimd.Add(product, TSimd.Broadcast(1L << 30)), 31);
        TVector rounded = VectorHalfAway.Round<TSimd, TWide, TVector>(
            high, TSimd.Load(tables.Shift + channel), TSimd.Load(tables.Addend + channel), TSimd.Load(tables.Tie + channel));
        return Codes.Of<TSimd, TVector>(rounded, tables);
    }
}

/// <summary><c>minimum + threshold_step * #{ i : t &gt;= thresholds[i] }</c>.</summary>
internal readonly unsafe struct ThresholdRequantization : IVectorRequantization
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TWide, TVector>(TVector t, in RequantizationTables tables, uint* randoms, nint channel)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>
    {
        TVector reached = TSimd.Broadcast(0);
        for (int i = 0; i < tables.ThresholdCount; i++)
        {
            reached = TSimd.Subtract(reached, TSimd.GreaterOrEqual(t, TSimd.Load(tables.Thresholds + ((nint)i * tables.ThresholdPitch) + channel)));
        }
        return TSimd.Add(TSimd.Broadcast(tables.Minimum), TSimd.Multiply(reached, TSimd.Broadcast(tables.ThresholdStep)));
    }
}

/// <summary>What follows every rounding.</summary>
internal static class Codes
{
    /// <summary><c>clamp(rounded + zero_point)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector rounded, in RequantizationTables tables)
        where TSimd : struct, ISimd<TVector, long>
    {
        TVector code = TSimd.Add(rounded, TSimd.Broadcast(tables.ZeroPoint));
        return TSimd.Min(TSimd.Max(code, TSimd.Broadcast(tables.Minimum)), TSimd.Broadcast(tables.Maximum));
    }
}
