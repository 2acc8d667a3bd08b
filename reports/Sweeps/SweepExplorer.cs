// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Html;
using Reports.Html.Explorer;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The linked views of a sweep's points.</summary>
internal static class SweepExplorer
{
    private const int MostStillRows = 400;

    /// <summary>More than that no page has room for.</summary>
    private const int MostStillColumns = 14;

    /// <summary>Parallel axes, one scatter plot per trade-off, and the table.</summary>
    public static ExplorerBlock Of(SweepReportData data, IReadOnlyList<TradeOff> tradeOffs)
    {
        IReadOnlyList<SweepPoint> points = data.Points;
        int settings = points[0].Settings.Count;
        int[] metrics = [.. Enumerable.Range(0, data.Metrics.Count).Where(metric => points.Any(point => !point.Figures[metric].IsEmpty))];
        Dictionary<string, int> rows = points.Select((point, row) => (point.Id, row)).ToDictionary(entry => entry.Id, entry => entry.row);
        int ColumnOf(SweepGoal goal) => settings + Array.IndexOf(metrics, goal.Metric);
        IReadOnlyList<int> axes = SweepAxes.Columns(data, metrics);
        HashSet<string> marked = [.. tradeOffs.SelectMany(tradeOff => tradeOff.Front).Concat(points.Where(point => point.OnFront)).Select(point => point.Id)];
        List<ExplorerColumn> columns = [.. Enumerable.Range(0, settings).Select(setting => Setting(data, setting)), .. metrics.Select(metric => Figure(data, metric))];
        if (data.Feasible is not null)
        {
            columns.Add(new(new ColumnHeader("feasible", "", NumberStyle.General), [.. points.Select(point => (Cell)(point.IsFeasible ? "yes" : "no"))]));
        }

        if (points.Any(point => point.Repeats > 1))
        {
            columns.Add(new(new ColumnHeader("seeds", "", NumberStyle.General), [.. points.Select(point => (Cell)point.Repeats)]));
        }

        return new ExplorerBlock
        {
            Ids = [.. points.Select(point => point.Id)],
            Columns = columns,
            Axes = axes,
            StillAxes = SweepAxes.Still(data, metrics),
            Plots =
            [
                .. tradeOffs.Select(tradeOff => new ExplorerPlot(
                    SweepFigures.Of(data, tradeOff), ColumnOf(tradeOff.X), ColumnOf(tradeOff.Y), tradeOff.X.Goal == Goal.Minimize,
                    [.. tradeOff.Front.OrderBy(point => point.NumberOf(tradeOff.X.Metric)).ThenByDescending(point => point.NumberOf(tradeOff.Y.Metric)).Select(point => rows[point.Id])])),
            ],
            StillTable = Still(data, marked),
            ColorColumn = SweepFigures.ColorSetting(data),
            Front = [.. points.Select((point, row) => (point, row)).Where(entry => marked.Contains(entry.point.Id)).Select(entry => entry.row)],
            Missing = [.. points.Select((point, row) => (point, row)).Where(entry => !entry.point.IsFeasible).Select(entry => entry.row)],
            Recommended = Recommendation.Of(data) is Recommendation recommended ? rows[recommended.Point.Id] : null,
            YamlHead = [$"of the sweep {data.Name}", .. data.Base.Length > 0 ? new[] { $"changes to {data.Base}" } : [], .. data.ConfigSha256.Length > 0 ? new[] { $"config_sha256: {data.ConfigSha256}" } : []],
        };
    }

    private static ExplorerColumn Setting(SweepReportData data, int setting)
    {
        SweepSetting first = data.Points[0].Settings[setting];
        SweepKeys? keys = data.Keys.Count > setting ? data.Keys[setting] : null;
        return new(new ColumnHeader(first.Name, first.Unit, NumberStyle.General), [.. data.Points.Select(point => point.Settings[setting].Value)])
        {
            IsSetting = true,
            Keys = keys?.Keys ?? [],
            Texts = keys?.Texts ?? new Dictionary<string, IReadOnlyList<string>>(),
        };
    }

    private static ExplorerColumn Figure(SweepReportData data, int metric)
    {
        SweepMetric of = data.Metrics[metric];
        bool repeated = data.Points.Any(point => point.Spread.Count > 0 && point.Spread[metric].Low != point.Spread[metric].High);
        return new(new ColumnHeader(of.Title, of.Unit, of.Style), [.. data.Points.Select(point => point.Figures[metric])])
        {
            Low = repeated ? [.. data.Points.Select(point => point.Spread.Count > 0 ? point.Spread[metric].Low : point.NumberOf(metric))] : [],
            High = repeated ? [.. data.Points.Select(point => point.Spread.Count > 0 ? point.Spread[metric].High : point.NumberOf(metric))] : [],
        };
    }

    /// <summary>All points of a small sweep; of a large one those on a front, as many as a person reads.</summary>
    private static TableBlock Still(SweepReportData data, HashSet<string> marked)
    {
        SweepPoint[] printed = [.. (data.Points.Count <= MostStillRows ? data.Points : data.Points.Where(point => marked.Contains(point.Id))).Take(MostStillRows)];
        Table all = SweepTables.Points(data with { Points = printed }, fronts: data);
        Table table = all.Only([0, .. SweepTables.ByWorth(data, all).Take(MostStillColumns - 1).Order()]);
        string[] sentences =
        [
            printed.Length == data.Points.Count ? "" : $"{NumberText.Human(printed.Length)} of {NumberText.Human(data.Points.Count)} configurations: those on a Pareto front. The others are in results.csv.",
            table.Columns.Count == all.Columns.Count ? "" : $"results.csv has {NumberText.Human(all.Columns.Count - table.Columns.Count)} figures more.",
        ];
        return new TableBlock(table) { MarkedKeys = marked, Caption = string.Join(' ', sentences.Where(sentence => sentence.Length > 0)) };
    }
}
