// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;

namespace Fuzzing.Networks;

/// <summary>Random requantisations whose codes vary: scales bring what is typical for the accumulator near the output's range, with extremes now and then.</summary>
internal sealed class RandomRequantization(ChoiceSource choices)
{
    /// <summary>A requantisation of a tensor, from accumulators that are often around <paramref name="typical"/>.</summary>
    public Requantization Draw(RequantizationLimits limits, TensorSpec output, long typical, int biases)
    {
        RequantizationKind kind = choices.Of([.. limits.Kinds]);
        if (kind == RequantizationKind.Thresholds)
        {
            if (Thresholds(limits, output, typical, biases) is Requantization thresholds)
            {
                return thresholds;
            }
            kind = limits.Kinds[0];
        }
        return kind == RequantizationKind.DoubleRounding ? DoubleRounding(limits, output, typical, biases) : Scale(kind, limits, output, typical, biases);
    }

    /// <summary>One threshold that gives -1 or +1.</summary>
    public Requantization Sign(RequantizationLimits limits, TensorSpec output, long typical, int biases) => new()
    {
        Kind = RequantizationKind.Thresholds,
        Bias = Biases(limits.BiasWidth - 1, typical, biases),
        Rounding = limits.Roundings[0],
        Minimum = -1,
        Maximum = 1,
        Thresholds = Biases(limits.BiasWidth - 1, typical, Entries(output.Channels)),
        ThresholdsPerChannel = 1,
        ThresholdStep = 2,
    };

    private Requantization? Thresholds(RequantizationLimits limits, TensorSpec output, long typical, int biases)
    {
        FixedPointFormat format = output.Format;
        int codes = (int)Math.Min(format.MaxRaw - format.MinRaw, limits.Thresholds);
        if (codes < 1)
        {
            return format.Contains(-1) && format.Contains(1) ? Sign(limits, output, typical, biases) : null;
        }
        int count = choices.Between(1, codes);
        int step = choices.Between(1, (int)Math.Min(3, (format.MaxRaw - format.MinRaw) / count));
        int minimum = (int)(format.MinRaw + choices.Next((int)(format.MaxRaw - format.MinRaw - ((long)count * step) + 1)));
        int channels = Entries(output.Channels);
        return new Requantization
        {
            Kind = RequantizationKind.Thresholds,
            Bias = Biases(limits.BiasWidth - 1, typical, biases),
            Rounding = limits.Roundings[0],
            Minimum = minimum,
            Maximum = minimum + (count * step),
            Thresholds = [.. Enumerable.Range(0, channels).SelectMany(_ => Biases(limits.BiasWidth - 1, typical, count).Order())],
            ThresholdsPerChannel = count,
            ThresholdStep = step,
        };
    }

    private Requantization Scale(RequantizationKind kind, RequantizationLimits limits, TensorSpec output, long typical, int biases)
    {
        bool multiplies = kind == RequantizationKind.MultiplierShift;
        int entries = Entries(output.Channels);
        int excess = Bits(typical) - output.Format.Width + (multiplies ? limits.MultiplierWidth : 0);
        Random random = new(choices.Next(1 << 16));
        return Clamped(output.Format) with
        {
            Kind = kind,
            Bias = Biases(limits.BiasWidth, typical, biases),
            Multiplier = multiplies ? [.. Enumerable.Range(0, entries).Select(_ => 1 + random.NextInt64((1L << limits.MultiplierWidth) - 1))] : [],
            Shift = limits.FixedShift is int shift ? [shift] : Shifts(entries, Math.Max(0, excess), 0, MultiplierShift.MaxShift),
            Rounding = choices.Of([.. limits.Roundings]),
        };
    }

    private Requantization DoubleRounding(RequantizationLimits limits, TensorSpec output, long typical, int biases)
    {
        int entries = Entries(output.Channels);
        int width = Math.Min(limits.DoubleWidth, 31);
        Random random = new(choices.Next(1 << 16));
        return Clamped(output.Format) with
        {
            Kind = RequantizationKind.DoubleRounding,
            Bias = Biases(limits.BiasWidth, typical, biases),
            Multiplier = [.. Enumerable.Range(0, entries).Select(_ => random.NextInt64(width > 8 ? 1L << (width - 1) : 1, 1L << width))],
            Shift = Shifts(entries, output.Format.Width - Bits(typical) + 31 - width, QuantizedMultiplier.MinShift, QuantizedMultiplier.MaxShift),
        };
    }

    /// <summary>A whole format or a part of it, and a zero point.</summary>
    private Requantization Clamped(FixedPointFormat format)
    {
        (int Least, int Greatest) range = ((int)format.MinRaw, (int)format.MaxRaw);
        if (choices.OnceIn(3))
        {
            int a = RandomLayers.Code(choices, format);
            int b = RandomLayers.Code(choices, format);
            range = (Math.Min(a, b), Math.Max(a, b));
        }
        return new Requantization
        {
            Kind = RequantizationKind.Shift,
            Bias = [],
            Rounding = RoundingMode.HalfUp,
            ZeroPoint = choices.OnceIn(3) ? choices.Next(9) - 4 : 0,
            Minimum = range.Least,
            Maximum = range.Greatest,
        };
    }

    private int Entries(int channels) => choices.OnceIn(2) ? channels : 1;

    /// <summary>Shifts around the middle, seldom the least and the greatest.</summary>
    private ImmutableArray<int> Shifts(int count, int middle, int least, int greatest) => [.. Enumerable.Range(0, count).Select(_ => choices.Next(12) switch
    {
        10 => least,
        11 => greatest,
        int step => Math.Clamp(middle + (step % 2 == 0 ? -step / 2 : (step + 1) / 2), least, greatest),
    })];

    /// <summary>0, values of the size of what they are added to, seldom the extremes of the width.</summary>
    private ImmutableArray<long> Biases(int width, long typical, int count)
    {
        if (width < 1)
        {
            return [.. new long[count]];
        }
        (long least, long greatest) = (TwosComplement.Min(width), TwosComplement.Max(width));
        Random random = new(choices.Next(1 << 16));
        int style = choices.Next(8);
        return [.. Enumerable.Range(0, count).Select(_ => style switch
        {
            0 or 1 => 0,
            7 => random.Next(2) == 0 ? least : greatest,
            _ => Math.Clamp(random.NextInt64(-typical, typical + 1), least, greatest),
        })];
    }

    private static int Bits(long typical) => 64 - BitOperations.LeadingZeroCount((ulong)typical);
}
