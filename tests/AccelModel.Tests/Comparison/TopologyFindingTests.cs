// SPDX-License-Identifier: Apache-2.0
using AccelModel.Comparison;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Comparison;

/// <summary>What is wrong with a topology is told at its line and column, and all at once.</summary>
public sealed class TopologyFindingTests
{
    private const string Header = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,";

    private const string Range = "allowed 1..2147483647";

    /// <summary>A row below the convolutions' header, and its only finding without the file's name.</summary>
    public static TheoryData<string, string> Convolutions => new()
    {
        { "c,6,5,3,2,4,7,", "2:14: strides: column is missing, found 7 columns, allowed 8 separated by commas: name, ifmap_height, ifmap_width, filter_height, filter_width, channels, num_filter, strides" },
        { "c", "2:2: ifmap_height: column is missing, found 1 columns" },
        { "c\t6\t5\t3\t2\t4\t7\t1", "2:16: ifmap_height: column is missing, found 1 columns" },
        { "c,6,,3,2,4,7,1,", $"2:5: ifmap_width: not a whole number in decimal digits, found nothing, {Range}" },
        { "c, 6, five,3,2,4,7,1,", $"2:7: ifmap_width: not a whole number in decimal digits, found 'five', {Range}" },
        { "c,6,5,3.0,2,4,7,1,", $"2:7: filter_height: not a whole number in decimal digits, found '3.0', {Range}" },
        { "c,6,5,3,1e3,4,7,1,", $"2:9: filter_width: not a whole number in decimal digits, found '1e3', {Range}" },
        { "c,6,5,3,2,0x4,7,1,", $"2:11: channels: not a whole number in decimal digits, found '0x4', {Range}" },
        { "c,6,5,3,2,٤,7,1,", $"2:11: channels: not a whole number in decimal digits, found '٤', {Range}" },
        { "c,6,5,3,2,1 000,7,1,", $"2:11: channels: not a whole number in decimal digits, found '1 000', {Range}" },
        { "c,6,5,3,2,4,-7,1,", $"2:13: num_filter: out of range, found '-7', {Range}" },
        { "c,6,5,3,2,4,7,0,", $"2:15: strides: out of range, found '0', {Range}" },
        { "c,6,5,3,2,4,7,-0,", $"2:15: strides: out of range, found '-0', {Range}" },
        { "c,6,5,3,2,4,2147483648,1,", $"2:13: num_filter: out of range, found '2147483648', {Range}" },
        { "c,6,5,3,2,4,99999999999999999999999999999999999999999999,1,", $"2:13: num_filter: out of range, found '9999999999999999999999999999999999999999...', {Range}" },
        { "c,2,5,3,2,4,7,1,", "2:7: filter_height: larger than its input, found '3', allowed 1..2 (ifmap_height)" },
        { "c,6,1,3, 2,4,7,1,", "2:10: filter_width: larger than its input, found '2', allowed 1..1 (ifmap_width)" },
        { "c,2,5,3,2,four,7,1,", "2:7: filter_height: larger than its input" },
        { "c,6,5,3,2,4,7,1,2:4,", "2:17: column 9 cannot be used, found '2:4', allowed 8 columns (name, ifmap_height, ifmap_width, filter_height, filter_width, channels, num_filter, strides) and a sparsity ratio that is dense, such as 1:1" },
        { "c,6,5,3,2,4,7,1,1,", "2:17: column 9 cannot be used, found '1'" },
        { "c,6,5,3,2,4,7,1,1:1,x", "2:21: column 10 cannot be used, found 'x'" },
        { "c,2147483647,2147483647,1,1,2147483647,2147483647,1,", "2:1: size overflow, found 4611686014132420609 * 2147483647 * 1 * 1 * 2147483647 multiply-accumulates, allowed 9223372036854775807" },
        { "c,2147483647,2147483647,2147483647,2147483647,2147483647,1,1,", "2:1: size overflow, found 1 * 1 * 2147483647 * 2147483647 * 2147483647 multiply-accumulates" },
        { "cDP,6,5,3,2,100001,7,1,", "2:13: channels: too many layers, found a depthwise row of '100001' channels, allowed 100000" },
        { "c,6,5\u0000,3,2,4,7,1,", "2:6: unprintable character, found U+0000" },
    };

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void A_convolution_that_is_wrong_is_told_at_its_place(string row, string finding)
    {
        string[] findings = Findings($"{Header}\n{row}\n");
        Assert.StartsWith("t.csv:" + finding, findings[0]);
        Assert.Equal(row.Contains("four", StringComparison.Ordinal) ? 2 : 1, findings.Length);
    }

