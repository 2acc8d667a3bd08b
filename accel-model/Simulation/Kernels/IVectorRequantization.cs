// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>A layer's requantisation as tables with one entry per output channel, padded to whole vectors.</summary>
internal unsafe struct RequantizationTables
{
    /// <summary>Added to the accumulator.</summary>
    public long* Bias;

    /// <summary>Factor of the sum.</summary>
    public long* Multiplier;

    /// <summary>Right shift of the product.</summary>
    public long* Shift;

    /// <summary>1 where the shift is not 0.</summary>
    public long* Tie;

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
    static abstract TVector Apply<TSimd, TWide, TVector>(TVector t, in RequantizationTables tables, long* addends, nint channel)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>;
}

/// <summary><c>clamp(round(t * multiplier / 2^shift) + zero_point)</c>.</summary>
internal readonly unsafe struct ScaleRequantization<TRounding> : IVectorRequantization
    where TRounding : struct, IVectorRounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TWide, TVector>(TVector t, in RequantizationTables tables, long* addends, nint channel)
        where TSimd : struct, ISimd<TVector, long>
        where TWide : struct, IWideLanes<TVector>
    {
        TVector product = TSimd.Multiply(t, TSimd.Load(tables.Multiplier + channel));
        TVector shift = TSimd.Load(tables.Shift + channel);
        TVector rounded = TRounding.Round<TSimd, TWide, TVector>(product, shift, TSimd.Load(addends + channel), TSimd.Load(tables.Tie + channel));
        TVector code = TSimd.Add(rounded, TSimd.Broadcast(tables.ZeroPoint));
        return TSimd.Min(TSimd.Max(code, TSimd.Broadcast(tables.Minimum)), TSimd.Broadcast(tables.Maximum));
    }
}

/// <summary><c>minimum + threshold_step * #{ i : t &gt;= thresholds[i] }</c>.</summary>
internal readonly unsafe struct ThresholdRequantization : IVectorRequantization
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TWide, TVector>(TVector t, in RequantizationTables tables, long* addends, nint channel)
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
