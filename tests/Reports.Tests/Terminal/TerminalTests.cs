// SPDX-License-Identifier: Apache-2.0
using Reports.Tables;
using Reports.Terminal;
using Xunit;

namespace Reports.Tests.Terminal;

public class TerminalTests
{
    private static readonly Table Sample = Table.Of([("conv1", 12L), ("fc", 3456L)], [new("layer", "", r => r.Item1), new("cycles", "", r => r.Item2)]);

    [Fact]
    public void Plain_tables_have_neither_lines_nor_escapes() =>
        Assert.Equal("layer  cycles\nconv1      12\nfc      3,456\n", TerminalTable.Format(Sample, TerminalStyle.Plain));

    [Fact]
    public void Boxes_without_colour_align() =>
        Assert.Equal(
            "╭───────┬────────╮\n│ layer │ cycles │\n├───────┼────────┤\n│ conv1 │     12 │\n│ fc    │  3,456 │\n╰───────┴────────╯\n",
            TerminalTable.Format(Sample, new TerminalStyle(Box: true, Color: false)));

    [Fact]
    public void Colours_change_nothing_but_escapes() =>
        Assert.Equal(
            TerminalTable.Format(Sample, new TerminalStyle(Box: true, Color: false)),
            System.Text.RegularExpressions.Regex.Replace(TerminalTable.Format(Sample, TerminalStyle.Rich), "\e\\[\\d+m", ""));

    [Theory]
    [InlineData(false, null, null, false, false)]
    [InlineData(true, null, null, true, true)]
    [InlineData(true, "1", null, true, false)]
    [InlineData(true, "", null, true, true)]
    [InlineData(true, null, "dumb", false, false)]
    public void Style_follows_terminal_no_color_and_term(bool terminal, string? noColor, string? term, bool box, bool color) =>
        Assert.Equal(new TerminalStyle(box, color), TerminalStyle.Choose(terminal, name => name == "NO_COLOR" ? noColor : name == "TERM" ? term : null));

    [Fact]
    public void Progress_in_a_log_prints_a_line_every_ten_seconds_and_one_at_the_end()
    {
        var clock = new Clock();
        var writer = new StringWriter();
        using (var progress = new TerminalProgress("training", 100, "images", writer, TerminalStyle.Plain, clock))
        {
            for (int second = 1; second <= 25; second++)
            {
                clock.Now += TimeSpan.FromSeconds(1);
                progress.Report(second * 4, "loss 0.5");
            }
        }

        Assert.Equal(
            "training: 40 %, 40 / 100 images, 4.000 images/s, 15 s left, loss 0.5\n" +
            "training: 80 %, 80 / 100 images, 4.000 images/s, 5 s left, loss 0.5\n" +
            "training: 100 %, 100 / 100 images, 4.000 images/s, 25 s, loss 0.5\n",
            writer.ToString());
    }

    /// <summary>What is over in a moment leaves no line in a log where that is asked for.</summary>
    [Theory]
    [InlineData(9, "")]
    [InlineData(11, "verify: 50 %, 1 / 2 runs, 0.09091 runs/s, 11 s left\nverify: 100 %, 2 / 2 runs, 0.1818 runs/s, 11 s\n")]
    public void Progress_of_short_work_is_silent(int seconds, string lines)
    {
        var clock = new Clock();
        var writer = new StringWriter();
        using (var progress = new TerminalProgress("verify", 2, "runs", writer, TerminalStyle.Plain, clock) { OnlyIfLong = true })
        {
            clock.Now += TimeSpan.FromSeconds(seconds);
            progress.Report(1);
            progress.Report(2);
        }

        Assert.Equal(lines, writer.ToString());
    }

    [Fact]
    public void Progress_on_a_terminal_redraws_one_line_and_wipes_what_was_longer()
    {
        var clock = new Clock();
        var writer = new StringWriter();
        using (var progress = new TerminalProgress("run", 2, "steps", writer, new TerminalStyle(Box: true, Color: false), clock))
        {
            clock.Now += TimeSpan.FromSeconds(1);
            progress.Report(1, "a long remark");
            clock.Now += TimeSpan.FromMilliseconds(50);
            progress.Report(1, "not shown: too early");
            clock.Now += TimeSpan.FromMilliseconds(950);
            progress.Report(2);
        }

        string[] drawn = writer.ToString().TrimEnd('\n').Split('\r');
        Assert.Equal(4, drawn.Length);
        Assert.Contains("━━━━━━━━━━━━────────────   50 %  1 / 2 steps, 1.000 steps/s, 1 s left, a long remark", drawn[1]);
        Assert.Contains("100 %  2 / 2 steps, 1.000 steps/s, 2 s", drawn[2]);
        Assert.Equal(drawn[1].Length, drawn[2].Length);
        Assert.EndsWith("\n", writer.ToString());
    }

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(50)]
    [InlineData(10)]
    public void Progress_never_wraps_since_a_wrapped_line_scrolls_instead_of_being_redrawn(int columns)
    {
        var clock = new Clock();
        var writer = new StringWriter();
        using (var progress = new TerminalProgress("run", 2, "steps", writer, new TerminalStyle(Box: true, Color: false) { Columns = columns }, clock))
        {
            clock.Now += TimeSpan.FromSeconds(1);
            progress.Report(1, new string('x', 90));
        }

        string[] drawn = writer.ToString().TrimEnd('\n').Split('\r')[1..];
        Assert.All(drawn, line => Assert.InRange(line.Length, 1, Math.Max(columns - 1, "run    100 %  ".Length + 12)));
        Assert.All(drawn, line => Assert.Equal(columns > 120, !line.Contains('…')));
        Assert.All(drawn, line => Assert.True(columns < 50 || line.Contains("1 / 2 steps"), line));
    }

    [Fact]
    public void Headers_break_at_words_only_where_the_box_is_wider_than_the_window()
    {
        Table table = Table.Of([("a", 1L)], [new("name", "", r => r.Item1), new("memory blocks left", "", r => r.Item2)]);
        TerminalStyle style = new(Box: true, Color: false);
        Assert.Contains("│ name │ memory blocks left │\n", TerminalTable.Format(table, style with { Columns = 29 }), StringComparison.Ordinal);
        Assert.Equal(
            "╭──────┬────────╮\n│      │ memory │\n│      │ blocks │\n│ name │   left │\n├──────┼────────┤\n│ a    │      1 │\n╰──────┴────────╯\n",
            TerminalTable.Format(table, style with { Columns = 26 }));
    }

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59, "59 s")]
    [InlineData(187, "3 min 07 s")]
    [InlineData(7500, "2 h 05 min")]
    public void Durations_are_short(double seconds, string text) => Assert.Equal(text, TerminalProgress.Duration(TimeSpan.FromSeconds(seconds)));

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
