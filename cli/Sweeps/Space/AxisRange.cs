// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification.Yaml;

namespace Cli.Sweeps.Space;

/// <summary>How the values of a range follow each other.</summary>
public enum RangeScale
{
    /// <summary><c>from, from + step, from + 2 step, ...</c></summary>
    Linear,

    /// <summary><c>from, 2 from, 4 from, ...</c></summary>
    PowerOfTwo,
}

/// <summary>The values of an axis as a range: <c>{from: 4, to: 64, step: 4}</c> or <c>{from: 4, to: 64, scale: power_of_two}</c>, both ends allowed values.</summary>
internal static class AxisRange
{
    /// <summary>More values than that are surely a mistake.</summary>
    private const int MaxValues = 1_000_000;

    /// <summary>The values in order; none after a finding.</summary>
    public static ImmutableArray<SpecScalar> Read(SpecSection range)
    {
        SpecValue from = range.Required("from"), to = range.Required("to");
        (decimal first, decimal last) = (Number(from), Number(to));
        RangeScale scale = range.OptionalEnum("scale", RangeScale.Linear);
        SpecValue? stepValue = range.Optional("step");
        decimal step = stepValue is null ? 1 : Number(stepValue);
        if (first > last)
        {
            to.Issue(FormattableString.Invariant($"an empty range, found {last}, allowed at least {first}, where it begins"));
            return [];
        }

        if (scale == RangeScale.PowerOfTwo)
        {
            stepValue?.Issue("a range of powers of two has no step, allowed with scale linear only");
            if (first <= 0)
            {
                from.Issue(FormattableString.Invariant($"doubling leads nowhere, found {first}, allowed above 0 with scale power_of_two"));
                return [];
            }
        }
        else if (step <= 0)
        {
            stepValue!.Issue(FormattableString.Invariant($"the range does not end, found {step}, allowed above 0"));
            return [];
        }

        var values = ImmutableArray.CreateBuilder<SpecScalar>();
        for (decimal value = first; value <= last && values.Count <= MaxValues; value = scale == RangeScale.PowerOfTwo ? value * 2 : value + step)
        {
            values.Add(new(from.Position, (value / 1.000000000000000000000000000m).ToString(CultureInfo.InvariantCulture), Quoted: false));
        }

        if (values.Count > MaxValues)
        {
            range.Issue("step", $"too many values, allowed at most {MaxValues}");
            return [];
        }

        return values.ToImmutable();
    }

    /// <summary>A decimal, so that 0.1 + 0.2 is 0.3.</summary>
    private static decimal Number(SpecValue value)
    {
        double number = value.AsDouble(-1e15, 1e15);
        return value.Node is SpecScalar scalar && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) ? exact : (decimal)number;
    }
}
