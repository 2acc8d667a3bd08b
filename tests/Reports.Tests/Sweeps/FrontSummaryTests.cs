// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Sweeps;
using Reports.Tables;
using Reports.Terminal;
using Xunit;

namespace Reports.Tests.Sweeps;

/// <summary>What a terminal shows of a sweep at its end.</summary>
public class FrontSummaryTests
{
    private const int Metrics = 12;

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(120)]
    public void A_front_of_forty_points_and_fifteen_columns_fits_the_window(int columns)
    {
        string[] lines = Lines(Sweep(40), columns);
        string[] box = [.. lines.Where(line => "╭│├╰".Contains(line[..1]))];
        Assert.All(box, line => Assert.InRange(line.Length, 1, columns));
        Assert.Equal(20, box.Count(line => line.StartsWith("│ p", StringComparison.Ordinal)));
        Assert.Contains("on the Pareto front: 40, of which 20 from end to end", lines[0], StringComparison.Ordinal);
        // The ends of the front are the best in one objective each.
        Assert.Contains(box, line => line.StartsWith("│ p01 ", StringComparison.Ordinal));
        Assert.Contains(box, line => line.StartsWith("│ p40 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Objectives_and_settings_have_room_before_other_figures_and_what_is_equal_is_told_once()
    {
        string[] lines = Lines(Sweep(5), 60);
        string header = string.Join(' ', lines.Where(line => line.StartsWith("│", StringComparison.Ordinal)).TakeWhile(line => !line.Contains("p01", StringComparison.Ordinal)));
        Assert.Contains("metric0", header, StringComparison.Ordinal);
        Assert.Contains("metric1", header, StringComparison.Ordinal);
        Assert.Contains("side", header, StringComparison.Ordinal);
        Assert.DoesNotContain("metric9", header, StringComparison.Ordinal);
        Assert.Contains("the same in all: kind one, pareto metric1", lines);
        Assert.Contains(lines, line => line.StartsWith("no room for metric", StringComparison.Ordinal) && line.EndsWith("metric11: results.csv has them", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_get_every_point_with_every_column()
    {
        string text = FrontSummary.Format(Sweep(40), "results.csv", TerminalStyle.Plain);
        string[] lines = text.Split('\n');
        Assert.Equal(40, lines.Count(line => line.StartsWith('p')));
        Assert.All(Enumerable.Range(0, Metrics), metric => Assert.Contains($"metric{metric}", lines[1], StringComparison.Ordinal));
        Assert.DoesNotContain("no room", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plot_and_the_recommended_point_follow_the_table()
    {
        string[] lines = Lines(Sweep(5), 100);
        int table = Array.FindIndex(lines, line => line.StartsWith('╰')), axis = Array.FindIndex(lines, line => line.Contains('└')), named = Array.FindIndex(lines, line => line.StartsWith("recommended: ", StringComparison.Ordinal));
        Assert.True(table < axis && axis < named && table > 0, string.Join('\n', lines));
        Assert.Equal(5, lines[table..axis].Sum(line => line.Count(letter => letter == '●')));
        Assert.Equal($"recommended: p03 (kind one, side 3)", lines[named]);
    }

    [Fact]
    public void Without_a_point_that_keeps_to_the_constraints_there_is_nothing_to_show() =>
        Assert.Equal("", FrontSummary.Format(Sweep(3) with { Points = [.. Sweep(3).Points.Select(point => point with { OnFront = false, IsFeasible = false })] }, "results.csv", TerminalStyle.Rich));

    private static string[] Lines(SweepReportData data, int columns) =>
        FrontSummary.Format(data, "results.csv", new TerminalStyle(Box: true, Color: false) { Columns = columns }).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A straight front: the first figure rises, the second falls, the others are of the point too.</summary>
    private static SweepReportData Sweep(int count) => new()
    {
        Name = "wide",
        ConfigSha256 = "",
        Metrics = [.. Enumerable.Range(0, Metrics).Select(metric => new SweepMetric($"metric{metric}", $"metric{metric}", "", NumberStyle.General))],
        Objectives = [new(0, Goal.Minimize), new(1, Goal.Minimize)],
        Points =
        [
            .. Enumerable.Range(1, count).Select(i => new SweepPoint
            {
                Id = FormattableString.Invariant($"p{i:00}"),
                Settings = [new("kind", "", "one"), new("side", "", i)],
                Figures = [.. Enumerable.Range(0, Metrics).Select(metric => (Cell)(metric == 1 ? 1_000_000L - i : 900_000L + (metric * 10) + i))],
                OnFront = true,
            }),
        ],
        Measured = count,
    };
}
