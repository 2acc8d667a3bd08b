// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Cli.CommandLine;
using Cli.Methods;
using EndToEnd.House;
using Reports.Tables;
using Xunit;

namespace EndToEnd.Methods;

/// <summary>The table of results: what was measured stays until it is measured again.</summary>
public sealed class MethodRowsTests
{
    private static readonly string Kept = Repository.PathOf("docs/methods-results.csv");

    [Fact]
    public void The_kept_table_survives_being_read_and_written() =>
        Assert.Equal(File.ReadAllText(Kept), CsvTable.Format(MethodsPage.FileTableOf(MethodRows.Load(Kept))));

    [Fact]
    public void The_kept_page_is_that_of_the_table_and_the_catalogue()
    {
        string[] page = File.ReadAllLines(Repository.PathOf("docs/methods-results.md"));
        ImmutableArray<Method> methods = MethodCatalogue.Load();

        string[] expected = MethodsPage.Format(methods, MethodRows.Load(Kept), MethodClaims.Load(methods), HeadRows.Section(MethodRows.Load(Repository.PathOf("docs/methods-results-heads.csv")), MethodHeads.Load(methods)), "./codesign methods run --out runs/methods").Split('\n');

        Assert.Equal(expected.Where(line => line.Length > 0), page.Where(line => line.Length > 0));
    }

    [Fact]
    public void The_kept_page_of_another_data_set_is_that_of_its_table()
    {
        ImmutableArray<MethodResult> rows = MethodRows.Load(Repository.PathOf("docs/methods-results-fashion-mnist.csv"));

        string page = MethodsPage.FormatOf("fashion-mnist", rows, "./codesign methods run --data fashion-mnist --out runs/methods-fashion-mnist");

        Assert.All(rows, row => Assert.Equal(("fashion-mnist", 0L), (row.Data, row.DifferingCodes)));
        Assert.Equal(page, File.ReadAllText(Repository.PathOf("docs/methods-results-fashion-mnist.md")));
    }

    [Fact]
    public void New_rows_take_the_place_of_old_ones_in_the_order_of_the_catalogue()
    {
        ImmutableArray<MethodResult> old = MethodRows.Load(Kept);
        MethodResult first = old[0];
        MethodResult better = old[1] with { IntegerAccuracy = 0.5 };

        ImmutableArray<MethodResult> merged = MethodRows.Merge(old, [better], [better.Id, "not-run-yet", first.Id]);

        Assert.Equal([(better.Id, 0.5), (first.Id, first.IntegerAccuracy)], merged.Select(row => (row.Id, row.IntegerAccuracy)));
    }

    [Theory]
    [InlineData("method,network", "method: missing")]
    [InlineData("method,seeds,weight_bits,network,data\nx,one,4,n,d", "seeds: not numbers, found 'one'")]
    public void A_file_that_is_no_such_table_is_refused_with_its_line(string text, string problem)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text.Contains('\n') ? text : text + "\n,");

            CommandException refused = Assert.Throws<CommandException>(() => MethodRows.Load(file));

            Assert.Contains($"{file}:2: ", refused.Message, StringComparison.Ordinal);
            Assert.Contains(problem.Split(':')[0], refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
