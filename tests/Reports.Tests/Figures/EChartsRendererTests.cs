// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Reports.ECharts;
using Reports.Figures;
using Xunit;

namespace Reports.Tests.Figures;

public sealed class EChartsRendererTests : IDisposable
{
    private static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A7A7A", "#882255", "#999933"];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_point_and_bar_is_drawn_in_the_colour_of_its_series()
    {
        Figure scatter = Scatter("points", series: 3, points: 5);
        var bars = new Figure
        {
            Id = "bars",
            Title = "Bars",
            X = new Axis { Label = "cycles" },
            Y = new Axis { Label = "layer", Categories = ["a", "b", "c", "d"] },
            Series = [new BarSeries { Name = "busy", Stack = "s", Values = [1, 2, 3, 4] }, new BarSeries { Name = "stall", Stack = "s", Values = [4, 3, 2, 1] }],
        };
        var gantt = new Figure
        {
            Id = "gantt",
            Title = "Gantt",
            X = new Axis { Label = "cycle" },
            Y = new Axis { Label = "unit", Categories = ["load", "array"] },
            Series = [new IntervalSeries { Name = "conv", Intervals = [new(0, 0, 10, "a"), new(1, 10, 30, "b"), new(0, 12, 20, "c")] }],
        };
        (XDocument Svg, int PerSeries, int Series)[] expectations = [(Svg(scatter), 5, 3), (Svg(bars), 4, 2), (Svg(gantt), 3, 1)];
        foreach ((XDocument svg, int perSeries, int series) in expectations)
        {
            // The legend, where there is one, adds one mark per series.
            int legend = series > 1 ? 1 : 0;
            for (int s = 0; s < series; s++)
            {
                Assert.Equal(perSeries + legend, svg.Descendants().Count(e => string.Equals((string?)e.Attribute("fill"), Palette[s], StringComparison.OrdinalIgnoreCase)));
            }
        }
    }

    [Fact]
    public void Series_differ_by_shape_as_well_as_by_colour()
    {
        XDocument svg = Svg(Scatter("shapes", series: 7, points: 1));
        var shapes = Palette.Take(7).Select(color => svg.Descendants().Where(e => string.Equals((string?)e.Attribute("fill"), color, StringComparison.OrdinalIgnoreCase))
            .Select(e => Outline((string)e.Attribute("d")!)).First());
        Assert.Equal(7, shapes.Distinct().Count());
    }

    [Fact]
    public void Axes_are_labelled_with_units_and_all_type_is_at_least_eight_points()
    {
        XDocument svg = Svg(Scatter("type", series: 2, points: 3));
        List<XElement> texts = svg.Descendants().Where(e => e.Name.LocalName == "text").ToList();
        Assert.Contains(texts, t => t.Value == "latency (µs)");
        Assert.Contains(texts, t => t.Value == "accuracy (%)");
        Assert.Contains(texts, t => t.Value == "A scatter plot");
        double viewWidth = double.Parse(((string)svg.Root!.Attribute("viewBox")!).Split(' ')[2]);
        Assert.Equal("252pt", (string?)svg.Root.Attribute("width"));
        foreach (XElement text in texts)
        {
            double size = double.Parse(Regex.Match((string)text.Attribute("style")!, @"font-size:([\d.]+)px").Groups[1].Value);
            Assert.True(size * 252 / viewWidth >= 8, $"'{text.Value}' is {size * 252 / viewWidth} points high");
            Assert.Contains("DejaVu Sans", (string)text.Attribute("style")!);
        }
    }

    [Fact]
    public void Short_logarithmic_axes_have_labels_too()
    {
        Figure figure = Scatter("log", 1, 4) with { X = new Axis { Label = "area", Scale = AxisScale.Log } };
        figure = figure with { Series = [new ScatterSeries { Name = "s", Points = [new(1900, 1), new(2600, 2), new(7000, 3)] }] };
        string[] texts = Svg(figure).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToArray();
        Assert.Contains("2,000", texts);
        Assert.Contains("5,000", texts);
    }

    [Fact]
    public void A_file_does_not_depend_on_the_rest_of_its_batch()
    {
        Figure first = Scatter("first", 2, 4);
        Figure second = Scatter("second", 3, 2) with { Y = new Axis { Label = "energy", Unit = "µJ" } };
        var renderer = new EChartsRenderer();
        renderer.Render([new FigureFile(first, folder.File("1.svg")), new FigureFile(second, folder.File("2.svg"))]);
        renderer.Render(second, folder.File("alone.svg"));
        Assert.Equal(File.ReadAllText(folder.File("2.svg")), File.ReadAllText(folder.File("alone.svg")));
        Assert.NotEqual(File.ReadAllText(folder.File("1.svg")), File.ReadAllText(folder.File("2.svg")));
    }

