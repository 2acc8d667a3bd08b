// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using AccelModel.Comparison;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Comparison;
using Cli.Experiments;
using EndToEnd.House;
using Reports.Terminal;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign simulate --topology</c>: SCALE-Sim's cycles and ours from a topology file.</summary>
public sealed class TopologyTests : IDisposable
{
    private const string Header = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,";

    private readonly Workspace _place = new();

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("output_stationary", "os")]
    [InlineData("weight_stationary", "ws")]
    [InlineData("input_stationary", "is")]
    public void The_ideal_feed_of_a_topology_is_what_SCALE_Sim_reported(string dataflow, string shortName)
    {
        string data = Repository.PathOf("tests/AccelModel.Tests/data/scalesim");
        string[][] expected = [.. File.ReadAllLines(Path.Combine(data, "expected_compute_cycles.csv")).Skip(1).Select(line => line.Split(','))];
        foreach ((string topology, string extent) in (ReadOnlySpan<(string, string)>)[("alexnet", "16"), ("alexnet", "128"), ("gemm_test_mnk", "32")])
        {
            File.Copy(Path.Combine(data, topology + ".csv"), _place.PathOf("F.csv"), overwrite: true);
            JsonElement result = Simulate("--timing", "ideal_feed", "--dataflow", dataflow, "--rows", extent, "--columns", extent, "--json").Succeeded().Json;
            (string, long)[] rows = [.. expected.Where(row => row[0] == topology && row[1] == shortName && row[2] == extent).Select(row => (row[4], long.Parse(row[5], CultureInfo.InvariantCulture)))];
            Assert.NotEmpty(rows);
            Assert.Equal(rows, result.GetProperty("layers").EnumerateArray().Select(layer => (layer.GetProperty("name").GetString()!, layer.GetProperty("compute_cycles").GetInt64())));
            Assert.Equal(rows.Sum(row => row.Item2), result.GetProperty("total_compute_cycles").GetInt64());
            Assert.All(result.GetProperty("layers").EnumerateArray(), TermsAddUp);
        }
    }

    [Fact]
    public void Either_timing_shows_the_other_and_why_they_differ()
    {
        // 10 pixels, 3 filters, K = 8 on 4 x 2: one instruction for each of 2 tiles, 2 segments of 10 cycles after 5 of loading, 2 of issue; the last result is there 4 + 2 later.
        _place.Write("F.csv", "Layer,M,N,K\ng,10,3,8");
        const long ours = (2 * (2 + 5 + 20)) + 6, theirs = (2 * 2 * (10 + 8 + 2 - 2)) - 1;
        foreach (string timing in (string[])["ideal_feed", "causal"])
        {
            JsonElement result = Simulate("--timing", timing, "--rows", "4", "--columns", "2", "--json").Succeeded().Json;
            JsonElement layer = Assert.Single(result.GetProperty("layers").EnumerateArray());
            Assert.Equal(timing == "causal" ? ours : theirs, layer.GetProperty("compute_cycles").GetInt64());
            Assert.Equal((theirs, ours), (layer.GetProperty("ideal_feed_cycles").GetInt64(), layer.GetProperty("causal_cycles").GetInt64()));
            Assert.Equal((double)ours / theirs, layer.GetProperty("ratio").GetDouble());
            Assert.Equal(240.0 / (timing == "causal" ? ours : theirs) / 8, layer.GetProperty("utilization").GetDouble(), 1e-12);
            Assert.StartsWith("skew -16, ", layer.GetProperty("reason").GetString());
            Assert.Equal(timing == "causal" ? ours : theirs, result.GetProperty("total_compute_cycles").GetInt64());

            string table = Simulate("--timing", timing, "--rows", "4", "--columns", "2").Succeeded().Output;
            Assert.Contains("SCALE-Sim 71 cycles, ours 60, ratio 0.8451", table);
            Assert.Contains("stationary_loading: ", table);
            Assert.DoesNotContain("k_padding", table);
        }

        JsonElement single = Simulate("--rows", "4", "--columns", "2", "--weight-double-buffering", "false", "--json").Succeeded().Json;
        Assert.Equal((2 * (2 + (2 * (10 + 8 - 1)))) + 4 + 2 - 4 + 1, single.GetProperty("total_causal_cycles").GetInt64());
    }

    [Fact]
    public void A_clock_gives_operations_per_second()
    {
        // 240 multiply-accumulates in 71 cycles on 8 elements.
        _place.Write("F.csv", "Layer,M,N,K\ng,10,3,8");
        JsonElement result = Simulate("--rows", "4", "--columns", "2", "--clock-mhz", "12.5", "--json").Succeeded().Json;
        Assert.Equal(2 * 8 * 0.0125, result.GetProperty("peak_gops_per_second").GetDouble(), 1e-12);
        Assert.Equal(2 * 240 * 0.0125 / 71, result.GetProperty("gops_per_second").GetDouble(), 1e-12);
        Assert.Contains("at 12.5 MHz in 71 cycles (ideal_feed): 0.1 of at most 0.2 G-ops/s\n", Simulate("--rows", "4", "--columns", "2", "--clock-mhz", "12.5").Succeeded().Output);
        Assert.Equal(JsonValueKind.Null, Simulate("--rows", "4", "--columns", "2", "--json").Succeeded().Json.GetProperty("gops_per_second").ValueKind);
    }

    [Fact]
    public void An_array_that_is_not_ours_has_no_causal_figure()
    {
        _place.Write("F.csv", "Layer,M,N,K\ng,10,3,8");
        JsonElement result = Simulate("--dataflow", "output_stationary", "--rows", "1", "--columns", "2", "--json").Succeeded().Json;
        Assert.Equal((10 * 2 * (8 + 1)) - 1, result.GetProperty("total_compute_cycles").GetInt64());
        Assert.Equal(JsonValueKind.Null, result.GetProperty("total_causal_cycles").ValueKind);
        Assert.Contains("at least 2 rows", result.GetProperty("layers")[0].GetProperty("reason").GetString());
        Assert.Equal("--rows: found 1, allowed 2..65536 on an output-stationary array of ours",
            Assert.Single(Simulate("--timing", "causal", "--dataflow", "output_stationary", "--rows", "1", "--columns", "2").Ended(2).Findings));
    }

    [Fact]
    public void Mistakes_are_told_at_their_places_all_at_once()
    {
        _place.Write("F.csv", $"{Header}\na,6,x,3,2,4,7,0,\nb,6,5,3,2,4,-7,1,\nc,6,5,7,2,4,7,1,\nd,6,5,3,2,4,2147483648,\ne,2147483647,2147483647,1,1,2147483647,9,1,\n");
        CommandResult result = Simulate("--rows", "4", "--columns", "4", "--json").Ended(2);
        Assert.Empty(result.Output);
        Assert.Equal(
            [
                "F.csv:2:5: ifmap_width: not a whole number in decimal digits, found 'x'",
                "F.csv:2:15: strides: out of range, found '0'",
                "F.csv:3:13: num_filter: out of range, found '-7'",
                "F.csv:4:7: filter_height: larger than its input, found '7'",
                "F.csv:5:13: num_filter: out of range, found '2147483648'",
                "F.csv:5:23: strides: column is missing, found 7 columns",
                "F.csv:6:1: size overflow, found 4611686014132420609 * 9 * 1 * 1 * 2147483647 multiply-accumulates",
            ],
            result.Findings.Select(finding => finding.Split(", allowed")[0]));
    }

    [Theory]
    [InlineData("Layer,M,N,K\n", "F.csv:1:1: no layers")]
    [InlineData("", "F.csv:1:1: no layers")]
    [InlineData("Layer,M,N,K\ng,2147483647,1,2147483647\ng,2147483647,1,2147483647\ng,9,9,9\ng,2147483647,1,2147483647\n", "F.csv:5:1: total_ideal_feed_cycles: size overflow")]
    [InlineData("Layer,M,N,K\n\u0007,1,1,1\n", "F.csv:2:1: unprintable character, found U+0007")]
    public void A_topology_without_figures_is_bad_input(string text, string finding)
    {
        _place.Write("F.csv", text);
        Assert.StartsWith(finding, Simulate("--rows", "1", "--columns", "1").Ended(2).Findings[0]);
    }

    [Fact]
    public void Files_that_are_no_topology_are_bad_input()
    {
        File.WriteAllBytes(_place.PathOf("F.csv"), [0x80, 0x81]);
        Assert.StartsWith("F.csv:1:1: not a text in UTF-8", Assert.Single(Simulate("--rows", "4", "--columns", "4").Ended(2).Findings));
        File.Delete(_place.PathOf("F.csv"));
        Assert.Equal("F.csv:1:1: cannot be read, found no such file", Assert.Single(Simulate("--rows", "4", "--columns", "4").Ended(2).Findings));
        Directory.CreateDirectory(_place.PathOf("F.csv"));
        Assert.StartsWith("F.csv:1:1: cannot be read, found a directory", Assert.Single(Simulate("--rows", "4", "--columns", "4").Ended(2).Findings));
    }

    [Theory]
    [InlineData("--rows 4", "Option '--columns' is required.")]
    [InlineData("--rows 0 --columns 4", "--rows: found '0', allowed 1..65536")]
    [InlineData("--rows 4 --columns 65537", "--columns: found '65537', allowed 1..65536")]
    [InlineData("--rows 4 --columns four", "--columns: found 'four', allowed 1..65536")]
    [InlineData("--rows 4 --columns 4 --clock-mhz 0", "--clock-mhz: found '0', allowed 0.001..10000")]
    [InlineData("--rows 4 --columns 4 --clock-mhz 1e3", "--clock-mhz: found '1e3', allowed 0.001..10000")]
    [InlineData("--rows 4 --columns 4 --clock-mhz NaN", "--clock-mhz: found 'NaN', allowed 0.001..10000")]
    [InlineData("--rows 4 --columns 4 --dataflow os", "--dataflow: unknown name, found 'os', allowed weight_stationary, output_stationary, input_stationary")]
    [InlineData("--rows 4 --columns 4 --timing casual", "--timing: unknown name, found 'casual' (did you mean 'causal'?), allowed ideal_feed, causal")]
    [InlineData("--rows 4 --columns 4 --network net", "Option '--network' cannot be used with '--topology'.")]
    [InlineData("--rows 4 --columns 4 --engine fast", "Option '--engine' cannot be used with '--topology'.")]
    public void Options_that_make_no_sense_are_told(string options, string finding)
    {
        _place.Write("F.csv", "Layer,M,N,K\ng,10,3,8");
        CommandResult result = Simulate(options.Split(' ')).Ended(2);
        Assert.Equal(finding, Assert.Single(result.Findings));
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Everything_that_is_wrong_with_the_options_is_told_at_once() =>
        Assert.Equal(
            ["--timing: unknown name, found '1', allowed ideal_feed, causal", "--columns: found '0', allowed 1..65536", "Option '--rows' is required.", "Option '--engine' cannot be used with '--topology'."],
            Simulate("--columns", "0", "--engine", "fast", "--timing", "1").Ended(2).Findings);

    [Fact]
    public void A_network_needs_its_options_and_none_of_a_topology()
    {
        CommandResult result = Codesign.Run(_place, "simulate", "--network", "net", "--rows", "4", "--output", "y.npy").Ended(2);
        Assert.Equal(
            ["Option '--accelerator' is required.", "Option '--rows' cannot be used without '--topology'.", "Option '--output' cannot be used without '--input' or '--random-input'."],
            result.Findings);
    }

    [Fact]
    public void A_first_line_that_is_skipped_although_it_reads_as_a_layer_is_told()
    {
        _place.Write("F.csv", "lost,10,3,8\nkept,10,3,8\n");
        CommandResult result = Simulate("--rows", "4", "--columns", "4", "--json").Succeeded();
        Assert.Equal("kept", Assert.Single(result.Json.GetProperty("layers").EnumerateArray()).GetProperty("name").GetString());
        Assert.Contains("F.csv:1:1: the first line is skipped", result.Error);
    }

    [Fact]
    public void The_culture_changes_nothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        string invariant = Everything();
        try
        {
            // Made by hand: the invariant mode knows no others.
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = ".";
            culture.NumberFormat.NegativeSign = "~";
            culture.NumberFormat.PositiveSign = "p";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(invariant, Everything());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Everything()
    {
        var issues = new SpecIssues();
        Topology topology = TopologyFile.Parse("L,M,N,K\nan,123456,789,1011\n", "F.csv", issues)!;
        TimingComparison comparison = TimingComparison.Of(topology, new(Dataflow.OutputStationary, 16, 8, true), issues)!;
        TopologySummary summary = TopologySummary.Of("F.csv", topology.Format, comparison, TopologyTiming.IdealFeed, 166.5);
        TopologyFile.Parse("L,M,N,K\na,-1,1.5,99999999999\nb,9\n", "F.csv", issues);
        TopologyFile.Parse($"{Header}\ne,2147483647,2147483647,1,1,2147483647,9,1,\n", "F.csv", issues);
        return TopologyPrinter.Text(summary, TerminalStyle.ForStandardOutput) + JsonSerializer.Serialize(summary, RunSummary.JsonOptions) + string.Join('\n', issues);
    }

    private static void TermsAddUp(JsonElement layer) => Assert.Equal(
        layer.GetProperty("causal_cycles").GetInt64(),
        layer.GetProperty("ideal_feed_cycles").GetInt64() + layer.GetProperty("difference").EnumerateObject().Sum(term => term.Value.GetInt64()));

    private CommandResult Simulate(params string[] arguments) => Codesign.Run(_place, ["simulate", "--topology", "F.csv", .. arguments]);
}
