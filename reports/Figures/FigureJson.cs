// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Reports.Figures;

/// <summary>
/// A figure as JSON, the form that the drawing scripts read. Points are [x, y], error bars [low, high], intervals [row, start, end];
/// NaN and infinities are null; hover texts, keys and errors are present only where a point has one.
/// </summary>
public static class FigureJson
{
    /// <summary>The JSON text of one figure. '&lt;', '&gt;' and '&amp;' are escaped, so it may stand inside an HTML script element.</summary>
    /// <exception cref="ArgumentException">The figure breaks <see cref="FigureRules"/>.</exception>
    /// <param name="figure">The figure.</param>
    /// <param name="still">Whether it is drawn without answering to a mouse: hover texts and keys are left out.</param>
    public static string Write(Figure figure, bool still = false)
    {
        FigureRules.Check(figure);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("id", figure.Id);
            json.WriteString("title", figure.Title);
            json.WriteString("caption", figure.Caption);
            json.WriteNumber("width_points", figure.Size.WidthPoints);
            json.WriteNumber("height_points", figure.Size.HeightPoints);
            WriteAxis(json, "x", figure.X);
            WriteAxis(json, "y", figure.Y);
            json.WriteStartArray("series");
            foreach (Series series in figure.Series)
            {
                WriteSeries(json, series, still);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteAxis(Utf8JsonWriter json, string name, Axis axis)
    {
        json.WriteStartObject(name);
        json.WriteString("label", axis.Label);
        json.WriteString("unit", axis.Unit);
        json.WriteString("title", axis.Title);
        json.WriteString("scale", axis.Categories is not null ? "category" : axis.Scale == AxisScale.Log ? "log" : "linear");
        if (axis.Categories is not null)
        {
            WriteTexts(json, "categories", axis.Categories);
        }

        if (axis.IsWhole)
        {
            json.WriteBoolean("whole", true);
        }

        if (axis.Minimum is double minimum)
        {
            json.WriteNumber("minimum", minimum);
        }

        if (axis.Maximum is double maximum)
        {
            json.WriteNumber("maximum", maximum);
        }

        json.WriteEndObject();
    }

    private static void WriteSeries(Utf8JsonWriter json, Series series, bool still)
    {
        json.WriteStartObject();
        json.WriteString("kind", Kind(series));
        json.WriteString("name", series.Name);
        switch (series)
        {
            case BarSeries bars:
                json.WriteString("stack", bars.Stack);
                WriteNumbers(json, "values", bars.Values);
                break;
            case IntervalSeries intervals:
                WriteTuples(json, "intervals", intervals.Intervals, i => [i.Row, i.Start, i.End]);
                WriteTexts(json, "labels", intervals.Intervals.Select(i => i.Label));
                break;
            case PointSeries points:
                WritePoints(json, points, still);
                break;
        }

        json.WriteEndObject();
    }

    private static string Kind(Series series) => series switch
    {
        ScatterSeries => "scatter",
        LineSeries => "line",
        StepSeries => "step",
        ParetoSeries => "pareto",
        BarSeries => "bar",
        IntervalSeries => "interval",
        _ => throw new ArgumentException($"series '{series.Name}' is of an unknown kind, {series.GetType().Name}"),
    };

    private static void WritePoints(Utf8JsonWriter json, PointSeries series, bool still)
    {
        if (series is ParetoSeries pareto)
        {
            json.WriteBoolean("minimize_x", pareto.MinimizeX);
        }

        if (series is ScatterSeries { Muted: true })
        {
            json.WriteBoolean("muted", true);
        }

        WriteTuples(json, "points", series.Points, p => [p.X, p.Y]);
        if (!still && series.Points.Any(p => p.Hover.Length > 0))
        {
            WriteTexts(json, "hover", series.Points.Select(p => p.Hover));
        }

        if (!still && series.Points.Any(p => p.Key.Length > 0))
        {
            WriteTexts(json, "keys", series.Points.Select(p => p.Key));
        }

        if (series.Points.Any(p => p.ErrorLow is not null || p.ErrorHigh is not null))
        {
            WriteTuples(json, "errors", series.Points, p => [p.ErrorLow ?? p.Y, p.ErrorHigh ?? p.Y]);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (double number in numbers)
        {
            WriteNumber(json, number);
        }

        json.WriteEndArray();
    }

    private static void WriteTuples<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Func<T, double[]> tuple)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartArray();
            foreach (double number in tuple(item))
            {
                WriteNumber(json, number);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
