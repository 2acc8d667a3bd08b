// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks;

/// <summary>Which parameters a kind of requantisation has, how many, and in which range.</summary>
internal static class RequantizationRules
{
    private static readonly long BiasMinimum = TwosComplement.Min(AccumulatorFormat.MaxWidth);
    private static readonly long BiasMaximum = TwosComplement.Max(AccumulatorFormat.MaxWidth);

    public static IEnumerable<Finding> Check(string path, Requantization requantization, RequantizationUse use)
    {
        List<Finding> unknown = [.. Names(path, requantization)];
        return unknown.Count > 0 ? unknown : Parameters(path, requantization, use);
    }

    private static IEnumerable<Finding> Names(string path, Requantization r)
    {
        if (!Enum.IsDefined(r.Kind))
        {
            yield return new Finding($"{path}.kind", $"unknown kind, found {r.Kind}, allowed {string.Join(", ", EnumNames.All<RequantizationKind>())}");
        }
        if (!Enum.IsDefined(r.Rounding))
        {
            yield return new Finding($"{path}.rounding", $"unknown mode, found {r.Rounding}, allowed {string.Join(", ", EnumNames.All<RoundingMode>())}");
        }
    }

    private static IEnumerable<Finding> Parameters(string path, Requantization requantization, RequantizationUse use) =>
    [
        .. Lengths(path, requantization, use),
        .. Ranges(path, requantization),
        .. Order(path, requantization, use),
        .. OutputCodes(path, requantization, use.Format),
        .. Thresholds(path, requantization, use.Channels),
    ];

    private static IEnumerable<Finding> Lengths(string path, Requantization r, RequantizationUse use)
    {
        bool scaled = r.Kind is RequantizationKind.MultiplierShift or RequantizationKind.DoubleRounding;
        bool shifted = scaled || r.Kind == RequantizationKind.Shift;
        (bool allowed, string text) = use.Bias switch
        {
            BiasCount.One => (Length(r.Bias) == 1, "1"),
            BiasCount.OneOrPerChannel => (Length(r.Bias) == 1 || Length(r.Bias) == use.Channels, $"1 or {use.Channels} (one per output channel)"),
            _ => (Length(r.Bias) == use.Channels, $"{use.Channels} (one per output channel)"),
        };
        if (!allowed)
        {
            yield return new Finding($"{path}.bias", $"wrong number of entries, found {Length(r.Bias)}, allowed {text}");
        }
        if (PerTensorOrChannel(r.Multiplier, scaled) is string multiplier)
        {
            yield return new Finding($"{path}.multiplier", multiplier);
        }
        if (PerTensorOrChannel(r.Shift, shifted) is string shift)
        {
            yield return new Finding($"{path}.shift", shift);
        }

        string? PerTensorOrChannel<T>(ImmutableArray<T> array, bool expected) =>
            expected && Length(array) != 1 && Length(array) != use.Channels
                ? $"wrong number of entries, found {Length(array)}, allowed 1 or {use.Channels} (one per output channel)"
            : !expected && Length(array) != 0 ? $"not used by {EnumNames.Of(r.Kind)}, found {Length(array)} entries, allowed none"
            : null;
    }

    private static IEnumerable<Finding> Order(string path, Requantization r, RequantizationUse use)
    {
        if (r.IsStochastic && !use.HasPlan)
        {
            yield return new Finding(
                $"{path}.rounding", $"no order of words is defined here, found stochastic, allowed {string.Join(", ", EnumNames.All<RoundingMode>().Remove("stochastic"))}");
        }
    }

    private static IEnumerable<Finding> Ranges(string path, Requantization r)
    {
        bool twoRoundings = r.Kind == RequantizationKind.DoubleRounding;
        IEnumerable<Finding?> findings =
        [
            Range($"{path}.bias", r.Bias, BiasMinimum, BiasMaximum),
            Range($"{path}.multiplier", r.Multiplier, 0, twoRoundings ? int.MaxValue : uint.MaxValue),
            Range(
                $"{path}.shift",
                r.Shift.IsDefault ? [] : r.Shift.Select(shift => (long)shift),
                twoRoundings ? QuantizedMultiplier.MinShift : 0,
                twoRoundings ? QuantizedMultiplier.MaxShift : MultiplierShift.MaxShift),
            Range($"{path}.thresholds", r.Thresholds, BiasMinimum, BiasMaximum),
        ];
        return findings.OfType<Finding>();
    }

    private static IEnumerable<Finding> OutputCodes(string path, Requantization r, FixedPointFormat? output)
    {
        if (output is FixedPointFormat format)
        {
            string allowed = $"allowed {format.MinRaw}..{format.MaxRaw} ({format})";
            if (!format.Contains(r.Minimum))
            {
                yield return new Finding($"{path}.minimum", $"not a code of the output, found {r.Minimum}, {allowed}");
            }
            if (!format.Contains(r.Maximum))
            {
                yield return new Finding($"{path}.maximum", $"not a code of the output, found {r.Maximum}, {allowed}");
            }
        }
        if (r.Minimum > r.Maximum)
        {
            yield return new Finding($"{path}.maximum", $"less than the minimum, found {r.Maximum}, allowed at least {r.Minimum}");
        }
    }

    private static IEnumerable<Finding> Thresholds(string path, Requantization r, int channels)
    {
        if (r.Kind != RequantizationKind.Thresholds)
        {
            if (Length(r.Thresholds) != 0 || r.ThresholdsPerChannel != 0)
            {
                yield return new Finding($"{path}.thresholds", $"not used by {EnumNames.Of(r.Kind)}, found {Length(r.Thresholds)} entries, allowed none");
            }
            yield break;
        }
        int count = r.ThresholdsPerChannel;
        if (count < 1 || (Length(r.Thresholds) != count && Length(r.Thresholds) != (long)count * channels))
        {
            yield return new Finding(
                $"{path}.thresholds", $"wrong number of entries, found {Length(r.Thresholds)} with {count} for a channel, allowed at least 1 for a channel, for 1 or {channels} channels");
            yield break;
        }
        for (int i = 1; i < r.Thresholds.Length; i++)
        {
            if (i % count != 0 && r.Thresholds[i] < r.Thresholds[i - 1])
            {
                yield return new Finding(
                    $"{path}.thresholds", $"not ascending, found {r.Thresholds[i]} after {r.Thresholds[i - 1]} at threshold {i % count} of channel {i / count}, allowed at least the one before");
                break;
            }
        }
        if (r.ThresholdStep < 1 || r.Minimum + ((long)r.ThresholdStep * count) != r.Maximum)
        {
            yield return new Finding(
                $"{path}.threshold_step", $"does not lead to the maximum, found {r.ThresholdStep}, allowed a step of at least 1 with minimum + {count} * step = maximum ({r.Minimum} and {r.Maximum})");
        }
        if (r.ZeroPoint != 0)
        {
            yield return new Finding($"{path}.zero_point", $"not used by thresholds, found {r.ZeroPoint}, allowed 0");
        }
    }

    private static Finding? Range(string path, IEnumerable<long> values, long minimum, long maximum)
    {
        int i = 0;
        foreach (long value in values is ImmutableArray<long> { IsDefault: true } ? [] : values)
        {
            if (value < minimum || value > maximum)
            {
                return new Finding(path, $"out of range, found {value} at index {i}, allowed {minimum}..{maximum}");
            }
            i++;
        }
        return null;
    }

    private static int Length<T>(ImmutableArray<T> array) => array.IsDefault ? 0 : array.Length;
}
