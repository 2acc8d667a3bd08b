// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;

namespace Reports.Html;

/// <summary>A report as a value: a title and sections.</summary>
public sealed record ReportDocument
{
    /// <summary>What kind of report it is: "Run report".</summary>
    public required string Kind { get; init; }

    /// <summary>The title of the page.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence below the title; empty for none.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Hash of the configuration, in hexadecimal; empty for none.</summary>
    public string ConfigSha256 { get; init; } = "";

    /// <summary>Pass or fail marks beside the title.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; init; } = [];

    /// <summary>The sections, from top to bottom.</summary>
    public required IReadOnlyList<ReportSection> Sections { get; init; }

    /// <summary>Every figure of the report, in order.</summary>
    public IEnumerable<Figure> Figures => Sections.SelectMany(section => section.Blocks).SelectMany(block => block switch
    {
        FigureBlock figures => figures.Figures,
        Explorer.ExplorerBlock explorer => explorer.Figures,
        _ => [],
    });
}

/// <summary>A statement that holds or does not.</summary>
/// <param name="Passed">Whether it holds.</param>
/// <param name="Text">The statement: "RTL equal in 200 vectors".</param>
public sealed record Verdict(bool Passed, string Text);

/// <summary>A part of a report with a heading.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Blocks">What stands below it.</param>
public sealed record ReportSection(string Title, IReadOnlyList<ReportBlock> Blocks)
{
    /// <summary>One or two sentences below the heading; empty for none.</summary>
    public string Note { get; init; } = "";
}
