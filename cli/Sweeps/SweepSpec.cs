// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification.Yaml;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Space;
using Cli.Sweeps.Strategies;
using Cli.Sweeps.Units;
using Reports.Tables;

namespace Cli.Sweeps;

/// <summary>Many designs and experiments out of one: a base, and the values that take turns at some of its keys.</summary>
public sealed record SweepSpec
{
    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for the report; empty for none.</summary>
    public required string Description { get; init; }

    /// <summary>File of the sweep: findings in reports name files relative to its folder.</summary>
    public required string File { get; init; }

    /// <summary>File of the base experiment; empty where the base is <see cref="Accelerator"/> and <see cref="Network"/>.</summary>
    public required string Experiment { get; init; }

    /// <summary>File of the base design, where there is no experiment.</summary>
    public string Accelerator { get; init; } = "";

    /// <summary>Name, description file or folder of the network, where there is no experiment.</summary>
    public string Network { get; init; } = "";

    /// <summary>Where <see cref="Network"/> stands; null where there is none.</summary>
    public SpecPosition? NetworkPosition { get; init; }

    /// <summary>The varied settings; the last one changes fastest.</summary>
    public required ImmutableArray<SweepAxis> Axes { get; init; }

    /// <summary>Test images of every point in place of the experiment's; null to keep those.</summary>
    public required SpecNode? TestImages { get; init; }

    /// <summary>The axis that colours the figures; null for the first with two to seven values.</summary>
    public required string? ColorBy { get; init; }

    /// <summary>The axis of numbers over which the first objective is drawn; null for none.</summary>
    public string? PlotOver { get; init; }

    /// <summary>What a point must keep to.</summary>
    public ImmutableArray<Constraint> Constraints { get; init; } = [];

    /// <summary>What is wanted of a point; the front is of these.</summary>
    public required ImmutableArray<SweepObjective> Objectives { get; init; }

    /// <summary>Which points are tried.</summary>
    public StrategySpec Strategy { get; init; } = StrategySpec.Grid;

    /// <summary>What a point and a training may take.</summary>
    public PointLimits Limits { get; init; } = PointLimits.None;

    /// <summary>The metrics that objectives and constraints ask for.</summary>
    public IEnumerable<Metric> AskedMetrics => Objectives.Select(objective => objective.Metric).Concat(Constraints.Select(constraint => constraint.Metric));

    /// <summary>Whether test images are executed: only where an objective or a constraint asks for what comes of it.</summary>
    public bool NeedsValues => AskedMetrics.Any(metric => metric.Source == MetricSource.Values);

    /// <summary>What objectives and constraints ask for beyond the figures that every point has.</summary>
    public PointDetails Details => AskedMetrics.Aggregate(PointDetails.None, (all, metric) => all | metric.Details);

    /// <summary>All points that there are.</summary>
    public PointSpace Space => new(Axes);
}

/// <summary>One varied setting.</summary>
/// <param name="Name">Its name in words: "weight bits".</param>
/// <param name="Unit">Its unit, or empty.</param>
/// <param name="Keys">The keys of the experiment that it sets.</param>
/// <param name="Values">The values, in the order of the file.</param>
public sealed record SweepAxis(string Name, string Unit, ImmutableArray<string> Keys, ImmutableArray<SweepValue> Values)
{
    /// <summary>Where the axis takes part; null for everywhere.</summary>
    public AxisCondition? When { get; init; }

    /// <summary>The label of a coordinate; empty where the axis takes no part.</summary>
    public string Label(int coordinate) => coordinate == PointSpace.Absent ? "" : Values[coordinate].Label;

    /// <summary>Whether every value is a number.</summary>
    public bool IsOfNumbers => !Values.IsEmpty && Values.All(value => SweepValue.CellOf(value.Label).Number is not null);

    /// <summary>The text that a key gets at a coordinate; empty where the axis takes no part.</summary>
    public string TextOf(int key, int coordinate) => coordinate == PointSpace.Absent ? "" : Values[coordinate].ByKey[key].Text;
}

/// <summary>One value of an axis.</summary>
/// <param name="ByKey">What each key of the axis is set to.</param>
/// <param name="Label">The scalar that all keys get, or the list joined by "x".</param>
public sealed record SweepValue(ImmutableArray<SpecScalar> ByKey, string Label)
{
    /// <summary>A label as an entry of tables: a number where it is one.</summary>
    public static Cell CellOf(string label) =>
        long.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
        : double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real) ? real
        : label;
}
