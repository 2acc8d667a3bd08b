// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Html.Explorer;

/// <summary>
/// Linked views of many points: parallel axes that can be brushed, scatter plots, and a table of which only what is visible is built. Print, and pages without scripts, show the still
/// figures and the still table in its place.
/// </summary>
public sealed record ExplorerBlock : ReportBlock
{
    /// <summary>The points' names, each once.</summary>
    public required IReadOnlyList<string> Ids { get; init; }

    /// <summary>What is known of each point, in the order of the table.</summary>
    public required IReadOnlyList<ExplorerColumn> Columns { get; init; }

    /// <summary>Indices of the columns that become parallel axes.</summary>
    public required IReadOnlyList<int> Axes { get; init; }

    /// <summary>The scatter plots.</summary>
    public required IReadOnlyList<ExplorerPlot> Plots { get; init; }

    /// <summary>The parallel axes as a still figure; null for none.</summary>
    public Figure? StillAxes { get; init; }

    /// <summary>The table of a printed page.</summary>
    public required TableBlock StillTable { get; init; }

    /// <summary>The column whose values colour the points; null for one colour.</summary>
    public int? ColorColumn { get; init; }

    /// <summary>Rows on a front.</summary>
    public IReadOnlyList<int> Front { get; init; } = [];

    /// <summary>Rows that do not come into question.</summary>
    public IReadOnlyList<int> Missing { get; init; } = [];

    /// <summary>The recommended row; null for none.</summary>
    public int? Recommended { get; init; }

    /// <summary>Comment lines above the YAML of a point.</summary>
    public IReadOnlyList<string> YamlHead { get; init; } = [];

    /// <summary>Every figure, for files and for print.</summary>
    public IEnumerable<Figure> Figures => (StillAxes is null ? [] : new[] { StillAxes }).Concat(Plots.Select(plot => plot.Figure));
}

/// <summary>One value of every point.</summary>
/// <param name="Header">Its title, unit and style.</param>
/// <param name="Cells">One for each point.</param>
public sealed record ExplorerColumn(ColumnHeader Header, IReadOnlyList<Cell> Cells)
{
    /// <summary>Whether it is a setting: its values are few, and each stands for keys.</summary>
    public bool IsSetting { get; init; }

    /// <summary>The keys that a setting sets.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>What each key is set to, by the setting's value as machines read it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Texts { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Least value of each point over its repeats; empty where nothing was repeated.</summary>
    public IReadOnlyList<double> Low { get; init; } = [];

    /// <summary>Greatest value of each point over its repeats.</summary>
    public IReadOnlyList<double> High { get; init; } = [];
}

/// <summary>One column against another.</summary>
/// <param name="Figure">The still figure; the page takes its axes and fills them from the columns.</param>
/// <param name="X">The column to the right.</param>
/// <param name="Y">The column upwards.</param>
/// <param name="MinimizeX">Whether small values to the right are the good ones.</param>
/// <param name="Front">Rows that no other beats in both, in the order of the staircase.</param>
public sealed record ExplorerPlot(Figure Figure, int X, int Y, bool MinimizeX, IReadOnlyList<int> Front);
