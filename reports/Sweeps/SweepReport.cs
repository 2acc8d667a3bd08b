// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Html;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The report of a sweep.</summary>
public static class SweepReport
{
    /// <summary>Arranges the results into a document: the decision, and linked views of all points.</summary>
    public static ReportDocument Build(SweepReportData sweep)
    {
        SweepReportData data = SeedGroups.Of(sweep);
        var sections = new List<ReportSection>();
        if (data.Points.Count > 0)
        {
            string some = data.Measured > sweep.Points.Count ? $" Shown are {NumberText.Human(sweep.Points.Count)} of {NumberText.Human(data.Measured)} configurations: the front, and of the others some." : "";
            sections.Add(SweepDecision.Of(data));
            if (SweepFigures.Over(data) is Figure over)
            {
                sections.Add(new ReportSection(over.Title, [new FigureBlock([over])]));
            }

            sections.Add(new ReportSection("Explored", [new SummaryBlock(SweepSummary.Groups(data))]));
            sections.Add(new ReportSection("Trade-offs", [SweepExplorer.Of(data, TradeOff.Of(data))])
            {
                Note = "Ringed points are on the Pareto front: no other configuration is better in both directions. Point at a mark to see its configuration; a click copies its YAML and finds its row. "
                    + "What is brushed on the axes stays coloured in the plots and listed in the table." + some,
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
