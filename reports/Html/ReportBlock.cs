// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Html;

/// <summary>Something that stands in a section.</summary>
public abstract record ReportBlock;

/// <summary>The few numbers that matter, in named groups.</summary>
public sealed record SummaryBlock(IReadOnlyList<KeyFigureGroup> Groups) : ReportBlock;

/// <summary>Key figures that belong together.</summary>
public sealed record KeyFigureGroup(string Title, IReadOnlyList<KeyFigure> Figures);

/// <summary>A number that matters.</summary>
/// <param name="Label">What it is: "integer accuracy".</param>
/// <param name="Value">The number as printed.</param>
/// <param name="Unit">Its unit, or empty.</param>
public sealed record KeyFigure(string Label, string Value, string Unit = "")
{
    /// <summary>Where it comes from; null where that is no question.</summary>
    public Provenance? Provenance { get; init; }

    /// <summary>A remark below: "of 10,000 test images".</summary>
    public string Note { get; init; } = "";
}

/// <summary>A table whose columns can be sorted.</summary>
/// <param name="Table">The table.</param>
public sealed record TableBlock(Table Table) : ReportBlock
{
    /// <summary>What the table shows; empty where the heading says it.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Keys of rows to be marked, such as those on a Pareto front.</summary>
    public IReadOnlySet<string> MarkedKeys { get; init; } = new HashSet<string>();
}

/// <summary>Figures side by side; two column-sized ones fill a line.</summary>
public sealed record FigureBlock(IReadOnlyList<Figure> Figures) : ReportBlock;

/// <summary>A text kept as it is, such as a configuration, folded until opened.</summary>
/// <param name="Title">What it is: "resolved configuration".</param>
/// <param name="Text">The text.</param>
/// <param name="Sha256">Its hash in hexadecimal, or empty.</param>
public sealed record VerbatimBlock(string Title, string Text, string Sha256 = "") : ReportBlock;

/// <summary>A grid of small gray images.</summary>
public sealed record ImagesBlock(IReadOnlyList<GrayImage> Images) : ReportBlock;

/// <summary>A small image in shades of gray.</summary>
/// <param name="Pixels">Row by row from the top, 0 black to 255 white; Width x Height bytes.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Caption">What stands below.</param>
public sealed record GrayImage(byte[] Pixels, int Width, int Height, string Caption);

/// <summary>How often each class was taken for each other.</summary>
/// <param name="Counts">Counts[actual, predicted].</param>
/// <param name="ClassNames">A name per class.</param>
public sealed record ConfusionBlock(int[,] Counts, IReadOnlyList<string> ClassNames) : ReportBlock;
