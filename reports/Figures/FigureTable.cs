// SPDX-License-Identifier: Apache-2.0
using Reports.Tables;

namespace Reports.Figures;

/// <summary>The values of a figure as a table, so that nothing is only in a picture.</summary>
public static class FigureTable
{
    /// <summary>
    /// One row per mark: <c>series, key, x, y</c> and, where there are error bars, <c>low, high</c>; of bars <c>series, category, value</c>; of a timeline <c>series, row, start, end, label</c>.
    /// Values are in the units of the axes. Gaps of lines are left out.
    /// </summary>
    public static Table Of(Figure figure)
    {
        if (figure.Series.OfType<IntervalSeries>().Any())
        {
            return Table.Of(
                figure.Series.OfType<IntervalSeries>().SelectMany(series => series.Intervals.Select(interval => (series.Name, interval))),
                [
                    new("series", "", row => row.Name), new(figure.Y.Label, "", row => figure.Y.Categories![row.interval.Row]), new("start", figure.X.Unit, row => row.interval.Start),
                    new("end", figure.X.Unit, row => row.interval.End), new("label", "", row => row.interval.Label),
                ]);
        }

        if (figure.Series.OfType<BarSeries>().Any())
        {
            (Axis names, Axis values) = figure.Y.Categories is null ? (figure.X, figure.Y) : (figure.Y, figure.X);
            return Table.Of(
                figure.Series.OfType<BarSeries>().SelectMany(series => series.Values.Select((value, i) => (series.Name, Category: names.Categories![i], value))),
                [new("series", "", row => row.Name), new(names.Label, "", row => row.Category), new(values.Label, values.Unit, row => row.value)]);
        }

        (string Name, FigurePoint Point)[] points = [.. figure.Series.OfType<PointSeries>().SelectMany(series => series.Points.Where(point => !double.IsNaN(point.Y)).Select(point => (series.Name, point)))];
        bool keys = points.Any(row => row.Point.Key.Length > 0), errors = points.Any(row => row.Point.ErrorLow is not null || row.Point.ErrorHigh is not null);
        return Table.Of(
            points,
            [
                new("series", "", row => row.Name),
                .. keys ? new TableColumn<(string Name, FigurePoint Point)>[] { new("key", "", row => row.Point.Key) } : [],
                new(figure.X.Label.Length > 0 ? figure.X.Label : "x", figure.X.Unit, row => figure.X.Categories is null ? row.Point.X : Words(figure.X.Categories[(int)row.Point.X])),
                new(figure.Y.Label, figure.Y.Unit, row => row.Point.Y),
                .. errors ? new TableColumn<(string Name, FigurePoint Point)>[] { new("low", figure.Y.Unit, row => row.Point.ErrorLow), new("high", figure.Y.Unit, row => row.Point.ErrorHigh) } : [],
            ]);
    }

    private static string Words(string lines) => lines.Replace('\n', ' ');
}