    [Fact]
    public void Png_has_300_pixels_per_inch_of_the_figure()
    {
        new EChartsRenderer().Render(Scatter("png", 1, 3), folder.File("f.png"));
        byte[] png = File.ReadAllBytes(folder.File("f.png"));
        Assert.Equal("PNG"u8.ToArray(), png[1..4]);
        Assert.Equal(1050, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.InRange(BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)), 787, 788);
    }

    [Fact]
    public void Error_bars_span_their_ends()
    {
        Figure figure = Scatter("errors", 1, 2) with
        {
            Y = new Axis { Label = "y", Minimum = 0, Maximum = 10 },
            Series = [new ScatterSeries { Name = "s", Points = [new(1, 5) { ErrorLow = 2, ErrorHigh = 8 }, new(2, 5) { ErrorLow = 4, ErrorHigh = 6 }] }],
        };
        List<double> heights = Svg(figure).Descendants().Where(e => (string?)e.Attribute("stroke") == Palette[0]).Select(e => Height((string)e.Attribute("d")!)).ToList();
        Assert.Equal(2, heights.Count);
        Assert.InRange(heights[0] / heights[1], 2.97, 3.03);
    }

    [Fact]
    public void A_timeline_of_many_short_intervals_stays_a_small_file()
    {
        Figure timeline = new()
        {
            Id = "many",
            Title = "Many",
            X = new Axis { Label = "cycle" },
            Y = new Axis { Label = "unit", Categories = ["array"] },
            Series = [new IntervalSeries { Name = "conv", Intervals = Enumerable.Range(0, 50_000).Select(i => new FigureInterval(0, 10 * i, 10 * i + 9, "")).ToList() }],
        };
        XDocument svg = Svg(timeline);
        List<double[]> bars = svg.Descendants().Where(e => string.Equals((string?)e.Attribute("fill"), Palette[0], StringComparison.OrdinalIgnoreCase))
            .Select(e => Regex.Matches((string)e.Attribute("d")!, @"-?[\d.]+").Select(m => double.Parse(m.Value)).ToArray()).ToList();
        Assert.InRange(bars.Count, 20, 500);
        // Together they still cover the whole time: a path begins at its left edge and runs its width to the right.
        Assert.True(bars.Max(b => b[0] + b[2]) - bars.Min(b => b[0]) > 200);
        Assert.All(bars.OrderBy(b => b[0]).Zip(bars.OrderBy(b => b[0]).Skip(1)), pair => Assert.True(pair.Second[0] - (pair.First[0] + pair.First[2]) < 0.5));
    }

    [Fact]
    public void Other_extensions_are_refused() =>
        Assert.Contains("figure 'f': the file 'f.pdf'", Assert.Throws<ArgumentException>(() => new EChartsRenderer().Render(Scatter("f", 1, 1), "f.pdf")).Message);

    private static Figure Scatter(string id, int series, int points) => new()
    {
        Id = id,
        Title = "A scatter plot",
        X = new Axis { Label = "latency", Unit = "µs" },
        Y = new Axis { Label = "accuracy", Unit = "%" },
        Series = Enumerable.Range(0, series).Select(s => (Series)new ScatterSeries
        {
            Name = $"series {s}",
            Points = Enumerable.Range(0, points).Select(p => new FigurePoint(1 + p + 0.1 * s, 90 + s + 0.3 * p)).ToList(),
        }).ToList(),
    };

    private XDocument Svg(Figure figure)
    {
        string path = folder.File(figure.Id + ".svg");
        new EChartsRenderer().Render(figure, path);
        return XDocument.Load(path);
    }

    // A path without its place and size: commands, and relative moves in tenths of the largest.
    private static string Outline(string path)
    {
        double[] numbers = Regex.Matches(path, @"-?[\d.]+").Select(m => double.Parse(m.Value)).Skip(2).ToArray();
        double largest = numbers.Max(Math.Abs);
        return Regex.Replace(path, "[^A-Za-z]+", "") + string.Join(' ', numbers.Select(n => Math.Round(n / largest * 10)));
    }

    private static double Height(string path)
    {
        MatchCollection ends = Regex.Matches(path, @"M-?[\d.]+[ ,](-?[\d.]+)");
        List<double> ys = ends.Select(m => double.Parse(m.Groups[1].Value)).ToList();
        return ys.Max() - ys.Min();
    }
}
