// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using Reports.Tables;
using RtlExport.Synthesis;

namespace Cli.Sweeps.Metrics;

/// <summary>What has to be done before a figure is known.</summary>
public enum MetricSource
{
    /// <summary>Nothing but the design.</summary>
    Design,

    /// <summary>A schedule and its times: no value is computed.</summary>
    Timing,

    /// <summary>Test images on the accelerator.</summary>
    Values,
}

/// <summary>What is worked out of a point only where a sweep asks for it.</summary>
[Flags]
public enum PointDetails
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Inferences that follow each other without end.</summary>
    Frames = 1,

    /// <summary>The figures of each layer.</summary>
    Layers = 2,

    /// <summary>Sufficient widths of each layer's sums, by observation of images.</summary>
    Widths = 4,
}

/// <summary>One figure of a point: a row of <see cref="MetricTable"/>.</summary>
/// <param name="Name">Its name in files, constraints and objectives, as in docs/glossary.md: "latency_us", "area.lut".</param>
/// <param name="Title">Its name in tables and figures, without its unit: "latency".</param>
/// <param name="Unit">Its unit for people, or empty.</param>
/// <param name="Source">What it takes to know it.</param>
/// <param name="Value">Its value; null where it is not known.</param>
public sealed record Metric(string Name, string Title, string Unit, MetricSource Source, Func<PointMeasurement, double?> Value)
{
    /// <summary>Its value where it follows from the design alone; null to take <see cref="Value"/>.</summary>
    public Func<AcceleratorSpec, double?>? OfDesign { get; init; }

    /// <summary>The family whose areas it is of; null for the default one.</summary>
    public SynthesisTarget? Family { get; init; }

    /// <summary>Whether it is a column only where a sweep asks for it.</summary>
    public bool IsOnDemand { get; init; }

    /// <summary>The layer that it is of; null for the whole inference.</summary>
    public string? Layer { get; init; }

    /// <summary>What it takes that is worked out only where a sweep asks.</summary>
    public PointDetails Details { get; init; }

    /// <summary>Whether a fraction is at most 1.</summary>
    public bool IsBounded { get; init; } = true;

    /// <summary>Whether a figure is a whole number.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether it lies between 0 and 1 and is read as a percentage.</summary>
    public bool IsFraction { get; init; }

    /// <summary>Units that a constraint may name, each with what one of it is in the metric's own; the first is its own. Empty for a number without one.</summary>
    public ImmutableArray<(string Unit, double Factor)> Units { get; init; } = [];

    /// <summary>Its name without the unit that it ends in: what a constraint that names a unit may say.</summary>
    public string Quantity => !Units.IsEmpty && Name.EndsWith("_" + Units[0].Unit, StringComparison.Ordinal) ? Name[..^(Units[0].Unit.Length + 1)] : Name;

    /// <summary>The least and the greatest value that there can be.</summary>
    public (double Least, double Greatest) Range => (0, IsFraction && IsBounded ? 1 : double.PositiveInfinity);

    /// <summary>How people read it.</summary>
    public NumberStyle Style => IsFraction ? NumberStyle.Percent : NumberStyle.General;

    /// <summary>Whether nobody asked for it when a point was measured, or the build did not know it yet.</summary>
    public bool IsMissingIn(PointMeasurement point) => IsOnDemand && OfDesign is null && (Details == PointDetails.None ? Value(point) is null : (Details & ~point.Details) != 0);

    /// <summary>Its value for a point.</summary>
    public double? Of(PointMeasurement point, AcceleratorSpec design) => OfDesign is null ? Value(point) : OfDesign(design);

    /// <summary>The value as an entry of a table.</summary>
    public Cell CellOf(double? value) => IsWhole ? (Cell)(long?)value : (Cell)value;
}
