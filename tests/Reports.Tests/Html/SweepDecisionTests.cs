// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Html;
using Reports.Html.Explorer;
using Reports.Sweeps;
using Reports.Tables;
using Xunit;

namespace Reports.Tests.Html;

public class SweepDecisionTests
{
    [Fact]
    public void The_point_in_the_middle_of_a_front_is_nearest_to_the_best_of_both()
    {
        // Places on the front (1, 0), (0.1, 0.2), (0, 1): the root mean squares are 0.71, 0.16 and 0.71.
        SweepReportData data = Data(Point("a", 200, 10), Point("b", 110, 12), Point("c", 100, 20), Point("behind", 300, 30, onFront: false));
        Recommendation recommended = Recommendation.Of(data)!;
        Assert.Equal("b", recommended.Point.Id);
        Assert.Equal(Math.Sqrt(((0.1 * 0.1) + (0.2 * 0.2)) / 2), recommended.Distance, 12);
        Assert.Equal(3, recommended.FrontSize);
        Assert.Equal("a", Recommendation.Of(data with { Objectives = [new(1, Goal.Minimize)] })!.Point.Id);
    }

    /// <summary>Both ends of a front of two are at 0.71: one takes 1 % more of the first objective, the other 50 % more of the second.</summary>
    [Fact]
    public void Of_points_as_near_the_one_that_loses_least_is_recommended()
    {
        SweepReportData data = Data(Point("a", 100, 15), Point("b", 101, 10));
        Recommendation recommended = Recommendation.Of(data)!;
        Assert.Equal(("b", 1), (recommended.Point.Id, recommended.AsNear));
        Assert.Contains("of those as near it loses least", SweepReport.Build(data).Sections.Single(section => section.Title == "Decision").Note);
        Assert.Equal("a", Recommendation.Of(Data(Point("a", 100, 10.1), Point("b", 150, 10)))!.Point.Id);
    }

    [Fact]
    public void A_front_that_spans_decades_is_measured_in_ratios()
    {
        // In ratios 10 lies in the middle of 1 .. 100; in differences it would be a tenth of the way.
        SweepReportData data = Data(Point("a", 1, 7), Point("b", 10, 5), Point("c", 100, 4));
        Assert.Equal(Math.Sqrt(((0.5 * 0.5) + (1 / 9.0)) / 2), Recommendation.Of(data)!.Distance, 12);
    }

    [Fact]
    public void Without_a_point_on_the_front_nothing_is_recommended()
    {
        SweepReportData data = Data(Point("a", 1, 2, onFront: false)) with { Limits = [new("latency_us < 1", 1)] };
        Assert.Null(Recommendation.Of(data));
        Assert.Contains("nothing is recommended", SweepReport.Build(data).Sections.Single(section => section.Title == "Decision").Note);
    }

    [Fact]
    public void Points_of_several_seeds_become_their_mean_with_bars_from_least_to_greatest()
    {
        SweepSetting[] Settings(int bits, int seed) => [new("bits", "", bits), new("seed", "", seed)];
        SweepReportData data = Data(
            Point("p1", 100, 10) with { Settings = Settings(2, 1) }, Point("p2", 100, 14) with { Settings = Settings(2, 2), IsFeasible = false },
            Point("p3", 200, 8) with { Settings = Settings(4, 1) }, Point("p4", 200, 6) with { Settings = Settings(4, 2) }) with { SeedSetting = "seed" };
        SweepReportData means = SeedGroups.Of(data);
        Assert.Equal([12.0, 7.0], means.Points.Select(point => point.NumberOf(1)));
        Assert.Equal([(10.0, 14.0), (6.0, 8.0)], means.Points.Select(point => (point.Spread[1].Low, point.Spread[1].High)));
        Assert.Equal([false, true], means.Points.Select(point => point.IsFeasible));
        Assert.Equal([false, true], means.Points.Select(point => point.OnFront));
        Assert.All(means.Points, point => Assert.Equal("bits", Assert.Single(point.Settings).Name));
        Figure figure = SweepReport.Build(data).Figures.Single(f => f.Id == "area-latency");
        Assert.Equal([(100.0, 100.0), (200.0, 200.0)], figure.Series.OfType<ScatterSeries>().SelectMany(series => series.Points).Select(p => (p.ErrorLow ?? p.Y, p.ErrorHigh ?? p.Y)).Order());
        Table table = SweepTables.Points(means);
        Assert.Equal(["least_latency_us", "greatest_latency_us"], table.Columns.Select(column => column.Key).Where(key => key.Contains("least") || key.Contains("greatest")));
    }

