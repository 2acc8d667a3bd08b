// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The tables and Pareto fronts of a sweep, for the page, for CSV files and for the terminal alike.</summary>
public static class SweepTables
{
    /// <summary>One row per evaluated configuration.</summary>
    public static Table Points(SweepReportData data)
    {
        HashSet<string> byArea = AreaFront(data).Select(p => p.Id).ToHashSet();
        HashSet<string> byLatency = LatencyFront(data).Select(p => p.Id).ToHashSet();
        string Fronts(SweepPoint p) => string.Join(" + ", new[] { byArea.Contains(p.Id) ? "area" : null, byLatency.Contains(p.Id) ? "latency" : null }.OfType<string>());
        IReadOnlyList<SweepSetting> settings = data.Points.Count == 0 ? [] : data.Points[0].Settings;
        return Table.Of(data.Points,
        [
            new("configuration", "", p => p.Id),
            .. settings.Select((setting, i) => new TableColumn<SweepPoint>(setting.Name, setting.Unit, p => p.Settings[i].Value)),
            new("accuracy", "", p => p.Accuracy, NumberStyle.Percent),
            new("area", data.AreaUnit, p => p.Area),
            new("latency", "µs", p => p.LatencyUs),
            new("cycles per inference", "", p => p.CyclesPerInference),
            new("utilization", "", p => p.Utilization, NumberStyle.Percent),
            new("overflows", "", p => p.Overflows),
            new("pareto", "", p => Fronts(p)),
        ], p => p.Id);
    }

    /// <summary>One row per configuration that could not run.</summary>
    public static Table Failures(SweepReportData data) => Table.Of(data.Failures, [new("configuration", "", f => f.Id), new("reason", "", f => f.Reason)]);

    /// <summary>The points that no other beats in both accuracy and area.</summary>
    public static IReadOnlyList<SweepPoint> AreaFront(SweepReportData data) =>
        ParetoFront.Of(data.Points, new Objective<SweepPoint>(Goal.Minimize, p => p.Area), new Objective<SweepPoint>(Goal.Maximize, p => p.Accuracy));

    /// <summary>The points that no other beats in both accuracy and latency.</summary>
    public static IReadOnlyList<SweepPoint> LatencyFront(SweepReportData data) =>
        ParetoFront.Of(data.Points, new Objective<SweepPoint>(Goal.Minimize, p => p.LatencyUs), new Objective<SweepPoint>(Goal.Maximize, p => p.Accuracy));
}
