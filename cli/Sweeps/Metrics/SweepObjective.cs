// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Reports.Figures;

namespace Cli.Sweeps.Metrics;

/// <summary>A figure that is to be as small or as large as can be.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="Goal">Which way is better.</param>
public sealed record SweepObjective(Metric Metric, Goal Goal)
{
    /// <summary>Where it stands in the sweep file; null for one of a command line.</summary>
    public SpecPosition? Position { get; init; }

    /// <summary>The key that it stands under.</summary>
    public string Key => Goal == Goal.Minimize ? "minimise" : "maximise";

    /// <summary>The figure as a cost: less is better; NaN where it is not known.</summary>
    public double Cost(double? value) => value is double known ? Goal == Goal.Minimize ? known : -known : double.NaN;

    /// <summary>As a sweep file says it: "minimise area.lut".</summary>
    public string Text => $"{Key} {Metric.Name}";

    /// <summary>What a sweep without objectives asks: accuracy where values are computed, against area and latency.</summary>
    public static ImmutableArray<SweepObjective> Usual(bool values)
    {
        Metric Named(string name) => MetricTable.Find(name, out _)!;
        ImmutableArray<SweepObjective> costs = [new(Named("area.lut"), Goal.Minimize), new(Named("latency_us"), Goal.Minimize)];
        return values ? [new(Named("accuracy"), Goal.Maximize), .. costs] : costs;
    }
}
