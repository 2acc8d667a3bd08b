// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification.Yaml;
using Reports.Tables;

namespace Cli.Sweeps;

/// <summary>A grid of experiments: one base experiment, and the values that take turns at some of its keys.</summary>
public sealed record SweepSpec
{
    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for the report; empty for none.</summary>
    public required string Description { get; init; }

    /// <summary>File of the sweep: findings in reports name files relative to its folder.</summary>
    public required string File { get; init; }

    /// <summary>File of the base experiment.</summary>
    public required string Experiment { get; init; }

    /// <summary>The varied settings; the last one changes fastest.</summary>
    public required ImmutableArray<SweepAxis> Axes { get; init; }

    /// <summary>Test images of every point in place of the experiment's; null to keep those.</summary>
    public required SpecNode? TestImages { get; init; }

    /// <summary>The axis that colours the figures; null for the first with two to seven values.</summary>
    public required string? ColorBy { get; init; }

    /// <summary>Points of the full grid.</summary>
    public long Points => Axes.Aggregate(1L, (product, axis) => product * axis.Values.Length);
}

/// <summary>One varied setting.</summary>
/// <param name="Name">Its name in words: "weight bits".</param>
/// <param name="Unit">Its unit, or empty.</param>
/// <param name="Keys">The keys of the experiment that it sets.</param>
/// <param name="Values">The values, in the order of the file.</param>
public sealed record SweepAxis(string Name, string Unit, ImmutableArray<string> Keys, ImmutableArray<SweepValue> Values);

/// <summary>One value of an axis.</summary>
/// <param name="ByKey">What each key of the axis is set to.</param>
/// <param name="Label">The scalar that all keys get, or the list joined by "x".</param>
public sealed record SweepValue(ImmutableArray<SpecScalar> ByKey, string Label)
{
    /// <summary>The label as an entry of tables: a number where it is one.</summary>
    public Cell Cell =>
        long.TryParse(Label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
        : double.TryParse(Label, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real) ? real
        : Label;
}
