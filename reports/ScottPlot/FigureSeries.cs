// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using ScottPlot;
using ScottPlot.Plottables;
using Axis = Reports.Figures.Axis;
using BarSeries = Reports.Figures.BarSeries;

namespace Reports.ScottPlot;

/// <summary>Adds a figure's series to a plot, with a colour and a shape for each.</summary>
/// <param name="plot">The plot to add to.</param>
/// <param name="figure">The figure, already checked.</param>
internal sealed class FigureSeries(Plot plot, Figure figure)
{
    private const double GroupWidth = 0.72;

    // Okabe and Ito, "Color Universal Design" (2008), and Paul Tol's wine and olive ("Colour Schemes", 2021, muted).
    private static readonly string[] Colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A7A7A", "#882255", "#999933"];
    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.Cross, MarkerShape.Asterisk,
    ];
    private static readonly LinePattern[] Patterns = [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    private readonly double[] stackTops = new double[(figure.X.Categories ?? figure.Y.Categories)?.Count ?? 0];

    /// <summary>Where a value lies on its axis: logarithmic axes are linear in the exponent.</summary>
    public static double Coordinate(Axis axis, double value) => axis is { Scale: AxisScale.Log, Categories: null } ? Math.Log10(value) : value;

    /// <summary>Where a row of a vertical axis of categories lies: the first at the top.</summary>
    public static double RowPosition(double row) => -row;

    /// <summary>Adds every series in order.</summary>
    public void AddAll()
    {
        // A Pareto front rings points that other series colour, and takes no colour from the palette.
        List<Series> colored = figure.Series.Where(s => s is not ParetoSeries).ToList();
        foreach (Series series in figure.Series)
        {
            int order = Math.Max(0, colored.IndexOf(series));
            Color color = series is ParetoSeries ? Color.FromHex("#1C1F23") : Color.FromHex(Colors[order % Colors.Length]);
            switch (series)
            {
                case BarSeries bars:
                    AddBars(bars, color);
                    break;
                case IntervalSeries intervals:
                    AddIntervals(intervals, color);
                    break;
                case PointSeries points:
                    AddPoints(points, color, order);
                    break;
            }
        }
    }

    private void AddPoints(PointSeries series, Color color, int order)
    {
        List<FigurePoint> points = series.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).ToList();
        Scatter scatter = plot.Add.Scatter(points.Select(At).ToArray(), color);
        scatter.LegendText = series.Name;
        scatter.MarkerShape = Shapes[order % Shapes.Length];
        scatter.MarkerSize = 6;
        scatter.LineWidth = series is ScatterSeries ? 0 : 1.6f;
        scatter.LinePattern = Patterns[order % Patterns.Length];
        if (series is StepSeries or ParetoSeries)
        {
            scatter.ConnectStyle = series is ParetoSeries { MinimizeX: false } ? ConnectStyle.StepVertical : ConnectStyle.StepHorizontal;
        }

        if (series is StepSeries)
        {
            scatter.MarkerShape = MarkerShape.None;
        }
        else if (series is ParetoSeries)
        {
            (scatter.MarkerShape, scatter.MarkerSize, scatter.LineWidth) = (MarkerShape.OpenCircle, 11, 1);
        }

        AddErrors(points.Where(p => p.ErrorLow is not null || p.ErrorHigh is not null).ToList(), color);
    }

    private void AddErrors(List<FigurePoint> points, Color color)
    {
        if (points.Count > 0)
        {
            double[] up = points.Select(p => Coordinate(figure.Y, p.ErrorHigh ?? p.Y) - Coordinate(figure.Y, p.Y)).ToArray();
            double[] down = points.Select(p => Coordinate(figure.Y, p.Y) - Coordinate(figure.Y, p.ErrorLow ?? p.Y)).ToArray();
            var bars = new ErrorBar(points.Select(p => At(p).X).ToArray(), points.Select(p => At(p).Y).ToArray(), null, null, up, down) { Color = color };
            plot.Add.Plottable(bars);
        }
    }

    private void AddBars(BarSeries series, Color color)
    {
        bool lying = figure.Y.Categories is not null;
        List<BarSeries> side = figure.Series.OfType<BarSeries>().Where(b => b.Stack.Length == 0).ToList();
        bool stacked = series.Stack.Length > 0;
        double width = stacked ? GroupWidth : GroupWidth / side.Count;
        double offset = stacked ? 0 : (side.IndexOf(series) - (side.Count - 1) / 2.0) * width;
        var bars = new List<Bar>();
        for (int i = 0; i < series.Values.Count; i++)
        {
            double start = stacked ? stackTops[i] : 0;
            double end = start + series.Values[i];
            bars.Add(new Bar { Position = lying ? RowPosition(i + offset) : i + offset, ValueBase = start, Value = end, Size = width, FillColor = color, LineWidth = 0 });
            stackTops[i] = stacked ? end : stackTops[i];
        }

        BarPlot plotted = plot.Add.Bars(bars);
        plotted.Horizontal = lying;
        plotted.LegendText = series.Name;
    }

    private void AddIntervals(IntervalSeries series, Color color)
    {
        var bars = series.Intervals
            .Select(i => new Bar { Position = RowPosition(i.Row), ValueBase = i.Start, Value = i.End, Size = GroupWidth, FillColor = color, LineWidth = 0 })
            .ToList();
        BarPlot plotted = plot.Add.Bars(bars);
        plotted.Horizontal = true;
        plotted.LegendText = series.Name;
    }

    private Coordinates At(FigurePoint point) => new(Coordinate(figure.X, point.X), Coordinate(figure.Y, point.Y));
}
