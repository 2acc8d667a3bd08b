// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Html;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The report of a sweep.</summary>
public static class SweepReport
{
    /// <summary>Arranges the results into a document: two scatter plots with their Pareto fronts and the table that belongs to them.</summary>
    public static ReportDocument Build(SweepReportData data)
    {
        IReadOnlyList<SweepPoint> areaFront = SweepTables.AreaFront(data);
        IReadOnlyList<SweepPoint> latencyFront = SweepTables.LatencyFront(data);
        HashSet<string> marked = areaFront.Concat(latencyFront).Select(p => p.Id).ToHashSet();
        var sections = new List<ReportSection>();
        if (data.Points.Count > 0)
        {
            sections.Add(new ReportSection("Summary", [new SummaryBlock(SweepSummary.Groups(data, areaFront, latencyFront))]));
            sections.Add(new ReportSection("Trade-offs", [new FigureBlock([SweepFigures.AccuracyAgainstArea(data, areaFront), SweepFigures.AccuracyAgainstLatency(data, latencyFront)])])
            {
                Note = "Ringed points are on the Pareto front: no other configuration is better in both directions. Point at one to see its configuration; click it to find its row.",
            });
            sections.Add(new ReportSection("Configurations", [new TableBlock(SweepTables.Points(data)) { MarkedKeys = marked }])
            {
                Note = "Rows with a blue edge are on a Pareto front. Click a heading to sort, a row to find its point.",
            });
        }

        if (data.Failures.Count > 0)
        {
            sections.Add(new ReportSection("Could not run", [new TableBlock(SweepTables.Failures(data))]));
        }

        if (data.ResolvedYaml.Length > 0)
        {
            sections.Add(new ReportSection("Configuration", [new VerbatimBlock("Resolved sweep", data.ResolvedYaml, data.ConfigSha256)]));
        }

        return new ReportDocument
        {
            Kind = "Sweep report",
            Title = data.Name,
            Subtitle = data.Description,
            ConfigSha256 = data.ConfigSha256,
            Sections = sections,
        };
    }
}
