// SPDX-License-Identifier: Apache-2.0
namespace Reports.Figures;

/// <summary>What must hold for a figure to be drawable; a renderer asks before it draws.</summary>
public static class FigureRules
{
    /// <summary>Checks identifier, categories and logarithmic axes.</summary>
    /// <exception cref="ArgumentException">A rule is broken; the message names the figure, the series and the value.</exception>
    public static void Check(Figure figure)
    {
        Require(figure, figure.Id.Length > 0 && figure.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'),
            "its id may contain only lower-case letters, digits and hyphens");
        Require(figure, figure.X.Categories is null || figure.Y.Categories is null, "both axes have categories");
        foreach (Series series in figure.Series)
        {
            switch (series)
            {
                case BarSeries bars:
                    int categories = (figure.X.Categories ?? figure.Y.Categories)?.Count ?? 0;
                    Require(figure, bars.Values.Count == categories, $"series '{bars.Name}' has {bars.Values.Count} bars for {categories} categories");
                    break;
                case IntervalSeries intervals:
                    int rows = figure.Y.Categories?.Count ?? 0;
                    foreach (FigureInterval interval in intervals.Intervals)
                    {
                        Require(figure, interval.Row >= 0 && interval.Row < rows, $"series '{intervals.Name}' uses row {interval.Row} of {rows}");
                        Require(figure, interval.Start <= interval.End, $"interval '{interval.Label}' ends before it starts");
                    }

                    break;
                case PointSeries points:
                    CheckPositive(figure, points, figure.X, p => p.X);
                    CheckPositive(figure, points, figure.Y, p => p.Y);
                    break;
            }
        }
    }

    private static void CheckPositive(Figure figure, PointSeries series, Axis axis, Func<FigurePoint, double> value)
    {
        if (axis.Scale != AxisScale.Log || axis.Categories is not null)
        {
            return;
        }

        foreach (FigurePoint point in series.Points)
        {
            Require(figure, !(value(point) <= 0), FormattableString.Invariant($"series '{series.Name}' has {value(point)} on the logarithmic axis '{axis.Label}'"));
        }
    }

    private static void Require(Figure figure, bool holds, string problem)
    {
        if (!holds)
        {
            throw new ArgumentException($"figure '{figure.Id}': {problem}");
        }
    }
}
