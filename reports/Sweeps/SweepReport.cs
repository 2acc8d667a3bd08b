// SPDX-License-Identifier: Apache-2.0
using Reports.Html;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The report of a sweep.</summary>
public static class SweepReport
{
    /// <summary>Arranges the results into a document: scatter plots with their Pareto fronts and the table that belongs to them.</summary>
    public static ReportDocument Build(SweepReportData data)
    {
        var sections = new List<ReportSection>();
        if (data.Points.Count > 0)
        {
            IReadOnlyList<TradeOff> tradeOffs = TradeOff.Of(data);
            HashSet<string> marked = tradeOffs.SelectMany(tradeOff => tradeOff.Front).Concat(data.Points.Where(p => p.OnFront)).Select(p => p.Id).ToHashSet();
            string some = data.Points.Count < data.Measured ? $" Shown are {NumberText.Human(data.Points.Count)} of {NumberText.Human(data.Measured)} configurations: the front, and of the others some." : "";
            sections.Add(new ReportSection("Summary", [new SummaryBlock(SweepSummary.Groups(data))]));
            sections.Add(new ReportSection("Trade-offs", [new FigureBlock([.. tradeOffs.Select(tradeOff => SweepFigures.Of(data, tradeOff))])])
            {
                Note = "Ringed points are on the Pareto front: no other configuration is better in both directions. Point at one to see its configuration; click it to find its row." + some,
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
