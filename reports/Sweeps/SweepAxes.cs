// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The parallel axes of a sweep: which there are, and their still figure.</summary>
internal static class SweepAxes
{
    private const int MostAxes = 12;
    private const int MostStillAxes = 9;
    private const int MostStillLines = 80;
    private const double LogFromRatio = 8;

    /// <summary>
    /// Indices of columns (settings first, then metrics): the settings and objectives, then what is limited, then other figures, as many as fit; of those only what differs between points.
    /// In the order of columns.
    /// </summary>
    public static IReadOnlyList<int> Columns(SweepReportData data, IReadOnlyList<int> metrics, int most = MostAxes)
    {
        int settings = data.Points[0].Settings.Count;
        int[] wanted = [.. data.Objectives.Select(objective => objective.Metric), .. data.Limits.Select(limit => limit.Metric), .. metrics];
        return
        [
            .. Enumerable.Range(0, settings).Concat(wanted.Distinct().Where(metrics.Contains).Select(metric => settings + metrics.ToList().IndexOf(metric)))
                .Where(column => data.Points.Select(point => CellOf(point, column, metrics)).Distinct().Take(2).Count() > 1)
                .Take(most).Order(),
        ];
    }

    /// <summary>The axes as a figure: each from its least value (below) to its greatest; the front over as many other points as a page can show. Null without two axes.</summary>
    public static Figure? Still(SweepReportData data, IReadOnlyList<int> metrics)
    {
        IReadOnlyList<int> columns = Columns(data, metrics, MostStillAxes);
        if (columns.Count < 2)
        {
            return null;
        }

        StillAxis[] axes = [.. columns.Select(column => Axis(data, column, metrics))];
        (string Name, SweepPoint[] Points)[] groups =
        [
            Some("other configurations", [.. data.Points.Where(point => !point.OnFront)]),
            Some("on the Pareto front of all objectives", [.. data.Points.Where(point => point.OnFront)]),
        ];
        return new Figure
        {
            Id = "axes",
            Title = "All settings and figures together",
            Caption = "Each line is a configuration, each axis goes from its least value (below) to its greatest. Drag along an axis to keep only what passes there; click a line to copy its YAML.",
            X = new Axis { Label = "", Categories = [.. axes.Select(axis => axis.Name)] },
            Y = new Axis { Label = "least to greatest value", Unit = "%", Minimum = 0, Maximum = 100 },
            Series = [.. groups.Where(group => group.Points.Length > 0).Select(group => new LineSeries { Name = group.Name, Points = Lines(group.Points, axes) })],
            Size = new FigureSize(FigureSize.Page.WidthPoints, 260),
        };
    }

    private sealed record StillAxis(string Name, Func<SweepPoint, double> Place);

    /// <summary>More lines than that are a smear on paper: of many points every n-th.</summary>
    private static (string Name, SweepPoint[] Points) Some(string name, SweepPoint[] points)
    {
        int stride = Math.Max(1, (points.Length + MostStillLines - 1) / MostStillLines);
        return (stride == 1 ? name : $"{name} (one in {NumberText.Human(stride)})", [.. points.Where((_, i) => i % stride == 0)]);
    }

    private static Cell CellOf(SweepPoint point, int column, IReadOnlyList<int> metrics) =>
        column < point.Settings.Count ? point.Settings[column].Value : point.Figures[metrics[column - point.Settings.Count]];

    private static StillAxis Axis(SweepReportData data, int column, IReadOnlyList<int> metrics)
    {
        int settings = data.Points[0].Settings.Count;
        string title, unit;
        NumberStyle style = NumberStyle.General;
        if (column < settings)
        {
            (title, unit) = (data.Points[0].Settings[column].Name, data.Points[0].Settings[column].Unit);
        }
        else
        {
            SweepMetric metric = data.Metrics[metrics[column - settings]];
            (title, unit, style) = (metric.Title, metric.AxisUnit, metric.Style);
        }

        Cell[] cells = [.. data.Points.Select(point => CellOf(point, column, metrics)).Where(cell => !cell.IsEmpty).Distinct()];
        if (cells.Any(cell => cell.Text is not null))
        {
            string[] texts = [.. cells.Select(NumberText.Machine)];
            return new(Name(title, unit, texts[0], texts[^1]), point => Array.IndexOf(texts, NumberText.Machine(CellOf(point, column, metrics))) is int at and >= 0 ? Share(at, 0, texts.Length - 1) : double.NaN);
        }

        double low = cells.Min(cell => cell.Number!.Value), high = cells.Max(cell => cell.Number!.Value);
        bool log = style != NumberStyle.Percent && low > 0 && high / low >= LogFromRatio;
        double Scale(double value) => log ? Math.Log(value) : value;
        return new(Name(title, unit, End(low, style), End(high, style)), point => CellOf(point, column, metrics).Number is double value && double.IsFinite(value) ? Share(Scale(value), Scale(low), Scale(high)) : double.NaN);
    }

    private static string End(double value, NumberStyle style) => style == NumberStyle.Percent ? NumberText.Percent(value) : NumberText.Brief(value);

    private static string Name(string title, string unit, string low, string high) => string.Join('\n', title.Split(' ').Append(unit.Length > 0 ? $"({unit})" : "").Append($"{low} –").Append(high).Where(line => line.Length > 0));

    private static double Share(double value, double low, double high) => high == low ? 50 : (value - low) / (high - low) * 100;

    /// <summary>One line per point, with a gap after each.</summary>
    private static List<FigurePoint> Lines(IReadOnlyList<SweepPoint> points, IReadOnlyList<StillAxis> axes) =>
    [
        .. points.SelectMany(point => axes.Select((axis, i) => new FigurePoint(i, axis.Place(point)) { Key = point.Id }).Append(new FigurePoint(axes.Count - 1, double.NaN))),
    ];
}
