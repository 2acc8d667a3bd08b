// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Html;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>Everything a report of a sweep shows.</summary>
public sealed record SweepReportData
{
    /// <summary>The sweep's name.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on what was varied; empty for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>SHA-256 of the resolved sweep, in hexadecimal.</summary>
    public required string ConfigSha256 { get; init; }

    /// <summary>What is known of each point, in the order of columns.</summary>
    public required IReadOnlyList<SweepMetric> Metrics { get; init; }

    /// <summary>What was wanted; the first of them stands against each of the others in a figure.</summary>
    public required IReadOnlyList<SweepGoal> Objectives { get; init; }

    /// <summary>The points that are shown, in order: all, or of a large sweep some and the front.</summary>
    public required IReadOnlyList<SweepPoint> Points { get; init; }

    /// <summary>How many points were measured.</summary>
    public required long Measured { get; init; }

    /// <summary>How many keep to all constraints; null where there are none.</summary>
    public long? Feasible { get; init; }

    /// <summary>How many could not run, or went wrong.</summary>
    public long Failed { get; init; }

    /// <summary>The first of the configurations that could not run, with the reason.</summary>
    public IReadOnlyList<SweepFailure> Failures { get; init; } = [];

    /// <summary>Name of the setting that colours the points; null takes the first with two to seven values.</summary>
    public string? ColorBy { get; init; }

    /// <summary>Name of the setting of numbers over which the first objective is drawn; null for no such figure.</summary>
    public string? PlotOver { get; init; }

    /// <summary>What a point must keep to; empty for nothing.</summary>
    public IReadOnlyList<SweepLimit> Limits { get; init; } = [];

    /// <summary>The keys that each setting stands for, in the order of the settings; empty where no point can be written as YAML.</summary>
    public IReadOnlyList<SweepKeys> Keys { get; init; } = [];

    /// <summary>File of what the points change: an experiment or a design; empty for none.</summary>
    public string Base { get; init; } = "";

    /// <summary>Name of the setting that only repeats a point with other random numbers; null where nothing is repeated. <see cref="SeedGroups"/> takes such points together.</summary>
    public string? SeedSetting { get; init; }

    /// <summary>The resolved sweep; empty for none.</summary>
    public string ResolvedYaml { get; init; } = "";
}

/// <summary>Something that a point must keep to.</summary>
/// <param name="Text">As it stands in the sweep: "area.lut &lt; 20000".</param>
/// <param name="Metric">Index of the figure that it limits, in <see cref="SweepReportData.Metrics"/>.</param>
public sealed record SweepLimit(string Text, int Metric);

/// <summary>What a setting sets.</summary>
/// <param name="Keys">Paths of keys: "accelerator.array.rows".</param>
/// <param name="Texts">For each value of the setting, as it is printed, what each key is set to.</param>
public sealed record SweepKeys(IReadOnlyList<string> Keys, IReadOnlyDictionary<string, IReadOnlyList<string>> Texts);

/// <summary>A figure of each point.</summary>
/// <param name="Name">Its name in files: "latency_us".</param>
/// <param name="Title">Its name in words: "latency".</param>
/// <param name="Unit">Its unit, or empty.</param>
/// <param name="Style">How people read it.</param>
public sealed record SweepMetric(string Name, string Title, string Unit, NumberStyle Style)
{
    /// <summary>Where it comes from; null where that is no question.</summary>
    public Provenance? Provenance { get; init; }

    /// <summary>The unit of its axis: percent for fractions.</summary>
    internal string AxisUnit => Style == NumberStyle.Percent ? "%" : Unit;

    /// <summary>A value on its axis.</summary>
    internal double OnAxis(double value) => Style == NumberStyle.Percent ? value * 100 : value;
}

/// <summary>A figure that is to be small or large.</summary>
/// <param name="Metric">Index in <see cref="SweepReportData.Metrics"/>.</param>
/// <param name="Goal">Which way is better.</param>
public sealed record SweepGoal(int Metric, Goal Goal);

/// <summary>One varied setting of a configuration.</summary>
/// <param name="Name">Its name as in the sweep, in words: "weight width".</param>
/// <param name="Unit">Its unit, or empty.</param>
/// <param name="Value">Its value; empty where it takes no part.</param>
public sealed record SweepSetting(string Name, string Unit, Cell Value);

/// <summary>One evaluated configuration.</summary>
public sealed record SweepPoint
{
    /// <summary>A name, unique within the sweep.</summary>
    public required string Id { get; init; }

    /// <summary>The varied settings, the same names in the same order in every point.</summary>
    public required IReadOnlyList<SweepSetting> Settings { get; init; }

    /// <summary>One value for each metric; empty where it is not known.</summary>
    public required IReadOnlyList<Cell> Figures { get; init; }

    /// <summary>Whether it keeps to all constraints.</summary>
    public bool IsFeasible { get; init; } = true;

    /// <summary>Whether no other point that keeps to the constraints beats it in all objectives.</summary>
    public bool OnFront { get; init; }

    /// <summary>Points that this one is the mean of: 1 unless it was repeated.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Least and greatest value of each figure over the repeats, in the order of the metrics; empty unless it was repeated.</summary>
    public IReadOnlyList<SweepSpread> Spread { get; init; } = [];

    /// <summary>A figure as a number; NaN where it is not known.</summary>
    public double NumberOf(int metric) => Figures[metric].Number ?? double.NaN;
}

/// <summary>What a figure came to over repeats.</summary>
/// <param name="Low">Its least value.</param>
/// <param name="High">Its greatest value.</param>
public sealed record SweepSpread(double Low, double High);

/// <summary>A configuration that could not run.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record SweepFailure(string Id, string Reason);
