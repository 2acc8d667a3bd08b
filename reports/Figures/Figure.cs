// SPDX-License-Identifier: Apache-2.0
namespace Reports.Figures;

/// <summary>
/// A diagram as a value: what is shown, with labels and units; a renderer decides how it is drawn.
/// Equal figures give equal bytes.
/// </summary>
public sealed record Figure
{
    /// <summary>Stem of the file's name and anchor in a page: lower-case letters, digits and hyphens, unique within a report.</summary>
    public required string Id { get; init; }

    /// <summary>What the figure shows, as a phrase.</summary>
    public required string Title { get; init; }

    /// <summary>One or two sentences that say how to read it; empty for none.</summary>
    public string Caption { get; init; } = "";

    /// <summary>The horizontal axis.</summary>
    public required Axis X { get; init; }

    /// <summary>The vertical axis. With categories here instead of on <see cref="X"/>, bars lie.</summary>
    public required Axis Y { get; init; }

    /// <summary>What is drawn, in the order of the legend; later series lie on top.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>The printed size.</summary>
    public FigureSize Size { get; init; } = FigureSize.Column;
}

/// <summary>The printed size of a figure in points (1/72 inch). Type is 8 points or larger at this size.</summary>
/// <param name="WidthPoints">Width in points.</param>
/// <param name="HeightPoints">Height in points.</param>
public sealed record FigureSize(double WidthPoints, double HeightPoints)
{
    /// <summary>One column of a two-column paper: 3.5 inches wide.</summary>
    public static FigureSize Column { get; } = new(252, 189);

    /// <summary>The width of a page of a two-column paper: 7.16 inches.</summary>
    public static FigureSize Page { get; } = new(516, 216);
}
