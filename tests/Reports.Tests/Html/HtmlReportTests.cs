// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Reports.Html;
using Reports.Runs;
using Reports.Sweeps;
using Reports.Tables;
using Xunit;

namespace Reports.Tests.Html;

public class HtmlReportTests
{
    private static readonly PageResources NoCharts = new() { StaticFigures = new Dictionary<string, string> { ["timeline"] = "<svg/>" } };

    public static TheoryData<string> Kinds => ["run", "sweep"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_element_is_closed(string kind)
    {
        XElement page = Parse(HtmlReport.Format(Document(kind), NoCharts));
        Assert.Equal("html", page.Name.LocalName);
        string[] ids = page.Descendants().Attributes("id").Select(a => a.Value).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(page.Descendants("nav").Elements("a"), a => Assert.Contains(((string)a.Attribute("href")!)[1..], ids));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nothing_is_loaded_from_elsewhere(string kind)
    {
        string html = HtmlReport.Format(Document(kind), NoCharts);
        XElement page = Parse(html);
        Assert.All(page.Descendants().Attributes().Where(a => a.Name.LocalName is "src" or "href"), a => Assert.Matches("^(data:|#)", a.Value));
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "link" or "iframe" or "object");
        Assert.DoesNotMatch(@"url\(|@import|https?://", html);
        string policy = (string)page.Descendants("meta").Single(m => (string?)m.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!;
        Assert.StartsWith("default-src 'none';", policy);
        Assert.DoesNotContain("connect-src", policy);
    }

    [Fact]
    public void Equal_data_gives_equal_bytes_in_any_culture()
    {
        string before = HtmlReport.Format(RunReport.Build(Samples.Run()), NoCharts) + HtmlReport.Format(SweepReport.Build(Samples.Sweep()), NoCharts);
        using var culture = new CommaCulture();
        Assert.Equal(before, HtmlReport.Format(RunReport.Build(Samples.Run()), NoCharts) + HtmlReport.Format(SweepReport.Build(Samples.Sweep()), NoCharts));
    }

    [Fact]
    public void Text_is_escaped_wherever_it_comes_from()
    {
        const string evil = "</script><img src=x onerror=alert(1)>\"&'";
        RunReportData data = Samples.Run() with { Name = evil, Description = evil, ResolvedYaml = evil, ConfigSha256 = evil };
        data = data with { Layers = [data.Layers[0] with { Name = evil, Kind = evil, FirstOverflow = evil }], Timeline = [new TimelineInterval(evil, evil, 0, 1, evil)] };
        XElement page = Parse(HtmlReport.Format(RunReport.Build(data), NoCharts));
        Assert.Equal(evil, page.Descendants("h1").Single().Value);
        Assert.Equal(evil, page.Descendants("pre").Single().Value);
        Assert.DoesNotContain(page.Descendants("img"), i => (string?)i.Attribute("src") == "x");
    }

    [Fact]
    public void Key_figures_carry_their_provenance()
    {
        XElement page = Parse(HtmlReport.Format(RunReport.Build(Samples.Run()), NoCharts));
        XElement clock = page.Descendants("dt").Single(e => e.Value == "clock").Parent!;
        Assert.Equal("150 MHz", clock.Elements("dd").First().Value);
        Assert.Equal("assumed", clock.Elements("dd").Last().Value);
        XElement lut = page.Descendants("dt").Single(e => e.Value == "LUT").Parent!;
        Assert.Equal("estimated±12 %", lut.Elements("dd").Last().Value);
    }

    [Fact]
    public void Sections_without_data_are_left_out()
    {
        RunReportData full = Samples.Run();
        var bare = new RunReportData
        {
            Name = full.Name, ConfigSha256 = full.ConfigSha256, Accuracy = new Accuracies(null, null, null, null), TestImages = 0, ClockMhz = 100, ClockProvenance = full.ClockProvenance,
            CyclesPerInference = 1, LatencyUs = 0.01, FramesPerSecond = 1e8, Utilization = 0,
        };
        Assert.Equal(["Summary"], RunReport.Build(bare).Sections.Select(s => s.Title));
        Assert.Equal(["Summary", "Layers", "Timeline", "Training", "Sensitivity", "Mistakes", "Weights", "Activations", "Area", "Configuration"], RunReport.Build(full).Sections.Select(s => s.Title));
        Assert.Empty(SweepReport.Build(Samples.Sweep() with { Points = [], Failures = [], ResolvedYaml = "" }).Sections);
    }

    [Fact]
    public void Changes_against_an_earlier_run_stand_first_as_bars_in_percent_and_as_a_table()
    {
        RunReportData data = Samples.Run() with
        {
            Comparison = new("before", 4, [new("inference", "latency_us", 200, 150, -0.25), new("conv1", "cycles", 100, 130, 0.3), new("conv1", "macs", 1, 2, 1), new("conv9", "cycles", null, 5, null)]),
        };
        ReportDocument document = RunReport.Build(data);
        Assert.Equal(["Summary", "Changes"], document.Sections.Take(2).Select(s => s.Title));
        Assert.StartsWith("Against before: 4 of 4", document.Sections[1].Note);
        var figure = document.Figures.First();
        Assert.Equal(["inference latency us", "conv1 cycles"], figure.Y.Categories);
        Assert.Equal([-25.0, 30.0], ((Reports.Figures.BarSeries)figure.Series[0]).Values);
        Assert.Equal(4, document.Sections[1].Blocks.OfType<TableBlock>().Single().Table.Rows.Count);
    }

    [Fact]
    public void Verdicts_follow_the_mismatches()
    {
        static bool[] Verdicts(RunReportData data) => RunReport.Build(data).Verdicts.Select(v => v.Passed).ToArray();
        RunReportData data = Samples.Run();
        Assert.Equal([true, true], Verdicts(data));
        Assert.Equal([false, true], Verdicts(data with { Verification = new VerificationResult("Icarus", 9, 0, 1) }));
        Assert.Equal([false, true], Verdicts(data with { Verification = new VerificationResult("Icarus", 9, 1, 0) }));
        Assert.Equal([false, true], Verdicts(data with { Verification = new VerificationResult("Icarus", 0, 0, 0) }));
        Assert.Equal([true, false], Verdicts(data with { Accuracy = new Accuracies(null, null, 0.9, 0.8999) }));
    }

    [Fact]
    public void Layer_cycles_split_into_work_and_stalls_that_add_up()
    {
        RunReportData data = Samples.Run();
        var cycles = RunReport.Build(data).Figures.Single(f => f.Id == "layer-cycles");
        double[][] bars = cycles.Series.Cast<Reports.Figures.BarSeries>().Select(s => s.Values.ToArray()).ToArray();
        Assert.Equal(4, bars.Length);
        Assert.Equal(data.Layers.Select(l => (double)l.Cycles), data.Layers.Select((_, i) => bars.Sum(b => b[i])));
    }

    [Fact]
    public void Sweep_points_rows_and_front_agree()
    {
        SweepReportData data = Samples.Sweep();
        ReportDocument document = SweepReport.Build(data);
        var figure = document.Figures.Single(f => f.Id == "accuracy-area");
        var scatter = figure.Series.OfType<Reports.Figures.ScatterSeries>().SelectMany(s => s.Points).ToList();
        Assert.Equal(data.Points.Select(p => (p.Id, p.NumberOf(1), p.NumberOf(0) * 100)).Order(), scatter.Select(p => (p.Key, p.X, p.Y)).Order());
        var front = figure.Series.OfType<Reports.Figures.ParetoSeries>().Single().Points;
        Assert.Equal(front.OrderBy(p => p.X), front);
        Assert.Equal(front.OrderBy(p => p.Y), front);
        Table table = document.Sections.SelectMany(s => s.Blocks).OfType<Reports.Html.Explorer.ExplorerBlock>().Single().StillTable.Table;
        int pareto = table.Columns.ToList().FindIndex(c => c.Key == "pareto");
        Assert.Equal(front.Select(p => p.Key).Order(), table.RowKeys.Where((_, r) => table.Rows[r][pareto].Text!.Contains("area")).Order());
    }

    private static ReportDocument Document(string kind) => kind == "run" ? RunReport.Build(Samples.Run()) : SweepReport.Build(Samples.Sweep());

    // Scripts and styles hold text that is no XML; everything around them is.
    private static XElement Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", html);
        string markup = Regex.Replace(html["<!DOCTYPE html>\n".Length..], "(<(script|style)[^>]*>).*?</\\2>", "$1</$2>", RegexOptions.Singleline);
        return XElement.Parse(markup, LoadOptions.PreserveWhitespace);
    }
}
