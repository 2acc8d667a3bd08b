// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using AccelModel.Comparison;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>The figures of docs/validation.md are those that its commands print.</summary>
public sealed partial class ValidationPageTests
{
    private const string Data = "tests/AccelModel.Tests/data/scalesim/";

    private static string Page => File.ReadAllText(Repository.PathOf("docs/validation.md"));

    [Fact]
    public void Every_command_prints_what_stands_below_it()
    {
        using var place = new Workspace();
        Match[] blocks = [.. Block().Matches(Page).Cast<Match>()];
        Assert.NotEmpty(blocks);
        foreach (Match block in blocks)
        {
            string[] arguments = [.. block.Groups["command"].Value.Split(' ').Select(argument => argument.EndsWith(".csv", StringComparison.Ordinal) ? Repository.PathOf(argument) : argument)];
            AssertShows(Codesign.Run(place, arguments).Succeeded().Output.TrimEnd('\n').Split('\n'), block.Groups["output"].Value.TrimEnd('\n').Split('\n'));
        }
    }

    [Fact]
    public void Every_row_of_the_comparison_with_SCALE_Sim_is_computed_and_was_reported()
    {
        Match[] rows = [.. Row().Matches(Page).Cast<Match>()];
        Assert.Equal(2 * 3 * 3, rows.Length);
        string[][] reported = [.. File.ReadAllLines(Repository.PathOf(Data + "expected_compute_cycles.csv")).Select(line => line.Split(','))];
        foreach (Match row in rows)
        {
            string name = row.Groups["topology"].Value == "AlexNet" ? "alexnet" : "gemm_test_mnk";
            Assert.True(EnumNames.TryParse(row.Groups["dataflow"].Value, out Dataflow dataflow));
            int extent = int.Parse(row.Groups["extent"].Value, CultureInfo.InvariantCulture);
            var issues = new SpecIssues();
            Topology topology = TopologyFile.Load(Repository.PathOf($"{Data}{name}.csv"), issues)!;
            TimingComparison comparison = TimingComparison.Of(topology, new(dataflow, extent, extent, WeightDoubleBuffering: true), issues)!;

            string shortName = string.Concat(row.Groups["dataflow"].Value.Split('_').Select(word => word[0]));
            long theirs = reported.Where(line => line[0] == name && line[1] == shortName && line[2] == row.Groups["extent"].Value).Sum(line => long.Parse(line[5], CultureInfo.InvariantCulture));
            long ours = comparison.CausalCycles!.Value;
            IEnumerable<string> terms =
                from difference in comparison.Layers.SelectMany(layer => layer.Causal!.Differences)
                group difference.Cycles by difference.Term into term
                where term.Sum() != 0
                orderby Math.Abs(term.Sum()) descending
                select string.Create(CultureInfo.InvariantCulture, $"`{EnumNames.Of(term.Key)}` {term.Sum():+#,0;-#,0}");
            Assert.Equal(
                string.Create(CultureInfo.InvariantCulture, $"{theirs:#,0} | {ours:#,0} | {(double)ours / theirs:0.0000} | {string.Join(", ", terms)}"),
                row.Groups["figures"].Value);
        }
    }

    [Theory]
    [InlineData("a b c", "a b c", true)]
    [InlineData("a b c", "a ... c", true)]
    [InlineData("a b c", "a ...", true)]
    [InlineData("a b c", "a c", false)]
    [InlineData("a b c", "a b", false)]
    [InlineData("a b c", "... d", false)]
    public void Lines_may_be_left_out_only_where_it_is_shown(string printed, string shown, bool same) =>
        Assert.Equal(same, Record.Exception(() => AssertShows(printed.Split(' '), shown.Split(' '))) is null);

    /// <summary>Each shown line follows the one before it, or, behind a line of three dots, any later one.</summary>
    private static void AssertShows(string[] printed, string[] shown)
    {
        int next = 0;
        bool skipping = false;
        foreach (string line in shown)
        {
            if (line == "...")
            {
                skipping = true;
                continue;
            }

            int found = Array.IndexOf(printed, line, next);
            Assert.True(found >= 0 && (skipping || found == next), $"not printed here: {line}\n{string.Join('\n', printed)}");
            next = found + 1;
            skipping = false;
        }

        Assert.True(skipping || next == printed.Length, $"printed, but not shown: {printed.ElementAtOrDefault(next)}");
    }

    [GeneratedRegex(@"```\n\$ \./codesign (?<command>[^\n]*)\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\| (?<topology>AlexNet|GEMM) \| `(?<dataflow>\w+)` \| (?<extent>\d+) x \k<extent> \| (?<figures>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