    [Theory]
    [InlineData("g,3,5,\n", "2:6: k: column is missing, found 3 columns, allowed 4 separated by commas: name, m, n, k")]
    [InlineData("g,3,5,K,\n", "2:7: k: not a whole number in decimal digits, found 'K'")]
    [InlineData("g,0,5,16,\n", "2:3: m: out of range, found '0', allowed 1..2147483647")]
    [InlineData("g,3,5,16,4:8\n", "2:10: column 5 cannot be used, found '4:8', allowed 4 columns (name, m, n, k)")]
    [InlineData("g,2147483647,2147483647,2147483647,\n", "2:1: size overflow, found 2147483647 * 2147483647 * 2147483647 multiply-accumulates")]
    public void A_matrix_product_that_is_wrong_is_told_at_its_place(string row, string finding) =>
        Assert.StartsWith("t.csv:" + finding, Assert.Single(Findings("Layer,M,N,K,\n" + row)));

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData(Header)]
    [InlineData(Header + "\n,,,,,,,\n")]
    public void A_file_without_layers_has_one_finding(string text) =>
        Assert.Equal("t.csv:1:1: no layers, allowed a header line and a row for each layer", Assert.Single(Findings(text)));

    [Fact]
    public void All_findings_of_all_rows_are_told_in_order() =>
        Assert.Equal(
            ["t.csv:2:5:", "t.csv:2:15:", "t.csv:4:9:", "t.csv:4:13:", "t.csv:4:16:", "t.csv:6:4:"],
            Findings($"{Header}\na,6,x,3,2,4,7,0,\nb,6,5,3,2,4,7,1,\nc,6,5,3,9,4,-7,1.5,\n\nd,6\n").Select(finding => finding.Split(' ')[0]));

    [Fact]
    public void Rows_of_the_other_kind_are_findings()
    {
        Assert.StartsWith("t.csv:3:6: filter_height: column is missing", Assert.Single(Findings($"{Header}\nc,6,5,3,2,4,7,1,\ng,3,5\n")));
        Assert.Equal(["t.csv:3:9:", "t.csv:3:11:"], Findings("L,M,N,K\ng,3,5,16\nc,6,5,3,2,4,\n").Select(finding => finding.Split(' ')[0]));
    }

    [Fact]
    public void A_header_of_a_convolution_is_not_overruled_by_short_rows() =>
        Assert.StartsWith("t.csv:2:8: filter_width: column is missing, found 4 columns, allowed 8", Assert.Single(Findings($"{Header}\ng,9,9,9\n")));

    [Fact]
    public void Too_many_layers_end_the_reading()
    {
        string row = $"DP,1,1,1,1,{TopologyFile.MaxLayers / 2},1,1,\n";
        Assert.Empty(Findings($"{Header}\n{row}{row}"));
        Assert.StartsWith("t.csv:4:1: too many layers, found 150000 up to here, allowed 100000", Assert.Single(Findings($"{Header}\n{row}{row}{row}")));
    }

    [Fact]
    public void Sums_that_leave_64_bits_are_findings_at_the_row_where_they_do()
    {
        // Each row takes a little less than 2^62 cycles and products: the third is one too many, and the one after it is told nothing.
        const string row = "g,2147483647,1,2147483646\n";
        Assert.Empty(Findings($"L,M,N,K\n{row}{row}", new(Dataflow.WeightStationary, 1, 1, false)));
        Assert.Equal(
            ["t.csv:4:1: total_ideal_feed_cycles: size overflow,", "t.csv:4:1: total_causal_cycles: size overflow,", "t.csv:4:1: total_macs: size overflow,"],
            Findings($"L,M,N,K\n{row}{row}{row}{row}", new(Dataflow.WeightStationary, 1, 1, false)).Select(finding => finding.Split(" found")[0]));
    }

    [Theory]
    [InlineData(Dataflow.OutputStationary, "2147483647,2147483647,1,1,1,1,1")]
    [InlineData(Dataflow.WeightStationary, "2147483647,2147483647,2147483647,2147483647,1,1,1")]
    [InlineData(Dataflow.InputStationary, "2147483647,2147483647,2147483647,2147483647,1,1,1")]
    public void Cycles_of_a_layer_that_leave_64_bits_are_a_finding_at_its_row(Dataflow dataflow, string row) =>
        Assert.StartsWith(
            "t.csv:3:1: compute_cycles: size overflow, found M = ",
            Assert.Single(Findings($"{Header}\nc,1,1,1,1,1,1,1\nc,{row}\nc,1,1,1,1,1,1,1", new(dataflow, 1, 65536, false))));

    [Theory]
    [InlineData("gone.csv", "cannot be read, found no such file")]
    [InlineData(".", "cannot be read, found a directory, allowed a topology file in CSV")]
    [InlineData("/dev/null/x", "cannot be read")]
    public void A_file_that_cannot_be_read_has_one_finding(string path, string words)
    {
        var issues = new SpecIssues();
        Assert.Null(TopologyFile.Load(path, issues));
        Assert.StartsWith($"{path}:1:1: {words}", Assert.Single(issues).ToString());
    }

    private static string[] Findings(string text, ComparedArray? array = null)
    {
        var issues = new SpecIssues();
        Topology? topology = TopologyFile.Parse(text, "t.csv", issues);
        Assert.Equal(issues.Count == 0, topology is not null);
        if (array is not null)
        {
            Assert.Equal(TimingComparison.Of(topology!, array, issues) is not null, issues.Count == 0);
        }

        return [.. issues.Select(issue => issue.ToString())];
    }
}
