// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Cli.Experiments;

namespace Cli.Sweeps.Metrics;

/// <summary>What the figures of the layers are of the inference.</summary>
public enum LayerTotal
{
    /// <summary>Nothing that no other metric is.</summary>
    None,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The greatest of them.</summary>
    Greatest,
}

/// <summary>One figure of a layer: a row of <see cref="LayerFigures"/>.</summary>
/// <param name="Name">Its name in files, as in docs/glossary.md: <c>weight_load_bytes</c>, <c>stall_cycles.weight_ready</c>.</param>
/// <param name="Title">Its name in tables and figures, without its unit.</param>
/// <param name="Unit">Its unit for people, or empty.</param>
/// <param name="Value">Its value; null where a layer has none.</param>
public sealed record LayerFigure(string Name, string Title, string Unit, Func<LayerSummary, double?> Value)
{
    /// <summary>Whether it is a whole number.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Whether it lies between 0 and 1 and is read as a percentage.</summary>
    public bool IsFraction { get; init; }

    /// <summary>What the figures of all layers are of the inference.</summary>
    public LayerTotal Total { get; init; }

    /// <summary>What it takes to know it.</summary>
    public MetricSource Source { get; init; } = MetricSource.Timing;

    /// <summary>What has to be worked out for it.</summary>
    public PointDetails Details { get; init; } = PointDetails.Layers;

    /// <summary>Units that a constraint may name.</summary>
    public ImmutableArray<(string Unit, double Factor)> Units { get; init; } = [];

    /// <summary>Its name without the unit that it ends in.</summary>
    public string Quantity => OfInference.Quantity;

    /// <summary>The metric of the inference, over its layers.</summary>
    public Metric OfInference => MetricOf(Name, Title, point => Total == LayerTotal.Greatest ? point.Layers?.Max(Value) : point.Layers?.Sum(Value));

    /// <summary>The metric of one layer; unknown for a network without such a layer.</summary>
    public Metric Of(string layer) =>
        MetricOf($"{LayerFigures.Prefix}{layer}.{Name}", $"{layer} {Title}", point => point.Layers?.FirstOrDefault(row => row.Name == layer) is LayerSummary row ? Value(row) : null) with { Layer = layer };

    private Metric MetricOf(string name, string title, Func<PointMeasurement, double?> value) => new(name, title, Unit, Source, value)
    {
        IsOnDemand = true, Details = Details, IsWhole = IsWhole, IsFraction = IsFraction, Units = Units,
    };
}
