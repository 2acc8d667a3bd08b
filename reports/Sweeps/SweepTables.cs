// SPDX-License-Identifier: Apache-2.0
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The tables of a sweep, for the page, for files and for the terminal alike.</summary>
public static class SweepTables
{
    /// <summary>One row per point that is shown; figures that no point has are left out.</summary>
    public static Table Points(SweepReportData data)
    {
        IReadOnlyList<TradeOff> tradeOffs = data.Points.Count == 0 ? [] : TradeOff.Of(data);
        (string Title, HashSet<string> Ids)[] fronts = [.. tradeOffs.Select(tradeOff => (data.Metrics[tradeOff.X.Metric].Title, tradeOff.Front.Select(p => p.Id).ToHashSet()))];
        string Fronts(SweepPoint p)
        {
            string names = string.Join(" + ", fronts.Where(front => front.Ids.Contains(p.Id)).Select(front => front.Title));
            return names.Length == 0 && p.OnFront ? "all together" : names;
        }

        IReadOnlyList<SweepSetting> settings = data.Points.Count == 0 ? [] : data.Points[0].Settings;
        return Table.Of(data.Points,
        [
            new("configuration", "", p => p.Id),
            .. settings.Select((setting, i) => new TableColumn<SweepPoint>(setting.Name, setting.Unit, p => p.Settings[i].Value)),
            .. data.Metrics.Select((metric, i) => (metric, i)).Where(entry => data.Points.Any(p => !p.Figures[entry.i].IsEmpty))
                .Select(entry => new TableColumn<SweepPoint>(entry.metric.Title, entry.metric.Unit, p => p.Figures[entry.i], entry.metric.Style)),
            .. data.Feasible is null ? [] : new TableColumn<SweepPoint>[] { new("feasible", "", p => p.IsFeasible ? "yes" : "no") },
            new("pareto", "", p => Fronts(p)),
        ], p => p.Id);
    }

    /// <summary>One row per configuration that could not run, of the first of them.</summary>
    public static Table Failures(SweepReportData data) => Table.Of(data.Failures, [new("configuration", "", f => f.Id), new("reason", "", f => f.Reason)]);
}
