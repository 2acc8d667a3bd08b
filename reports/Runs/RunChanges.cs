// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Html;
using Reports.Tables;

namespace Reports.Runs;

/// <summary>The section that holds a run against an earlier one.</summary>
public static class RunChanges
{
    /// <summary>What the figures of the whole network are called.</summary>
    public const string Whole = "inference";

    /// <summary>The section: the largest changes as bars, all of them as a table.</summary>
    internal static ReportSection Section(RunComparison comparison)
    {
        string count = $"{NumberText.Human(comparison.Changes.Count)} of {NumberText.Human(comparison.Compared)} figures differ";
        List<ReportBlock> blocks = [];
        if (RunFigures.Changes(comparison) is Figure figure)
        {
            blocks.Add(new FigureBlock([figure]));
        }

        if (comparison.Changes.Count > 0)
        {
            blocks.Add(new TableBlock(Table(comparison)));
        }

        return new ReportSection("Changes", blocks) { Note = $"Against {comparison.Before}: {count}." };
    }

    /// <summary>Counts stay whole numbers.</summary>
    private static Cell Number(double? value) => value is double number && number == Math.Truncate(number) && Math.Abs(number) < 1L << 53 ? (long)number : value;

    /// <summary>One row per figure that differs.</summary>
    public static Table Table(RunComparison comparison) => Tables.Table.Of(comparison.Changes,
    [
        new("of", "", change => change.Item),
        new("figure", "", change => change.Metric),
        new("before", "", change => Number(change.Before)),
        new("now", "", change => Number(change.After)),
        new("change", "", change => change.Change, NumberStyle.Percent),
    ]);
}
