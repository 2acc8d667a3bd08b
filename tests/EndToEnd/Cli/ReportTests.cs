// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>The report of a run.</summary>
[Collection(TrainedRunTests.Name)]
public sealed class ReportTests(TrainedRun run)
{
    [Fact]
    public void It_can_be_drawn_again_to_the_same_bytes()
    {
        using var place = new Workspace();
        place.Copy($"../{Path.GetFileName(run.Place.Root)}/run", "copy");
        place.Copy("copy", "again");
        File.Delete(place.PathOf("again/report.html"));
        Directory.Delete(place.PathOf("again/figures"), recursive: true);
        Codesign.Run(place, "report", "again").Succeeded();
        Assert.Empty(place.Differences("copy", "again"));
    }

    [Fact]
    public void It_shows_the_run_in_numbers_figures_and_configuration()
    {
        string page = run.Place.Read("run/report.html");
        Assert.Contains(run.Result.Json.GetProperty("config_sha256").GetString()!, page);
        Assert.Contains("conv1", page);
        Assert.Equal(run.Place.FilesBelow("run/figures").Count(file => file.EndsWith(".svg", StringComparison.Ordinal)), page.Split("<figure").Length - 1);
        Assert.Contains("learned_step", page);
        Assert.DoesNotContain("http://localhost", page);
    }

    [Fact]
    public void No_file_of_the_run_names_a_folder_of_this_machine()
    {
        foreach (string file in run.Place.Results("run"))
        {
            string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(run.Place.PathOf("run/" + file)));
            Assert.False(text.Contains(run.Place.Root, StringComparison.Ordinal), $"{file} holds an absolute path");
        }
    }

    /// <summary>RFC 4180, section 2: CRLF ends each line, and every line has as many fields as the first.</summary>
    [Fact]
    public void Every_table_is_comma_separated_values_as_the_standard_has_them()
    {
        string[] files = [.. run.Place.Results("run").Where(file => file.EndsWith(".csv", StringComparison.Ordinal))];
        Assert.Contains("simulation/layers.csv", files);
        Assert.Contains(files, file => file.StartsWith("figures/", StringComparison.Ordinal));
        foreach (string file in files)
        {
            string[] lines = run.Place.Read("run/" + file).Split("\r\n");
            Assert.Equal("", lines[^1]);
            Assert.All(lines, line => Assert.DoesNotContain('\n', line));
            int fields = CsvLine.Fields(lines[0]).Length;
            Assert.All(lines[..^1], line => Assert.Equal(fields, CsvLine.Fields(line).Length));
        }
    }

    [Fact]
    public void Tables_and_traces_agree_with_the_summary()
    {
        long cycles = run.Result.Json.GetProperty("cycles_per_inference").GetInt64();
        string[][] layers = [.. run.Place.Read("run/simulation/layers.csv").Trim().Split("\r\n").Select(line => line.Split(','))];
        int column = Array.IndexOf(layers[0], "cycles");
        Assert.Equal(cycles, layers.Skip(1).Sum(row => long.Parse(row[column], System.Globalization.CultureInfo.InvariantCulture)));

        using var trace = System.Text.Json.JsonDocument.Parse(run.Place.Read("run/simulation/timeline.json"));
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray().Where(e => e.GetProperty("ph").GetString() == "X").ToList();
        Assert.Equal(cycles - 1, events.Max(e => e.GetProperty("args").GetProperty("completion").GetInt64()));
        Assert.All(events, e => Assert.InRange(e.GetProperty("ts").GetInt64() + e.GetProperty("dur").GetInt64(), 1, cycles));
    }
}
