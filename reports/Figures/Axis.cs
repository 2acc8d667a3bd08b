// SPDX-License-Identifier: Apache-2.0
namespace Reports.Figures;

/// <summary>How values become positions.</summary>
public enum AxisScale
{
    /// <summary>Equal differences are equal distances.</summary>
    Linear,

    /// <summary>Equal ratios are equal distances; every value is positive.</summary>
    Log,
}

/// <summary>One axis of a figure.</summary>
public sealed record Axis
{
    /// <summary>The quantity, in lower case: "latency".</summary>
    public required string Label { get; init; }

    /// <summary>The unit, or empty for a pure number: "µs".</summary>
    public string Unit { get; init; } = "";

    /// <summary>How values become positions; ignored with <see cref="Categories"/>.</summary>
    public AxisScale Scale { get; init; } = AxisScale.Linear;

    /// <summary>Names of equally spaced positions 0, 1, 2, ...; null for an axis of numbers.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Whether only whole numbers are named along the axis: epochs, bits.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The axis's lower end; null to fit the data.</summary>
    public double? Minimum { get; init; }

    /// <summary>The axis's upper end; null to fit the data.</summary>
    public double? Maximum { get; init; }

    /// <summary>Label and unit as printed: "latency (µs)".</summary>
    public string Title => Unit.Length == 0 ? Label : $"{Label} ({Unit})";
}
