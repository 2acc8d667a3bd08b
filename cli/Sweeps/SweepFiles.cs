// SPDX-License-Identifier: Apache-2.0
using Cli.Experiments;
using Reports.Figures;
using Reports.Html;
using Reports.Sweeps;
using Reports.Tables;

namespace Cli.Sweeps;

/// <summary>Writes what people read of a sweep, beside the files that <see cref="SweepRunner"/> wrote: docs/sweep-file.md describes each.</summary>
public static class SweepFiles
{
    /// <summary>Writes the front, the table and the report with its figures; returns the page's path.</summary>
    public static string Write(SweepResult result, SweepFolder folder, IFigureRenderer renderer)
    {
        SweepReportData data = result.Report();
        Table shown = SweepTables.Points(SeedGroups.Of(data));
        AtomicFile.Write(Path.Combine(folder.Root, "results.jsonl"), JsonLinesTable.Format(shown));
        AtomicFile.Write(Path.Combine(folder.Root, "results.md"), MarkdownTable.Format(shown));
        AtomicFile.Write(Path.Combine(folder.Root, "results.tex"), LatexTable.Format(shown));
        return ReportFiles.Write(SweepReport.Build(data), folder.Root, renderer);
    }
}
