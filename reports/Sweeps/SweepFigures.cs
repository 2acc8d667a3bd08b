// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Html;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The scatter plots of a sweep.</summary>
internal static class SweepFigures
{
    private const double LogFromRatio = 8;
    private const int MostColors = 7;

    /// <summary>Accuracy against area.</summary>
    public static Figure AccuracyAgainstArea(SweepReportData data, IReadOnlyList<SweepPoint> front) =>
        Scatter(data, "accuracy-area", "Accuracy against area", "area", data.AreaUnit, data.AreaProvenance, p => p.Area, front);

    /// <summary>Accuracy against latency.</summary>
    public static Figure AccuracyAgainstLatency(SweepReportData data, IReadOnlyList<SweepPoint> front) =>
        Scatter(data, "accuracy-latency", "Accuracy against latency", "latency", "µs", data.ClockProvenance, p => p.LatencyUs, front);

    private static Figure Scatter(
        SweepReportData data, string id, string title, string quantity, string unit, Provenance provenance, Func<SweepPoint, double> cost, IReadOnlyList<SweepPoint> front)
    {
        FigurePoint At(SweepPoint p) => new(cost(p), p.Accuracy * 100) { Hover = Hover(data, p), Key = p.Id };
        int? setting = ColorSetting(data);
        var series = data.Points.OrderBy(p => setting is int s ? p.Settings[s].Value.Number : null)
            .GroupBy(p => setting is int s ? Value(p.Settings[s]) : "configurations")
            .Select(group => (Series)new ScatterSeries { Name = group.Key, Points = group.Select(At).ToList() })
            .ToList();
        series.Add(new ParetoSeries { Name = "Pareto front", Points = front.OrderBy(cost).ThenByDescending(p => p.Accuracy).Select(At).ToList() });
        return new Figure
        {
            Id = id,
            Title = title,
            Caption = (setting is int shown ? $"Colour and shape: {data.Points[0].Settings[shown].Name}. " : "") + $"The {quantity} is {provenance.Sentence}.",
            X = new Axis { Label = quantity, Unit = unit, Scale = Scale(data.Points.Select(cost).ToList()) },
            Y = new Axis { Label = "accuracy", Unit = "%" },
            Series = series,
        };
    }

    private static AxisScale Scale(List<double> values) =>
        values.Min() > 0 && values.Max() / values.Min() >= LogFromRatio ? AxisScale.Log : AxisScale.Linear;

    private static int? ColorSetting(SweepReportData data)
    {
        for (int s = 0; s < data.Points[0].Settings.Count; s++)
        {
            int values = data.Points.Select(p => p.Settings[s].Value).Distinct().Count();
            if (data.ColorBy is string name ? data.Points[0].Settings[s].Name == name : values is >= 2 and <= MostColors)
            {
                return s;
            }
        }

        return null;
    }

    private static string Hover(SweepReportData data, SweepPoint p) => string.Join('\n', (string[])
    [
        p.Id,
        .. p.Settings.Select(Describe),
        $"accuracy {NumberText.Percent(p.Accuracy)} %",
        $"area {NumberText.Human(p.Area)} {data.AreaUnit}",
        $"latency {NumberText.Human(p.LatencyUs)} µs ({NumberText.Human(p.CyclesPerInference)} cycles)",
    ]);

    private static string Describe(SweepSetting setting) => $"{setting.Name} {Value(setting)}";

    private static string Value(SweepSetting setting) => $"{NumberText.Human(setting.Value, NumberStyle.General)} {setting.Unit}".TrimEnd();
}
