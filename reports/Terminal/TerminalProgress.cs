// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Reports.Tables;

namespace Reports.Terminal;

/// <summary>
/// Progress of a piece of work with a known size. On a terminal one line is redrawn with a bar, the rate and the remaining time;
/// elsewhere a line is printed at most every ten seconds, so that logs stay short.
/// </summary>
public sealed class TerminalProgress : IDisposable
{
    private const int BarWidth = 24;
    private const int LeastBarWidth = 8;
    private const int Spaces = 6;
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly TextWriter writer;
    private readonly TerminalStyle style;
    private readonly TimeProvider time;
    private readonly string label;
    private readonly long total;
    private readonly string unit;
    private readonly long start;
    private readonly Lock gate = new();
    private TimeSpan? lastShown;
    private long done;
    private long shownDone = -1;
    private string note = "";
    private int shownWidth;

    /// <summary>Starts the clock.</summary>
    /// <param name="label">What is being done: "training".</param>
    /// <param name="total">How many units there are; at least 1.</param>
    /// <param name="unit">What is counted, in the plural: "images".</param>
    /// <param name="writer">Where to print; standard error when null.</param>
    /// <param name="style">What the reader can show; standard error's when null.</param>
    /// <param name="time">The clock; the system's when null.</param>
    public TerminalProgress(string label, long total, string unit, TextWriter? writer = null, TerminalStyle? style = null, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        (this.label, this.total, this.unit) = (label, total, unit);
        this.writer = writer ?? Console.Error;
        this.style = style ?? TerminalStyle.ForStandardError;
        this.time = time ?? TimeProvider.System;
        start = this.time.GetTimestamp();
    }

    /// <summary>Whether work that is over before a first line was printed prints none; on a terminal there is always one.</summary>
    public bool OnlyIfLong { get; init; }

    /// <summary>Says how much is done, in total; may be called from any thread and as often as is convenient.</summary>
    /// <param name="done">Units finished so far.</param>
    /// <param name="note">A short remark to show behind: "loss 0.031".</param>
    public void Report(long done, string note = "")
    {
        lock (gate)
        {
            (this.done, this.note) = (done, note);
            TimeSpan now = time.GetElapsedTime(start);
            TimeSpan interval = style.Box ? RedrawInterval : LineInterval;
            bool first = lastShown is null && style.Box;
            if (first || now - (lastShown ?? TimeSpan.Zero) >= interval)
            {
                Show(now);
            }
        }
    }

    /// <summary>Shows the last state and ends the line.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (style.Box || (shownDone != done && !(OnlyIfLong && lastShown is null)))
            {
                Show(time.GetElapsedTime(start));
            }

            if (style.Box)
            {
                writer.Write('\n');
            }
        }
    }

    /// <summary>A duration as "47 s", "3 min 07 s" or "2 h 05 min".</summary>
    public static string Duration(TimeSpan duration)
    {
        long seconds = (long)Math.Ceiling(duration.TotalSeconds);
        return seconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s")
            : seconds < 3600 ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min {seconds % 60:00} s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h {seconds % 3600 / 60:00} min");
    }

    private void Show(TimeSpan now)
    {
        (lastShown, shownDone) = (now, done);
        double fraction = Math.Clamp((double)done / total, 0, 1);
        string text = $"{NumberText.Human(done)} / {NumberText.Human(total)} {unit}";
        if (now > TimeSpan.Zero && done > 0)
        {
            text += $", {NumberText.Human(done / now.TotalSeconds)} {unit}/s, ";
            text += done < total ? $"{Duration(now / fraction - now)} left" : Duration(now);
        }

        if (note.Length > 0)
        {
            text += ", " + note;
        }

        string percent = string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(fraction * 100),3:0} %");
        if (!style.Box)
        {
            writer.Write($"{label}: {percent.TrimStart()}, {text}\n");
            return;
        }

        // A line that wraps is not redrawn but scrolls: the bar gives way, then the end of the text. The last column stays free, since some terminals wrap there.
        int room = Math.Max(LeastBarWidth + 1, style.Columns - 1 - label.Length - percent.Length - Spaces);
        int barWidth = Math.Clamp(room - text.Length, LeastBarWidth, BarWidth);
        if (text.Length > room - barWidth)
        {
            text = text[..(room - barWidth - 1)] + "…";
        }

        int filled = (int)(fraction * barWidth);
        string bar = style.Good(new string('━', filled)) + style.Dim(new string('─', barWidth - filled));
        int width = label.Length + barWidth + percent.Length + text.Length + Spaces;
        writer.Write($"\r{style.Bold(label)}  {bar}  {percent}  {text}{new string(' ', Math.Max(0, shownWidth - width))}");
        writer.Flush();
        shownWidth = width;
    }
}
