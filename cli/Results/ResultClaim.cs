// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification.Yaml;
using NnTrain.Calibration;
using NnTrain.Specification;
using Reports.Tables;

namespace Cli.Results;

/// <summary>How a claim is checked.</summary>
public enum ClaimCheck
{
    /// <summary>The integer accuracy of one experiment against that of another, or against its own float accuracy.</summary>
    Accuracy,

    /// <summary>All weights of an experiment are 0 or powers of two.</summary>
    PowersOfTwo,

    /// <summary>ACIQ's clipping levels against the best of all levels that are tried.</summary>
    ClippingOptimum,
}

/// <summary>What a paper says, and what is held against it.</summary>
/// <param name="Text">The claim.</param>
/// <param name="Source">Whose it is.</param>
/// <param name="Check">How it is checked.</param>
/// <param name="Experiment">Name of the experiment that it is about; null where there is none.</param>
/// <param name="Than">The experiment that is compared with; null for the float accuracy of the same one.</param>
/// <param name="By">The least difference, a fraction of the images; for clipping levels the largest relative distance.</param>
public sealed record ResultClaim(string Text, string Source, ClaimCheck Check, string? Experiment, string? Than, double By)
{
    private static readonly ImmutableArray<int> Bits = [2, 3, 4, 5, 6, 7, 8];

    /// <summary>Reads a claim of a list.</summary>
    /// <param name="section">The section.</param>
    /// <param name="experiments">Names of the list's experiments.</param>
    internal static ResultClaim Read(SpecSection section, IReadOnlySet<string> experiments)
    {
        ClaimCheck check = section.OptionalEnum("check", ClaimCheck.Accuracy);
        return new(
            section.RequiredString("claim"),
            section.RequiredString("source"),
            check,
            check == ClaimCheck.ClippingOptimum ? null : section.Required("experiment").AsChoice([.. experiments]),
            check == ClaimCheck.Accuracy ? section.Optional("than")?.AsChoice([.. experiments]) : null,
            check == ClaimCheck.PowersOfTwo ? 0 : section.RequiredDouble("by", -1, 1));
    }

    /// <summary>The figures of a claim in words, and whether they bear it out; null where a result is missing.</summary>
    /// <param name="results">Results by the names of experiments.</param>
    public (string Figures, bool Holds)? Judge(IReadOnlyDictionary<string, ExperimentResult> results)
    {
        if (Check == ClaimCheck.ClippingOptimum)
        {
            double worst = WorstLevel();
            return (string.Create(CultureInfo.InvariantCulture, $"normal and Laplace, {Bits[0]} to {Bits[^1]} bits: levels within {100 * worst:0.00} %"), worst <= By);
        }

        if (!results.TryGetValue(Experiment!, out ExperimentResult? found) || found.Hardware is null)
        {
            return null;
        }

        if (Check == ClaimCheck.PowersOfTwo)
        {
            return found.PowerOfTwoShare is double share ? ($"{NumberText.Percent(share)} of the weights", share == 1) : null;
        }

        double? reference = Than is null ? found.FloatAccuracy : results.GetValueOrDefault(Than)?.Hardware?.IntegerAccuracy;
        if (reference is not double other)
        {
            return null;
        }

        double difference = found.Hardware.IntegerAccuracy - other;
        return (
            string.Create(CultureInfo.InvariantCulture, $"{NumberText.Percent(found.Hardware.IntegerAccuracy)} against {(Than is null ? "float " : "")}{NumberText.Percent(other)}: {100 * difference:+0.00;-0.00;0.00} points"),
            difference >= By - 1e-12);
    }

    /// <summary>The largest relative distance of a level of <see cref="AciqRule"/> from the best of 3000 levels, the noise integrated over the density.</summary>
    private static double WorstLevel() =>
        new[] { ValuePrior.Gauss, ValuePrior.Laplace }.SelectMany(prior => Bits.Select(bits => (prior, bits))).Max(item =>
        {
            double best = Enumerable.Range(1, 3000).Select(i => i * 0.005).MinBy(level => ClippingNoise.Of(item.prior, item.bits, level));
            return Math.Abs((AciqRule.LevelOf(item.prior, Reading.Paper, item.bits) / best) - 1);
        });
}
