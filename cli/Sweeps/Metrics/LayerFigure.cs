// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Cli.Experiments;

namespace Cli.Sweeps.Metrics;

/// <summary>One figure of a layer: a row of <see cref="LayerFigures"/>.</summary>
/// <param name="Name">Its name in files, as in docs/glossary.md: <c>weight_load_bytes</c>, <c>stall_cycles.weight_ready</c>.</param>
/// <param name="Title">Its name in tables and figures, without its unit.</param>
/// <param name="Unit">Its unit for people, or empty.</param>
/// <param name="Value">Its value.</param>
public sealed record LayerFigure(string Name, string Title, string Unit, Func<LayerSummary, double> Value)
{
    /// <summary>Whether it is a whole number.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Whether it lies between 0 and 1 and is read as a percentage.</summary>
    public bool IsFraction { get; init; }

    /// <summary>Whether the figures of all layers add up to one of the inference that no other metric is.</summary>
    public bool AddsUp { get; init; }

    /// <summary>What it takes to know it.</summary>
    public MetricSource Source { get; init; } = MetricSource.Timing;

    /// <summary>Units that a constraint may name.</summary>
    public ImmutableArray<(string Unit, double Factor)> Units { get; init; } = [];

    /// <summary>The metric of the inference: the sum over its layers.</summary>
    public Metric Total => MetricOf(Name, Title, point => point.Layers?.Sum(Value));

    /// <summary>The metric of one layer; unknown for a network without such a layer.</summary>
    public Metric Of(string layer) =>
        MetricOf($"{LayerFigures.Prefix}{layer}.{Name}", $"{layer} {Title}", point => point.Layers?.FirstOrDefault(row => row.Name == layer) is LayerSummary row ? Value(row) : null) with { Layer = layer };

    private Metric MetricOf(string name, string title, Func<PointMeasurement, double?> value) => new(name, title, Unit, Source, value)
    {
        IsOnDemand = true, Details = PointDetails.Layers, IsWhole = IsWhole, IsFraction = IsFraction, Units = Units,
    };
}
