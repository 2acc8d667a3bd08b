// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Specification.Yaml;

/// <summary>What is wrong with keys and values, each with its exact place.</summary>
public sealed class SpecSectionTests
{
    [Theory]
    [InlineData("0", "out of range, found '0'")]
    [InlineData("129", "out of range, found '129'")]
    [InlineData("-1", "out of range, found '-1'")]
    [InlineData("99999999999999999999", "out of range, found '99999999999999999999'")]
    [InlineData("-99999999999999999999", "out of range, found '-99999999999999999999'")]
    [InlineData("4.5", "not a whole number in decimal digits, found '4.5'")]
    [InlineData("4.0", "not a whole number in decimal digits, found '4.0'")]
    [InlineData("0x10", "not a whole number in decimal digits, found '0x10'")]
    [InlineData("0o17", "not a whole number in decimal digits, found '0o17'")]
    [InlineData("010", "not a whole number in decimal digits, found '010'")]
    [InlineData("1_0", "not a whole number in decimal digits, found '1_0'")]
    [InlineData("1e1", "not a whole number in decimal digits, found '1e1'")]
    [InlineData("+4", "not a whole number in decimal digits, found '+4'")]
    [InlineData("4 4", "not a whole number in decimal digits, found '4 4'")]
    [InlineData("1,000", "not a whole number in decimal digits, found '1,000'")]
    [InlineData("٤", "not a whole number in decimal digits, found '٤'")]
    [InlineData("four", "not a whole number in decimal digits, found 'four'")]
    [InlineData("true", "not a whole number in decimal digits, found 'true'")]
    [InlineData("", "not a whole number, found nothing")]
    [InlineData("null", "not a whole number, found nothing")]
    [InlineData("[4]", "not a whole number, found a list")]
    [InlineData("{a: 4}", "not a whole number, found a section")]
    public void A_whole_number_is_plain_decimal_digits_within_its_range(string value, string finding)
    {
        string text = Assert.Single(Reading.FindingsIn(Reading.WithLine(3, "  rows: " + value)));
        Assert.EndsWith($": array.rows: {finding}, allowed 1..128", text, StringComparison.Ordinal);
        Assert.StartsWith(value == "" ? "a.yaml:3:" : "a.yaml:3:9: ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "allowed at least 1")]
    [InlineData("-99999999999999999999", "allowed at least 1")]
    [InlineData("2147483648", "allowed 1..2147483647")]
    [InlineData("99999999999999999999", "allowed 1..2147483647")]
    public void A_number_too_large_for_its_type_is_told_the_largest(string value, string allowed)
    {
        SpecIssues issues = [];
        SpecSection.Root(YamlFile.Parse("rows: " + value + "\n", "a.yaml", issues), issues).RequiredInt("rows", 1, int.MaxValue);
        Assert.EndsWith($"out of range, found '{value}', {allowed}", Assert.Single(issues).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quoted_number_is_a_string() =>
        Reading.Finds(
            Reading.WithLine(3, "  rows: \"4\""),
            "a.yaml:3:9: array.rows: not a whole number, found the string \"4\", allowed 1..128 without quotes");

    [Theory]
    [InlineData("0", "out of range, found '0'")]
    [InlineData("1000.5", "out of range, found '1000.5'")]
    [InlineData("1e999", "out of range, found '1e999'")]
    [InlineData("-1e999", "out of range, found '-1e999'")]
    [InlineData(".nan", "not a number, found '.nan'")]
    [InlineData("NaN", "not a number, found 'NaN'")]
    [InlineData(".inf", "not a number, found '.inf'")]
    [InlineData("Infinity", "not a number, found 'Infinity'")]
    [InlineData("1,5", "not a number, found '1,5'")]
    [InlineData("1_0.5", "not a number, found '1_0.5'")]
    [InlineData("0x1p3", "not a number, found '0x1p3'")]
    [InlineData(".5", "not a number, found '.5'")]
    [InlineData("5.", "not a number, found '5.'")]
    [InlineData("100MHz", "not a number, found '100MHz'")]
    public void A_number_is_finite_decimal_and_within_its_range(string value, string finding) =>
        Reading.Finds(
            Reading.WithLine(7, "clock_mhz: " + value),
            $"a.yaml:7:12: clock_mhz: {finding}, allowed above 0 up to 1000");

    [Theory]
    [InlineData("1000", 1000)]
    [InlineData("1e-3", 0.001)]
    [InlineData("2.5E+2", 250)]
    public void Numbers_with_and_without_exponent_are_read(string value, double expected) =>
        Assert.Equal(expected, Root($"x: {value}").RequiredDouble("x", 0, 1000));

    [Theory]
    [InlineData("saturat", "unknown name, found 'saturat' (did you mean 'saturate'?)")]
    [InlineData("Saturate", "unknown name, found 'Saturate' (did you mean 'saturate'?)")]
    [InlineData("1", "unknown name, found '1'")]
    [InlineData("banana", "unknown name, found 'banana'")]
    [InlineData("[saturate]", "not a name, found a list")]
    public void An_enumeration_takes_its_names_only_and_suggests_the_nearest(string value, string finding) =>
        Reading.Finds(
            Reading.WithLine(5, "  overflow: " + value),
            $"a.yaml:5:13: array.overflow: {finding}, allowed saturate, wrap_around");

    [Theory]
    [InlineData("yes")]
    [InlineData("True")]
    [InlineData("1")]
    [InlineData("on")]
    public void A_truth_value_is_true_or_false_only(string value) =>
        Reading.Finds(
            Reading.WithLine(6, "  double_buffering: " + value),
            $"a.yaml:6:21: array.double_buffering: not true or false, found '{value}', allowed true, false");

    [Theory]
    [InlineData("no", "no")]
    [InlineData("1.0", "1.0")]
    [InlineData("\"null\"", "null")]
    [InlineData("2001-01-01", "2001-01-01")]
    public void What_yaml_would_take_for_another_type_is_text_where_text_is_asked_for(string value, string expected) =>
        Assert.Equal(expected, Root("x: " + value).RequiredString("x"));

    [Theory]
    [InlineData("", "not a text, found nothing")]
    [InlineData("~", "not a text, found nothing")]
    [InlineData("\"\"", "empty, found the string \"\"")]
    [InlineData("[a]", "not a text, found a list")]
    public void A_text_may_not_be_empty(string value, string finding)
    {
        string text = Assert.Single(Reading.FindingsIn(Reading.WithLine(1, "name: " + value)));
        Assert.EndsWith($": name: {finding}, allowed a text", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_key_names_the_nearest_known_one_and_the_missing_one_is_told_too() =>
        Reading.Finds(
            Reading.WithLine(4, "  colums: 8"),
            "a.yaml:2:1: array.columns: required key is missing, allowed 1..128",
            "a.yaml:4:3: array.colums: unknown key, found 'colums' (did you mean 'columns'?), allowed rows, columns, overflow, double_buffering");

    [Fact]
    public void An_unknown_key_near_nothing_has_no_suggestion() =>
        Reading.Finds(
            Reading.WithLine(14, "    size: 3\n    qqqqqq: 1"),
            "a.yaml:15:5: layers[0].qqqqqq: unknown key, found 'qqqqqq', allowed name, size");

    [Fact]
    public void A_missing_section_is_one_finding() =>
        Reading.Finds("name: a\nclock_mhz: 1\nwidths: [1]\ntags: [a]\nlayers: [{name: a, size: 1}]\n",
            "a.yaml:1:1: array: required key is missing, allowed keys with values");

    [Fact]
    public void A_section_that_is_a_number_is_one_finding() =>
        Reading.Finds("name: a\narray: 4\nclock_mhz: 1\nwidths: [1]\ntags: [a]\nlayers: [{name: a, size: 1}]\n",
            "a.yaml:2:8: array: not a section, found '4', allowed keys with values");

    [Theory]
    [InlineData("widths: 4", "a.yaml:8:9: widths: not a list, found '4', allowed a list of 1..3 items")]
    [InlineData("widths: []", "a.yaml:8:9: widths: wrong number of items, found 0, allowed a list of 1..3 items")]
    [InlineData("widths: [1, 2, 3, 4]", "a.yaml:8:9: widths: wrong number of items, found 4, allowed a list of 1..3 items")]
    [InlineData("widths: [4, x, 33]", "a.yaml:8:13: widths[1]: not a whole number in decimal digits, found 'x', allowed 1..32", "a.yaml:8:16: widths[2]: out of range, found '33', allowed 1..32")]
    public void Items_of_a_list_are_checked_one_by_one(string line, params string[] findings) =>
        Reading.Finds(Reading.WithLine(8, line), findings);

    [Fact]
    public void All_findings_come_at_once_in_the_order_of_the_file() =>
        Reading.Finds(
            """
            nam: small
            array:
              rows: 0
              columns: many
              overflow: 1
              double_buffering: perhaps
            clock_mhz: -1
            widths: [0, 4, 33]
            tags: []
            layers:
              - {name: first, size: 0}
              - second
            """,
            "a.yaml:1:1: name: required key is missing, allowed a text",
            "a.yaml:1:1: nam: unknown key, found 'nam' (did you mean 'name'?), allowed name, array, clock_mhz, widths, tags, layers, seed",
            "a.yaml:3:9: array.rows: out of range, found '0', allowed 1..128",
            "a.yaml:4:12: array.columns: not a whole number in decimal digits, found 'many', allowed 1..128",
            "a.yaml:5:13: array.overflow: unknown name, found '1', allowed saturate, wrap_around",
            "a.yaml:6:21: array.double_buffering: not true or false, found 'perhaps', allowed true, false",
            "a.yaml:7:12: clock_mhz: out of range, found '-1', allowed above 0 up to 1000",
            "a.yaml:8:10: widths[0]: out of range, found '0', allowed 1..32",
            "a.yaml:8:16: widths[2]: out of range, found '33', allowed 1..32",
            "a.yaml:9:7: tags: wrong number of items, found 0, allowed a list of at least 1 items",
            "a.yaml:11:25: layers[0].size: out of range, found '0', allowed 1..9",
            "a.yaml:12:5: layers[1]: not a section, found 'second', allowed keys with values");

    [Fact]
    public void Getters_return_what_the_file_says()
    {
        SpecSection root = Root(Reading.Valid);
        SpecSection array = root.Section("array");
        Assert.Equal("small", root.RequiredString("name"));
        Assert.Equal(4, array.RequiredInt("rows", 1, 128));
        Assert.Equal(8L, array.RequiredLong("columns", 1, 128));
        Assert.Equal(Reading.Overflow.WrapAround, array.RequiredEnum<Reading.Overflow>("overflow"));
        Assert.True(array.RequiredBool("double_buffering"));
        Assert.Equal(100.5, root.RequiredDouble("clock_mhz", 0, 1000));
        Assert.Equal([4, 8], root.RequiredInts("widths", 1, 32));
        Assert.Equal(["one", "two"], root.RequiredStrings("tags"));
        Assert.Equal(["first", "second"], root.RequiredSections("layers").Select(layer => layer.RequiredString("name")));
        Assert.Equal(["rows", "columns", "overflow", "double_buffering"], array.Keys);
    }

    [Fact]
    public void Optional_keys_have_their_defaults_where_they_are_missing_and_their_values_where_not()
    {
        SpecSection empty = Root("{}");
        Assert.Equal(3, empty.OptionalInt("x", 3, 0, 9));
        Assert.Equal(3L, empty.OptionalLong("x", 3, 0, 9));
        Assert.Equal(0.5, empty.OptionalDouble("x", 0.5, 0, 9));
        Assert.True(empty.OptionalBool("x", true));
        Assert.Null(empty.OptionalString("x"));
        Assert.Equal(Reading.Overflow.WrapAround, empty.OptionalEnum("x", Reading.Overflow.WrapAround));
        Assert.Null(empty.OptionalSection("x"));
        Assert.Null(empty.OptionalFile("x"));
        Assert.False(empty.Has("x"));

        SpecSection full = Root("i: 4\nd: 1.5\nb: false\ns: text\ne: saturate\n");
        Assert.Equal(4, full.OptionalInt("i", 3, 0, 9));
        Assert.Equal(4L, full.OptionalLong("i", 3, 0, 9));
        Assert.Equal(1.5, full.OptionalDouble("d", 0.5, 0, 9));
        Assert.False(full.OptionalBool("b", true));
        Assert.Equal("text", full.OptionalString("s"));
        Assert.Equal(Reading.Overflow.Saturate, full.OptionalEnum("e", Reading.Overflow.WrapAround));
        Assert.True(full.Has("i"));
    }

    [Fact]
    public void A_section_of_defaults_reads_as_empty_and_its_required_keys_are_told_at_the_parent()
    {
        var issues = new SpecIssues();
        SpecSection root = SpecSection.Root(YamlFile.Parse("# comment\nname: a\n", "a.yaml", issues), issues);
        SpecSection section = root.SectionOrEmpty("memory");
        Assert.Equal(8, section.OptionalInt("bytes", 8, 1, 64));
        section.RequiredInt("latency", 0, 100);
        Assert.Equal("a.yaml:2:1: memory.latency: required key is missing, allowed 0..100", Assert.Single(issues).ToString());
    }

    [Fact]
    public void A_value_that_may_be_a_section_or_a_name_can_be_read_either_way_and_is_finished_with_its_parent()
    {
        var issues = new SpecIssues();
        SpecSection root = SpecSection.Root(YamlFile.Parse("memory:\n  latency: 3\n  burst: 1\n", "a.yaml", issues), issues);
        SpecValue memory = root.Required("memory");
        Assert.IsType<SpecMapping>(memory.Node);
        Assert.Equal(3, memory.AsSection().RequiredInt("latency", 0, 100));
        Assert.Same(memory.AsSection(), root.Section("memory"));
        root.Finish();
        Assert.Equal("a.yaml:3:3: memory.burst: unknown key, found 'burst', allowed latency", Assert.Single(issues).ToString());
    }

    [Fact]
    public void Rules_between_keys_report_at_the_value_or_at_the_section()
    {
        var issues = new SpecIssues();
        SpecSection array = SpecSection.Root(YamlFile.Parse(Reading.Valid, "a.yaml", issues), issues).Section("array");
        array.Issue("rows", "too many for the buffer, found 4, allowed 2");
        array.Issue("depth", "needed here");
        array.Issue("does not fit");
        Assert.Equal(new SpecPosition("a.yaml", 3, 9), array.PositionOf("rows"));
        Assert.Equal(
            [
                "a.yaml:2:1: array.depth: needed here",
                "a.yaml:2:1: array: does not fit",
                "a.yaml:3:9: array.rows: too many for the buffer, found 4, allowed 2",
            ],
            issues.Select(issue => issue.ToString()));
    }

    [Fact]
    public void Values_out_of_range_are_brought_into_it_so_that_reading_can_go_on()
    {
        SpecSection root = Root("a: 999\nb: -999\nc: 1e9\nd: junk\n");
        Assert.Equal(9, root.RequiredInt("a", 2, 9));
        Assert.Equal(2, root.RequiredInt("b", 2, 9));
        Assert.Equal(9.0, root.RequiredDouble("c", 2, 9));
        Assert.Equal(2, root.RequiredInt("d", 2, 9));
        Assert.Equal(Reading.Overflow.Saturate, root.RequiredEnum<Reading.Overflow>("d"));
    }

    [Fact]
    public void A_file_that_could_not_be_read_gives_defaults_without_further_findings()
    {
        var issues = new SpecIssues();
        Reading.Read(SpecSection.Root(YamlFile.Load("none.yaml", issues), issues));
        Assert.Single(issues);
    }

    [Fact]
    public void Findings_can_be_thrown_together()
    {
        var issues = new SpecIssues();
        issues.ThrowIfAny();
        Reading.Read(SpecSection.Root(YamlFile.Parse(Reading.WithLine(3, "  rows: 0\n  depth: 1"), "a.yaml", issues), issues));
        SpecException exception = Assert.Throws<SpecException>(issues.ThrowIfAny);
        Assert.Equal(2, exception.Issues.Length);
        Assert.Equal(string.Join('\n', issues), exception.Message);
    }

    private static SpecSection Root(string yaml)
    {
        var issues = new SpecIssues();
        return SpecSection.Root(YamlFile.Parse(yaml, "a.yaml", issues), issues);
    }
}
