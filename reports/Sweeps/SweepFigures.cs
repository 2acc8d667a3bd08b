// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The scatter plots of a sweep.</summary>
internal static class SweepFigures
{
    private const double LogFromRatio = 8;
    private const int MostColors = 7;

    /// <summary>One objective against another.</summary>
    public static Figure Of(SweepReportData data, TradeOff tradeOff)
    {
        SweepMetric x = data.Metrics[tradeOff.X.Metric], y = data.Metrics[tradeOff.Y.Metric];
        double X(SweepPoint p) => x.OnAxis(p.NumberOf(tradeOff.X.Metric));
        double Y(SweepPoint p) => y.OnAxis(p.NumberOf(tradeOff.Y.Metric));
        FigurePoint At(SweepPoint p) => p.Spread.Count > 0 && p.Spread[tradeOff.Y.Metric] is { } spread && spread.Low != spread.High
            ? new(X(p), Y(p)) { Key = p.Id, ErrorLow = y.OnAxis(spread.Low), ErrorHigh = y.OnAxis(spread.High) }
            : new(X(p), Y(p)) { Key = p.Id };
        int? setting = ColorSetting(data);
        SweepPoint[] known = [.. data.Points.Where(p => double.IsFinite(X(p)) && double.IsFinite(Y(p)))];
        List<Series> series = [.. known.Where(p => !p.IsFeasible).GroupBy(_ => "misses a constraint", p => p, (name, missing) => new ScatterSeries { Name = name, Muted = true, Points = [.. missing.Select(At)] })];
        series.AddRange(known.Where(p => p.IsFeasible).OrderBy(p => setting is int s ? p.Settings[s].Value.Number : null)
            .GroupBy(p => setting is int s ? Value(p.Settings[s]) : "configurations")
            .Select(group => (Series)new ScatterSeries { Name = group.Key, Points = group.Select(At).ToList() }));
        series.Add(new ParetoSeries { Name = "Pareto front", Points = tradeOff.Front.OrderBy(X).ThenByDescending(Y).Select(At).ToList() });
        string[] sentences =
        [
            setting is int shown ? $"Colour and shape: {data.Points[0].Settings[shown].Name}." : "",
            data.Points.Any(p => !p.IsFeasible) ? "Grey points miss a constraint." : "",
            data.Points.Any(p => p.Repeats > 1) ? "Points are means over seeds, bars go from the least to the greatest." : "",
            .. new[] { x, y }.Where(metric => metric.Provenance is not null).Select(metric => $"The {metric.Title} is {metric.Provenance!.Sentence}."),
        ];
        return new Figure
        {
            Id = $"{Slug(y.Title)}-{Slug(x.Title)}",
            Title = $"{AtStart(y)} against {x.Title}",
            Caption = string.Join(' ', sentences.Where(sentence => sentence.Length > 0)),
            X = new Axis { Label = x.Title, Unit = x.AxisUnit, Scale = Scale(known.Select(X).ToList(), x) },
            Y = new Axis { Label = y.Title, Unit = y.AxisUnit, Scale = Scale(known.Select(Y).ToList(), y) },
            Series = series,
        };
    }

    /// <summary>The best of the first objective over a setting, a line for each colour; null where no setting was named or none of its points is known.</summary>
    public static Figure? Over(SweepReportData data)
    {
        int over = data.PlotOver is null ? -1 : data.Points[0].Settings.ToList().FindIndex(setting => setting.Name == data.PlotOver);
        if (over < 0)
        {
            return null;
        }

        SweepGoal goal = data.Objectives[0];
        SweepMetric y = data.Metrics[goal.Metric];
        int? color = ColorSetting(data);
        SweepPoint[] known = [.. data.Points.Where(p => p.IsFeasible && p.Settings[over].Value.Number is not null && double.IsFinite(p.NumberOf(goal.Metric)))];
        SweepSetting shown = data.Points[0].Settings[over];
        return known.Length == 0 ? null : new Figure
        {
            Id = $"{Slug(y.Title)}-over-{Slug(shown.Name)}",
            Title = $"{AtStart(y)} over {shown.Name}",
            Caption = color is int of && of != over ? $"Colour and shape: {data.Points[0].Settings[of].Name}. Of several configurations the best." : "Of several configurations the best.",
            X = new Axis { Label = shown.Name, Unit = shown.Unit, IsWhole = known.All(p => double.IsInteger(p.Settings[over].Value.Number!.Value)) },
            Y = new Axis { Label = y.Title, Unit = y.AxisUnit, Scale = Scale([.. known.Select(p => y.OnAxis(p.NumberOf(goal.Metric)))], y) },
            Series =
            [
                .. known.GroupBy(p => color is int s && s != over ? Value(p.Settings[s]) : y.Title).Select(group => new LineSeries
                {
                    Name = group.Key,
                    Points = [.. group.GroupBy(p => p.Settings[over].Value.Number!.Value).OrderBy(at => at.Key).Select(at => Best(at, goal)).Select(p => new FigurePoint(p.Settings[over].Value.Number!.Value, y.OnAxis(p.NumberOf(goal.Metric))) { Key = p.Id })],
                }),
            ],
        };
    }

    private static SweepPoint Best(IEnumerable<SweepPoint> points, SweepGoal goal) =>
        goal.Goal == Goal.Maximize ? points.MaxBy(p => p.NumberOf(goal.Metric))! : points.MinBy(p => p.NumberOf(goal.Metric))!;

    /// <summary>The title as a sentence begins with it.</summary>
    private static string AtStart(SweepMetric metric) => $"{char.ToUpperInvariant(metric.Title[0])}{metric.Title[1..]}";

    private static string Slug(string title) => string.Join('-', title.ToLowerInvariant().Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries));

    private static AxisScale Scale(List<double> values, SweepMetric metric) =>
        metric.Style != NumberStyle.Percent && values.Count > 0 && values.Min() > 0 && values.Max() / values.Min() >= LogFromRatio ? AxisScale.Log : AxisScale.Linear;

    /// <summary>The setting that colours the points; null for none.</summary>
    public static int? ColorSetting(SweepReportData data)
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

    /// <summary>A setting's value with its unit.</summary>
    public static string Value(SweepSetting setting) => setting.Value.IsEmpty ? "none" : $"{NumberText.Human(setting.Value, NumberStyle.General)} {setting.Unit}".TrimEnd();
}
