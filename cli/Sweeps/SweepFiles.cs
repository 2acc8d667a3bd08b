// SPDX-License-Identifier: Apache-2.0
using Cli.Experiments;
using Reports.Figures;
using Reports.Html;
using Reports.Sweeps;
using Reports.Tables;

namespace Cli.Sweeps;

/// <summary>Writes what a sweep found: docs/sweep-file.md describes each file.</summary>
public static class SweepFiles
{
    /// <summary>Writes the tables, then the report with its figures; returns the page's path.</summary>
    public static string Write(SweepResult result, SweepFolder folder, IFigureRenderer renderer)
    {
        SweepReportData data = result.Report();
        Table full = Full(result, data);
        AtomicFile.Write(Path.Combine(folder.Root, "points.csv"), CsvTable.Format(full));
        AtomicFile.Write(Path.Combine(folder.Root, "points.jsonl"), JsonLinesTable.Format(full));
        AtomicFile.Write(Path.Combine(folder.Root, "failures.csv"), CsvTable.Format(SweepTables.Failures(data)));
        AtomicFile.Write(Path.Combine(folder.Root, "table.md"), MarkdownTable.Format(SweepTables.Points(data)));
        return ReportFiles.Write(SweepReport.Build(data), folder.Root, renderer);
    }

    /// <summary>Only the points on a front, for a terminal.</summary>
    public static Table Front(SweepReportData data)
    {
        HashSet<string> ids = [.. SweepTables.AreaFront(data).Concat(SweepTables.LatencyFront(data)).Select(point => point.Id)];
        return SweepTables.Points(data with { Points = [.. data.Points.Where(point => ids.Contains(point.Id))] });
    }

    /// <summary>The report's table, and behind it what only machines want.</summary>
    private static Table Full(SweepResult result, SweepReportData data)
    {
        Table table = SweepTables.Points(data);
        Table more = Table.Of(result.Measurements,
        [
            new("float accuracy", "", point => point.FloatAccuracy, NumberStyle.Percent),
            new("trained accuracy", "", point => point.TrainedAccuracy, NumberStyle.Percent),
            new("test images", "", point => point.TestImages),
            new("flip flops", "", point => point.FlipFlops),
            new("memory", "bits", point => point.MemoryBits),
        ]);
        return table with
        {
            Columns = [.. table.Columns, .. more.Columns],
            Rows = [.. table.Rows.Zip(more.Rows, (row, rest) => (IReadOnlyList<Cell>)[.. row, .. rest])],
        };
    }
}
