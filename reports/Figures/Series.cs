// SPDX-License-Identifier: Apache-2.0
namespace Reports.Figures;

/// <summary>One thing that a figure's legend names.</summary>
public abstract record Series
{
    /// <summary>The name in the legend.</summary>
    public required string Name { get; init; }
}

/// <summary>A position in the units of the axes.</summary>
/// <param name="X">Horizontal value.</param>
/// <param name="Y">Vertical value; NaN leaves a gap in a line.</param>
public sealed record FigurePoint(double X, double Y)
{
    /// <summary>Text shown when pointed at, lines separated by '\n'; empty shows the coordinates.</summary>
    public string Hover { get; init; } = "";

    /// <summary>Key of the table row that belongs to the point; empty for none.</summary>
    public string Key { get; init; } = "";

    /// <summary>Lower end of the error bar, in units of the vertical axis; null for none.</summary>
    public double? ErrorLow { get; init; }

    /// <summary>Upper end of the error bar, in units of the vertical axis; null for none.</summary>
    public double? ErrorHigh { get; init; }
}

/// <summary>A series of positions.</summary>
public abstract record PointSeries : Series
{
    /// <summary>The positions; lines join them in this order.</summary>
    public required IReadOnlyList<FigurePoint> Points { get; init; }
}

/// <summary>Separate markers.</summary>
public sealed record ScatterSeries : PointSeries
{
    /// <summary>Whether they are grey, below the others and not in the legend: what does not come into question.</summary>
    public bool Muted { get; init; }
}

/// <summary>Markers joined by straight lines.</summary>
public sealed record LineSeries : PointSeries;

/// <summary>A staircase: each value holds until the next point.</summary>
public sealed record StepSeries : PointSeries;

/// <summary>Ringed points of a Pareto front, joined by the staircase of what is attainable.</summary>
public sealed record ParetoSeries : PointSeries
{
    /// <summary>Whether small horizontal values are the good ones.</summary>
    public bool MinimizeX { get; init; } = true;
}

/// <summary>One bar for each category of the axis that has categories.</summary>
public sealed record BarSeries : Series
{
    /// <summary>Length of each bar, in the order of the categories.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Series with the same non-empty name are stacked; others stand side by side.</summary>
    public string Stack { get; init; } = "";
}

/// <summary>Bars from start to end in rows: a Gantt chart. The rows are the categories of the vertical axis.</summary>
public sealed record IntervalSeries : Series
{
    /// <summary>The bars, in any order.</summary>
    public required IReadOnlyList<FigureInterval> Intervals { get; init; }
}

/// <summary>A bar of a Gantt chart over [<paramref name="Start"/>, <paramref name="End"/>).</summary>
/// <param name="Row">Index of the category of the vertical axis.</param>
/// <param name="Start">First value inside.</param>
/// <param name="End">First value outside.</param>
/// <param name="Label">Text shown when pointed at.</param>
public sealed record FigureInterval(int Row, double Start, double End, string Label);