    [Fact]
    public void Machines_find_figures_by_the_names_that_results_csv_has()
    {
        SweepReportData data = Data(Point("a", 200, 10), Point("b", 110, 12));
        data = data with { Metrics = [data.Metrics[0], new("device_share.zynq-7020", "share of zynq-7020", "", NumberStyle.Percent)] };
        Assert.StartsWith("{\"configuration\":\"a\",\"side\":200,\"area.lut\":200,\"device_share.zynq-7020\":10,", JsonLinesTable.Format(SweepTables.Points(data)), StringComparison.Ordinal);
    }

    [Fact]
    public void Alternatives_begin_with_what_they_give_and_name_only_settings_that_tell_them_apart()
    {
        SweepSetting[] Settings(int rows) => [new("kind", "", "one"), new("rows", "", rows)];
        SweepReportData data = Data(Point("a", 200, 10) with { Settings = Settings(4) }, Point("b", 110, 12) with { Settings = Settings(8) }, Point("c", 100, 20) with { Settings = Settings(16) });
        Table table = SweepReport.Build(data).Sections.Single(section => section.Title == "Decision").Blocks.OfType<TableBlock>().Single().Table;
        Assert.Equal(["choice", "configuration", "area", "change of area", "latency", "change of latency", "rows"], table.Columns.Select(column => column.Title));
    }

    [Fact]
    public void What_misses_a_constraint_is_grey_and_still_in_the_table()
    {
        ReportDocument document = SweepReport.Build(Data(Point("a", 1, 2), Point("b", 2, 1, onFront: false) with { IsFeasible = false }));
        ScatterSeries[] series = [.. document.Figures.Last().Series.OfType<ScatterSeries>()];
        Assert.Equal(["b"], series.Single(s => s.Muted).Points.Select(p => p.Key));
        Assert.Equal(["a"], series.Single(s => !s.Muted).Points.Select(p => p.Key));
        ExplorerBlock explorer = document.Sections.SelectMany(section => section.Blocks).OfType<ExplorerBlock>().Single();
        Assert.Equal([1], explorer.Missing);
        Assert.Equal(2, explorer.StillTable.Table.Rows.Count);
    }

    [Fact]
    public void The_first_objective_over_a_setting_is_a_line_of_the_best_for_each_colour()
    {
        static SweepPoint At(string id, int width, string method, int seed, double accuracy, bool feasible = true) => new()
        {
            Id = id, Settings = [new("width", "bits", width), new("method", "", method), new("rows", "", seed)], Figures = [accuracy, 1], IsFeasible = feasible,
        };
        SweepReportData data = Data(
            At("p1", 4, "a", 1, 0.9), At("p2", 2, "a", 1, 0.5), At("p3", 2, "a", 2, 0.6), At("p4", 2, "b", 1, 0.7), At("p5", 2, "b", 2, 0.99, feasible: false)) with
        {
            Objectives = [new(0, Goal.Maximize), new(1, Goal.Minimize)],
            Metrics = [new("accuracy", "accuracy", "", NumberStyle.Percent), new("latency_us", "latency", "µs", NumberStyle.General)],
            ColorBy = "method",
            PlotOver = "width",
        };

        Figure figure = SweepReport.Build(data).Figures.Single(f => f.Id == "accuracy-over-width");

        Assert.Equal(("width (bits)", true), (figure.X.Title, figure.X.IsWhole));
        Assert.Equal(["a", "b"], figure.Series.Select(series => series.Name));
        Assert.Equal([(2.0, 60.0, "p3"), (4.0, 90.0, "p1")], ((LineSeries)figure.Series[0]).Points.Select(point => (point.X, Math.Round(point.Y, 9), point.Key)));
        Assert.Equal(["p4"], ((LineSeries)figure.Series[1]).Points.Select(point => point.Key));
        Assert.DoesNotContain(SweepReport.Build(data with { PlotOver = null }).Figures, f => f.Id == "accuracy-over-width");
    }

    private static SweepPoint Point(string id, double area, double latency, bool onFront = true) =>
        new() { Id = id, Settings = [new("side", "", (long)area)], Figures = [area, latency], OnFront = onFront };

    private static SweepReportData Data(params SweepPoint[] points) => new()
    {
        Name = "small",
        ConfigSha256 = "",
        Metrics = [new("area.lut", "area", "LUT", NumberStyle.General), new("latency_us", "latency", "µs", NumberStyle.General)],
        Objectives = [new(0, Goal.Minimize), new(1, Goal.Minimize)],
        Points = points,
        Measured = points.Length,
    };
}
