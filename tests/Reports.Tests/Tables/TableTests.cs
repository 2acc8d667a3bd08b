// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Reports.Tables;
using Xunit;

namespace Reports.Tests.Tables;

public class TableTests
{
    private sealed record Row(string Name, long Count, double? Value);

    private static Table TableOf(params Row[] rows) => Table.Of(rows,
    [
        new("layer name", "", r => r.Name),
        new("count", "", r => r.Count),
        new("latency", "µs", r => r.Value),
        new("accuracy", "", r => r.Value, NumberStyle.Percent),
    ], r => r.Name);

    [Fact]
    public void Csv_has_snake_case_headers_with_units_and_numbers_in_full() =>
        Assert.Equal("layer_name,count,latency_us,accuracy\r\na,9007199254740993,0.1,0.1\r\nb,-1,,\r\n",
            CsvTable.Format(TableOf(new Row("a", 9007199254740993, 0.1), new Row("b", -1, null))));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("cr\r", "\"cr\r\"")]
    [InlineData(" spaces ", " spaces ")]
    public void Csv_quotes_exactly_the_fields_that_need_it(string field, string written) =>
        Assert.Equal($"layer_name,count,latency_us,accuracy\r\n{written},1,1,1\r\n", CsvTable.Format(TableOf(new Row(field, 1, 1))));

    [Fact]
    public void Csv_reads_back_as_written()
    {
        var random = new Random(3);
        const string alphabet = "ab,\"\n\r ";
        Row[] rows = Enumerable.Range(0, 200)
            .Select(_ => new Row(new string(Enumerable.Range(0, random.Next(8)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToArray()), random.NextInt64(), random.NextDouble() * Math.Pow(10, random.Next(-300, 300))))
            .ToArray();
        List<string[]> read = ReadCsv(CsvTable.Format(TableOf(rows)));
        Assert.Equal(rows.Length + 1, read.Count);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.Equal(rows[i].Name, read[i + 1][0]);
            Assert.Equal(rows[i].Count, long.Parse(read[i + 1][1]));
            Assert.Equal(rows[i].Value, double.Parse(read[i + 1][2]));
        }
    }

    [Fact]
    public void No_exporter_depends_on_the_culture()
    {
        Table table = TableOf(new Row("a", -12345, -1234.5), new Row("b", 2, 0.00012345));
        string[] Export() => [CsvTable.Format(table), MarkdownTable.Format(table), JsonLinesTable.Format(table), Reports.Terminal.TerminalTable.Format(table, Reports.Terminal.TerminalStyle.Plain)];
        string[] before = Export();
        using var culture = new CommaCulture();
        Assert.Equal(before, Export());
    }

    [Fact]
    public void Markdown_aligns_numbers_right_and_escapes_bars() =>
        Assert.Equal(
            "| layer name | count | latency (µs) | accuracy (%) |\n" +
            "| ---------- | ----: | -----------: | -----------: |\n" +
            "| a\\|b       | 1,234 |       0.5000 |        50.00 |\n",
            MarkdownTable.Format(TableOf(new Row("a|b", 1234, 0.5))));

    [Fact]
    public void Json_lines_keep_whole_numbers_exact_and_write_null_for_nothing()
    {
        string[] lines = JsonLinesTable.Format(TableOf(new Row("a\n", long.MaxValue, double.NaN), new Row("b", 0, 0.1))).Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("", lines[2]);
        JsonElement first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(long.MaxValue, first.GetProperty("count").GetInt64());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("latency_us").ValueKind);
        Assert.Equal(0.1, JsonDocument.Parse(lines[1]).RootElement.GetProperty("accuracy").GetDouble());
    }

    // A reader written from RFC 4180, with '\n' as the line end.
    private static List<string[]> ReadCsv(string text)
    {
        var lines = new List<string[]>();
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    lines.Add([.. fields]);
                    fields.Clear();
                }
            }
            else
            {
                field.Append(c);
            }
        }

        Assert.Equal(0, field.Length);
        return lines;
    }

    [Fact]
    public void Latex_escapes_what_it_would_read_as_commands() => Assert.Equal(
        "% needs \\usepackage{booktabs,longtable}\n\\begin{longtable}{lr}\n\\toprule\nname\\_a & share (\\%) \\\\\n\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n"
            + "50\\% \\& \\#1 $<$ 2 \\textbackslash{} & 98.54 \\\\\n\\end{longtable}\n",
        LatexTable.Format(Table.Of([("50% & #1 < 2 \\", 0.98536)], [new("name_a", "", r => r.Item1), new("share", "", r => r.Item2, NumberStyle.Percent)])));
}
