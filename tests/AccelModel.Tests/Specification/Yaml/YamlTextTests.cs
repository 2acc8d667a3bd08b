// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Specification.Yaml;

/// <summary>What is wrong with a file before anybody asks it for a key.</summary>
public sealed class YamlTextTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yaml-text-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_valid_file_has_no_findings() => Reading.Finds(Reading.Valid);

    [Fact]
    public void A_syntax_error_names_its_place()
    {
        string finding = Assert.Single(Reading.FindingsIn("name: small\narray: [1, 2\nrows: 3\n"));
        Assert.StartsWith("a.yaml:3:1: YAML syntax error: ", finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: b: c\n", "a.yaml:1:5: YAML syntax error: ")]
    [InlineData("a: 1\n b: 2\n", "a.yaml:2:3: YAML syntax error: ")]
    [InlineData("a: \"open\nb: 2\n", "a.yaml:1:4: YAML syntax error: ")]
    [InlineData("a:\n\tb: 1\n", "a.yaml:1:1: YAML syntax error: ")]
    [InlineData("a: }\n", "a.yaml:1:4: YAML syntax error: ")]
    [InlineData("a: @b\n", "a.yaml:1:4: YAML syntax error: ")]
    public void Syntax_errors_of_every_kind_are_single_findings_with_a_place(string yaml, string start)
    {
        string finding = Assert.Single(Reading.FindingsIn(yaml));
        Assert.StartsWith(start, finding, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_begins_with_a_colon_is_a_syntax_error() =>
        Reading.Finds(
            "a:\n  - : one\n",
            "a.yaml:2:6: a[0]: not a key, found nothing, allowed a name",
            "a.yaml:3:1: YAML syntax error: a value is missing here.");

    [Theory]
    [InlineData("")]
    [InlineData("\n\n  \n")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("--- ~\n...\n")]
    public void An_empty_file_is_said_to_be_empty(string yaml) =>
        Reading.Finds(yaml, "a.yaml:1:1: the file is empty, allowed a section of keys and values");

    [Theory]
    [InlineData("just text\n", "a.yaml:1:1: not a section, found 'just text', allowed keys with values")]
    [InlineData("# list\n- a\n- b\n", "a.yaml:2:1: not a section, found a list, allowed keys with values")]
    public void A_root_that_is_no_section_is_one_finding(string yaml, string finding) => Reading.Finds(yaml, finding);

    [Fact]
    public void A_duplicate_key_names_both_lines() =>
        Reading.Finds(
            Reading.WithLine(5, "  rows: 5\n  overflow: saturate"),
            "a.yaml:5:3: array.rows: duplicate key, found first on line 3, allowed once");

    [Fact]
    public void A_duplicate_key_at_the_top_is_found_and_the_first_value_is_read() =>
        Reading.Finds(Reading.Valid + "\nname: 7", "a.yaml:17:1: name: duplicate key, found first on line 1, allowed once");

    [Fact]
    public void A_duplicate_key_that_differs_only_in_quotes_is_found() =>
        Reading.Finds(Reading.Valid + "\n\"name\": other", "a.yaml:17:1: name: duplicate key, found first on line 1, allowed once");

    [Theory]
    [InlineData("!!str small")]
    [InlineData("!local small")]
    [InlineData("!<tag:yaml.org,2002:str> small")]
    public void Tags_are_refused(string value)
    {
        string finding = Assert.Single(Reading.FindingsIn(Reading.WithLine(1, "name: " + value)));
        Assert.StartsWith("a.yaml:1:7: name: tags are not allowed, found '", finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Anchors_and_aliases_are_refused_and_an_alias_has_no_second_finding() =>
        Reading.Finds(
            Reading.WithLine(4, "  columns: *size").Replace("rows: 4", "rows: &size 4"),
            "a.yaml:3:9: array.rows: anchors are not allowed, found '&size'",
            "a.yaml:4:12: array.columns: aliases are not allowed, found '*size'");

    [Fact]
    public void An_alias_bomb_is_refused_at_each_anchor_and_alias_without_expanding()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x]\n");
        for (int level = 1; level < 30; level++)
        {
            yaml.Append($"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n");
        }
        var issues = new SpecIssues();
        Assert.NotNull(YamlFile.Parse(yaml.ToString(), "bomb.yaml", issues));
        Assert.Equal(30 + (29 * 2), issues.Count);
        Assert.Equal("bomb.yaml:2:10: a1[0]: aliases are not allowed, found '*a0'", issues.ElementAt(2).ToString());
    }

    [Fact]
    public void Merge_keys_are_refused() =>
        Reading.Finds(
            Reading.WithLine(3, "  <<: {rows: 4}\n  rows: 4"),
            "a.yaml:3:3: array: merge keys are not allowed, found '<<'");

    [Theory]
    [InlineData("? [a, b]\n: 1\n", "a.yaml:1:3: not a key, found a list, allowed a name")]
    [InlineData("? {a: b}\n: 1\n", "a.yaml:1:3: not a key, found a section, allowed a name")]
    [InlineData("~: 1\n", "a.yaml:1:1: not a key, found nothing, allowed a name")]
    [InlineData("\"\": 1\n", "a.yaml:1:1: not a key, found the string \"\", allowed a name")]
    public void Keys_that_are_no_names_are_refused(string yaml, string finding)
    {
        var issues = new SpecIssues();
        Assert.NotNull(YamlFile.Parse(yaml, "a.yaml", issues));
        Assert.Equal(finding, Assert.Single(issues).ToString());
    }

    [Fact]
    public void A_second_document_is_refused_where_it_starts() =>
        Reading.Finds("name: small\n---\nname: other\n", "a.yaml:2:1: more than one document, allowed a single one");

    [Fact]
    public void Nesting_of_32_levels_is_read_and_of_33_refused()
    {
        var issues = new SpecIssues();
        Assert.NotNull(YamlFile.Parse(new string('[', 32) + new string(']', 32), "deep.yaml", issues));
        Assert.Empty(issues);
        Assert.Null(YamlFile.Parse(new string('[', 33) + new string(']', 33), "deep.yaml", issues));
        SpecIssue issue = Assert.Single(issues);
        Assert.Equal(("deep.yaml", 1, 33), (issue.File, issue.Line, issue.Column));
        Assert.EndsWith("nested too deeply, allowed 32 levels", issue.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_open_brackets_are_refused_too()
    {
        var issues = new SpecIssues();
        Assert.Null(YamlFile.Parse(new string('[', 100_000), "deep.yaml", issues));
        Assert.Single(issues);
    }

    [Theory]
    [InlineData("name: sm\0all\n", 1, 9, "U+0000")]
    [InlineData("name: a\nsize: \u0085\n", 2, 7, "U+0085")]
    [InlineData("name: a\r\nsize: \u2028\n", 2, 7, "U+2028")]
    [InlineData("\u0007", 1, 1, "U+0007")]
    public void Control_characters_are_refused_where_they_are(string yaml, int line, int column, string code) =>
        Reading.Finds(yaml, $"a.yaml:{line}:{column}: unprintable character, found {code}, allowed printable text, tabs and line ends");

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused_where_they_are()
    {
        byte[] bytes = [.. "name: é\nsize: ü"u8, 0xC3, 0x28, (byte)'\n'];
        var issues = new SpecIssues();
        Assert.Null(YamlFile.Parse(bytes, "a.yaml", issues));
        Assert.Equal("a.yaml:2:8: not a text in UTF-8, found the bytes 0xc3", Assert.Single(issues).ToString());
    }

    [Fact]
    public void Utf16_is_refused()
    {
        var issues = new SpecIssues();
        Assert.Null(YamlFile.Parse(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("name: a")).ToArray(), "a.yaml", issues));
        Assert.Equal("a.yaml:1:1: not a text in UTF-8, found the bytes 0xff", Assert.Single(issues).ToString());
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_change_no_position()
    {
        var issues = new SpecIssues();
        byte[] bytes = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Reading.WithLine(3, "  rows: 0").Replace("\n", "\r\n"))];
        Reading.Read(SpecSection.Root(YamlFile.Parse(bytes, "a.yaml", issues), issues));
        Assert.Equal("a.yaml:3:9: array.rows: out of range, found '0', allowed 1..128", Assert.Single(issues).ToString());
    }

    [Fact]
    public void A_missing_file_a_directory_and_an_impossible_path_are_findings()
    {
        string missing = Path.Combine(_folder.FullName, "none.yaml");
        var issues = new SpecIssues();
        Assert.Null(YamlFile.Load(missing, issues));
        Assert.Null(YamlFile.Load(_folder.FullName, issues));
        Assert.Null(YamlFile.Load(Path.Combine(missing, "below.yaml"), issues));
        Assert.Null(YamlFile.Load("a\0b", issues));
        Assert.Null(YamlFile.Load("", issues));
        Assert.Equal(
            [
                $"{missing}:1:1: cannot be read, found no such file",
                $"{_folder.FullName}:1:1: cannot be read, found a directory, allowed a YAML file",
                $"{missing}/below.yaml:1:1: cannot be read, found no such file",
                "a\0b:1:1: cannot be read, found an input/output error or an impossible path",
                ":1:1: cannot be read, found an input/output error or an impossible path",
            ],
            issues.Select(issue => issue.ToString()));
    }

    [Fact]
    public void A_file_that_the_system_refuses_to_read_is_a_finding()
    {
        // Reading the unmapped first page of this process's own memory fails for every user, root included.
        var issues = new SpecIssues();
        Assert.Null(YamlFile.Load("/proc/self/mem", issues));
        Assert.StartsWith("/proc/self/mem:1:1: cannot be read, found ", Assert.Single(issues).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_more_than_4_mebibytes_is_refused_and_one_of_exactly_4_is_read()
    {
        string path = Path.Combine(_folder.FullName, "large.yaml");
        byte[] content = Encoding.ASCII.GetBytes("name: a\n#".PadRight(YamlFile.MaxBytes, 'x'));
        File.WriteAllBytes(path, content);
        var issues = new SpecIssues();
        Assert.NotNull(YamlFile.Load(path, issues));
        Assert.Empty(issues);
        File.WriteAllBytes(path, [.. content, (byte)'x']);
        Assert.Null(YamlFile.Load(path, issues));
        Assert.Equal($"{path}:1:1: too large, found more than 4 MiB, allowed up to 4 MiB", Assert.Single(issues).ToString());
    }
}
