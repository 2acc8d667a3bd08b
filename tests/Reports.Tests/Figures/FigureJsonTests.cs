// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Reports.Figures;
using Xunit;

namespace Reports.Tests.Figures;

public class FigureJsonTests
{
    private static readonly Figure Empty = new() { Id = "f", Title = "t", X = new Axis { Label = "x" }, Y = new Axis { Label = "y" }, Series = [] };

    [Fact]
    public void Points_texts_and_errors_are_those_of_the_series()
    {
        FigurePoint[] points = [new(0.1, -3e-9) { Hover = "a\n<b>", Key = "k1" }, new(1e300, 2) { ErrorLow = 1.5, ErrorHigh = 2.25 }];
        JsonElement series = SeriesOf(Empty with { Series = [new ScatterSeries { Name = "s", Points = points }] });
        Assert.Equal("scatter", series.GetProperty("kind").GetString());
        Assert.Equal("s", series.GetProperty("name").GetString());
        Assert.Equal([[0.1, -3e-9], [1e300, 2]], Tuples(series, "points"));
        Assert.Equal(["a\n<b>", ""], Texts(series, "hover"));
        Assert.Equal(["k1", ""], Texts(series, "keys"));
        Assert.Equal([[-3e-9, -3e-9], [1.5, 2.25]], Tuples(series, "errors"));
    }

    [Fact]
    public void Texts_that_no_point_has_are_left_out()
    {
        JsonElement series = SeriesOf(Empty with { Series = [new LineSeries { Name = "s", Points = [new(1, 2)] }] });
        Assert.Equal(["kind", "name", "points"], series.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Bars_and_intervals_keep_their_values()
    {
        var axis = new Axis { Label = "unit", Categories = ["load", "array"] };
        JsonElement bars = SeriesOf(Empty with { X = axis, Series = [new BarSeries { Name = "b", Values = [1.25, 0], Stack = "q" }] });
        Assert.Equal([1.25, 0], bars.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal("q", bars.GetProperty("stack").GetString());

        JsonElement intervals = SeriesOf(Empty with { Y = axis, Series = [new IntervalSeries { Name = "i", Intervals = [new(1, 10, 20, "tile")] }] });
        Assert.Equal([[1.0, 10, 20]], Tuples(intervals, "intervals"));
        Assert.Equal(["tile"], Texts(intervals, "labels"));
    }

    [Fact]
    public void Nan_and_infinity_become_null()
    {
        string json = FigureJson.Write(Empty with { Series = [new LineSeries { Name = "s", Points = [new(1, double.NaN), new(2, double.PositiveInfinity)] }] });
        Assert.Contains("[[1,null],[2,null]]", json);
    }

    [Fact]
    public void Text_cannot_end_a_script_element() =>
        Assert.DoesNotContain("<", FigureJson.Write(Empty with { Title = "</script><b>" }));

    [Fact]
    public void Axis_titles_carry_the_unit()
    {
        JsonElement root = JsonDocument.Parse(FigureJson.Write(Empty with { X = new Axis { Label = "latency", Unit = "µs", Scale = AxisScale.Log } })).RootElement;
        Assert.Equal("latency (µs)", root.GetProperty("x").GetProperty("title").GetString());
        Assert.Equal("log", root.GetProperty("x").GetProperty("scale").GetString());
        Assert.Equal("y", root.GetProperty("y").GetProperty("title").GetString());
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        Figure figure = Empty with { Series = [new LineSeries { Name = "s", Points = [new(1234.5, -0.25)] }] };
        string before = FigureJson.Write(figure);
        using var culture = new CommaCulture();
        Assert.Equal(before, FigureJson.Write(figure));
    }

    [Fact]
    public void Undrawable_figures_are_refused_with_the_reason()
    {
        static void Refused(Figure figure, string reason) => Assert.Contains(reason, Assert.Throws<ArgumentException>(() => FigureJson.Write(figure)).Message);
        Refused(Empty with { Id = "A b" }, "lower-case");
        Refused(Empty with { X = new Axis { Label = "x", Scale = AxisScale.Log }, Series = [new LineSeries { Name = "s", Points = [new(0, 1)] }] }, "series 's' has 0 on the logarithmic axis 'x'");
        Refused(Empty with { X = new Axis { Label = "x", Categories = ["a"] }, Series = [new BarSeries { Name = "s", Values = [1, 2] }] }, "2 bars for 1 categories");
        Refused(Empty with { Y = new Axis { Label = "y", Categories = ["a"] }, Series = [new IntervalSeries { Name = "s", Intervals = [new(1, 0, 1, "i")] }] }, "row 1 of 1");
        Refused(Empty with { Y = new Axis { Label = "y", Categories = ["a"] }, Series = [new IntervalSeries { Name = "s", Intervals = [new(0, 2, 1, "i")] }] }, "'i' ends before it starts");
        Refused(Empty with { X = new Axis { Label = "x", Categories = ["a"] }, Y = new Axis { Label = "y", Categories = ["a"] } }, "both axes");
    }

    private static JsonElement SeriesOf(Figure figure) => JsonDocument.Parse(FigureJson.Write(figure)).RootElement.GetProperty("series")[0];

    private static List<double[]> Tuples(JsonElement series, string name) =>
        series.GetProperty(name).EnumerateArray().Select(t => t.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToList();

    private static List<string> Texts(JsonElement series, string name) => series.GetProperty(name).EnumerateArray().Select(t => t.GetString()!).ToList();
}
