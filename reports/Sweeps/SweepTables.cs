// SPDX-License-Identifier: Apache-2.0
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The tables of a sweep, for the page, for files and for the terminal alike.</summary>
public static class SweepTables
{
    /// <summary>One row per point that is shown; figures that no point has are left out.</summary>
    /// <param name="data">The sweep.</param>
    /// <param name="fronts">The sweep whose fronts are named, where the other one has only some of its points.</param>
    public static Table Points(SweepReportData data, SweepReportData? fronts = null)
    {
        IReadOnlyList<TradeOff> tradeOffs = data.Points.Count == 0 ? [] : TradeOff.Of(fronts ?? data);
        (string Title, HashSet<string> Ids)[] named = [.. tradeOffs.Select(tradeOff => (data.Metrics[tradeOff.X.Metric].Title, tradeOff.Front.Select(p => p.Id).ToHashSet()))];
        string Fronts(SweepPoint p)
        {
            string names = string.Join(" + ", named.Where(front => front.Ids.Contains(p.Id)).Select(front => front.Title));
            return names.Length == 0 && p.OnFront ? "all together" : names;
        }

        IReadOnlyList<SweepSetting> settings = data.Points.Count == 0 ? [] : data.Points[0].Settings;
        return Table.Of(data.Points,
        [
            new("configuration", "", p => p.Id),
            .. settings.Select((setting, i) => new TableColumn<SweepPoint>(setting.Name, setting.Unit, p => p.Settings[i].Value)),
            .. data.Metrics.Select((metric, i) => (metric, i)).Where(entry => data.Points.Any(p => !p.Figures[entry.i].IsEmpty))
                .SelectMany(entry => Columns(data, entry.metric, entry.i)),
            .. data.Points.All(p => p.Repeats == 1) ? [] : new TableColumn<SweepPoint>[] { new("seeds", "", p => p.Repeats) },
            .. data.Feasible is null ? [] : new TableColumn<SweepPoint>[] { new("feasible", "", p => p.IsFeasible ? "yes" : "no") },
            new("pareto", "", p => Fronts(p)),
        ], p => p.Id);
    }

    /// <summary>Columns of <see cref="Points"/> but the first, in the order in which they get room: objectives, settings, what is limited, everything else.</summary>
    public static IReadOnlyList<int> ByWorth(SweepReportData data, Table points)
    {
        int settings = data.Points[0].Settings.Count;
        HashSet<string> objectives = [.. data.Objectives.Select(objective => data.Metrics[objective.Metric].Title)], limited = [.. data.Limits.Select(limit => data.Metrics[limit.Metric].Title)];
        int Rank(int c) => c <= settings ? 1 : objectives.Contains(points.Columns[c].Title) ? 0 : limited.Contains(points.Columns[c].Title) ? 2 : 3;
        return [.. Enumerable.Range(1, points.Columns.Count - 1).OrderBy(Rank).ThenBy(c => c)];
    }

    /// <summary>A figure; beside it, where it was repeated and differs, its least and greatest value.</summary>
    private static IEnumerable<TableColumn<SweepPoint>> Columns(SweepReportData data, SweepMetric metric, int index)
    {
        yield return new(metric.Title, metric.Unit, p => p.Figures[index], metric.Style) { Name = metric.Name };
        if (data.Points.Any(p => p.Spread.Count > 0 && p.Spread[index].Low != p.Spread[index].High))
        {
            yield return new($"least {metric.Title}", metric.Unit, p => p.Spread.Count > 0 ? p.Spread[index].Low : p.Figures[index], metric.Style) { Name = $"least_{metric.Name}" };
            yield return new($"greatest {metric.Title}", metric.Unit, p => p.Spread.Count > 0 ? p.Spread[index].High : p.Figures[index], metric.Style) { Name = $"greatest_{metric.Name}" };
        }
    }

    /// <summary>One row per configuration that could not run, of the first of them.</summary>
    public static Table Failures(SweepReportData data) => Table.Of(data.Failures, [new("configuration", "", f => f.Id), new("reason", "", f => f.Reason)]);
}
