// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;
using Xunit;

namespace Reports.Tests.Figures;

public class FigureTableTests
{
    private static readonly Axis Value = new() { Label = "latency", Unit = "µs" };
    private static readonly Axis Names = new() { Label = "layer", Categories = ["conv1", "dense, last"] };

    [Fact]
    public void Points_keep_series_key_and_error_bars_and_gaps_are_left_out() => Assert.Equal(
        "series,key,area_lut,latency_us,low_us,high_us\r\na,p1,1,2.5,2,3\r\na,,3,4,,\r\n",
        Text(new Axis { Label = "area", Unit = "LUT" }, Value, new LineSeries { Name = "a", Points = [new(1, 2.5) { Key = "p1", ErrorLow = 2, ErrorHigh = 3 }, new(2, double.NaN), new(3, 4)] }));

    [Fact]
    public void Bars_name_their_category() => Assert.Equal(
        "series,layer,latency_us\r\nread,conv1,1\r\nread,\"dense, last\",2\r\n", Text(Value, Names, new BarSeries { Name = "read", Values = [1, 2] }));

    [Fact]
    public void Intervals_have_start_and_end() => Assert.Equal(
        "series,layer,start_us,end_us,label\r\nbusy,conv1,1,4,tile 1\r\n", Text(Value, Names, new IntervalSeries { Name = "busy", Intervals = [new(0, 1, 4, "tile 1")] }));

    [Fact]
    public void Every_figure_of_the_samples_has_a_row_for_each_mark()
    {
        Figure[] figures = [.. Reports.Runs.RunReport.Build(Samples.Run()).Figures, .. Reports.Sweeps.SweepReport.Build(Samples.Sweep()).Figures];
        Assert.All(figures, figure => Assert.Equal(
            figure.Series.Sum(series => series switch
            {
                BarSeries bars => bars.Values.Count,
                IntervalSeries intervals => intervals.Intervals.Count,
                PointSeries points => points.Points.Count(point => !double.IsNaN(point.Y)),
                _ => 0,
            }),
            FigureTable.Of(figure).Rows.Count));
    }

    private static string Text(Axis x, Axis y, Series series) => CsvTable.Format(FigureTable.Of(new Figure { Id = "f", Title = "F", X = x, Y = y, Series = [series] }));
}
