// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Specification.Yaml;

/// <summary>Overrides, bases and paths to other files.</summary>
public sealed class SpecNodeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yaml-node-");
    private readonly SpecIssues _issues = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_overridden_value_is_read_and_its_findings_name_the_file_that_asked_for_it()
    {
        SpecNode tree = Parsed(Reading.Valid);
        SpecNode swept = tree.With("array.rows", Scalar("16"), _issues).With("layers[1].size", Scalar("77"), _issues);
        SpecSection root = SpecSection.Root(swept, _issues);
        Assert.Equal(16, root.Section("array").RequiredInt("rows", 1, 128));
        Reading.Read(SpecSection.Root(swept, _issues));
        Assert.Equal("sweep.yaml:5:20: layers[1].size: out of range, found '77', allowed 1..9", Assert.Single(_issues).ToString());
        Assert.Equal(4, SpecSection.Root(tree, _issues).Section("array").RequiredInt("rows", 1, 128));
    }

    [Fact]
    public void An_override_may_add_keys_and_sections_which_are_checked_like_any_other()
    {
        SpecNode swept = Parsed(Reading.Valid).With("seed", Scalar("7"), _issues).With("arry.rows", Scalar("7"), _issues);
        Assert.Equal(7, SpecSection.Root(swept, _issues).OptionalInt("seed", 1, 0, 99));
        Reading.Read(SpecSection.Root(swept, _issues));
        Assert.StartsWith("sweep.yaml:5:20: arry: unknown key, found 'arry' (did you mean 'array'?)", Assert.Single(_issues).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name.first", "the path leads nowhere, found 'small', allowed a section with the key 'first'")]
    [InlineData("name[0]", "the path leads nowhere, found 'small', allowed a list for [0]")]
    [InlineData("layers.name", "the path leads nowhere, found a list, allowed a section with the key 'name'")]
    [InlineData("layers[2].name", "no such list item, found [2], allowed [0]..[1]")]
    [InlineData("", "not a key path, allowed keys joined by dots and list positions in brackets such as layers[2].name")]
    [InlineData("a..b", "not a key path, allowed keys joined by dots and list positions in brackets such as layers[2].name")]
    [InlineData("layers[x]", "not a key path, allowed keys joined by dots and list positions in brackets such as layers[2].name")]
    [InlineData("layers[1", "not a key path, allowed keys joined by dots and list positions in brackets such as layers[2].name")]
    [InlineData("[1]", "not a key path, allowed keys joined by dots and list positions in brackets such as layers[2].name")]
    [InlineData("layers[99999999999]", "not a key path, allowed keys joined by dots and list positions in brackets such as layers[2].name")]
    public void A_path_that_leads_nowhere_is_a_finding_and_changes_nothing(string path, string message)
    {
        SpecNode tree = Parsed(Reading.Valid);
        SpecNode swept = tree.With(path, Scalar("1"), _issues);
        Assert.Equal(new SpecIssue("sweep.yaml", 5, 20, path, message), Assert.Single(_issues));
        Reading.Read(SpecSection.Root(swept, _issues));
        Assert.Single(_issues);
    }

    [Fact]
    public void A_file_is_laid_over_its_base_key_by_key_and_lists_are_replaced_whole()
    {
        Write("shared/base.yaml", Reading.Valid);
        Write("own.yaml", "base: shared/base.yaml\narray:\n  rows: 32\nwidths: [2]\nseed: 5\n");
        SpecSection root = SpecSection.Root(YamlFile.LoadWithBase(InFolder("own.yaml"), _issues), _issues);
        Reading.Read(root);
        Assert.Empty(_issues);
        Assert.Equal(32, root.Section("array").RequiredInt("rows", 1, 128));
        Assert.Equal(8, root.Section("array").RequiredInt("columns", 1, 128));
        Assert.Equal([2], root.RequiredInts("widths", 1, 32));
        Assert.Equal(5, root.OptionalInt("seed", 1, 0, 99));
        Assert.Equal(["name", "array", "clock_mhz", "widths", "tags", "layers", "seed"], root.Keys);
    }

    [Fact]
    public void Null_takes_a_key_of_the_base_away_and_no_value_does_not()
    {
        Write("base.yaml", "schedule: {kind: cosine, factor: 1, warmup: 2}\nseed: 5\n");
        Write("own.yaml", "base: base.yaml\nschedule: {kind: constant, factor: null, warmup: , rate: ~}\nseed: ~\n");
        SpecMapping tree = (SpecMapping)YamlFile.LoadWithBase(InFolder("own.yaml"), _issues)!;

        Assert.Equal(["schedule"], tree.Entries.Select(entry => entry.Key));
        SpecSection schedule = SpecSection.Root(tree, _issues).Section("schedule");
        Assert.Equal(["kind", "warmup", "rate"], schedule.Keys);
        Assert.Equal("constant", schedule.RequiredString("kind"));
        schedule.RequiredInt("warmup", 0, 9);
        schedule.RequiredInt("rate", 0, 9);
        Assert.Equal(["schedule.warmup", "schedule.rate"], _issues.Select(issue => issue.KeyPath));
    }

    [Fact]
    public void Findings_in_base_and_overlay_name_their_own_files()
    {
        Write("base.yaml", Reading.WithLine(3, "  rows: 0"));
        Write("own.yaml", "base: base.yaml\narray: {columns: 0}\n");
        Reading.Read(SpecSection.Root(YamlFile.LoadWithBase(InFolder("own.yaml"), _issues), _issues));
        Assert.Equal(
            [
                $"{InFolder("base.yaml")}:3:9: array.rows: out of range, found '0', allowed 1..128",
                $"{InFolder("own.yaml")}:2:18: array.columns: out of range, found '0', allowed 1..128",
            ],
            _issues.Select(issue => issue.ToString()));
    }

    [Fact]
    public void Bases_may_have_bases_but_not_themselves()
    {
        Write("a.yaml", "base: b.yaml\nx: 1\n");
        Write("b.yaml", "base: c.yaml\nx: 2\ny: 2\n");
        Write("c.yaml", "x: 3\ny: 3\nz: 3\n");
        SpecSection root = SpecSection.Root(YamlFile.LoadWithBase(InFolder("a.yaml"), _issues), _issues);
        Assert.Equal([1, 2, 3], ((string[])["x", "y", "z"]).Select(key => root.RequiredInt(key, 0, 9)));
        Assert.Empty(_issues);

        Write("c.yaml", "base: ./a.yaml\n");
        YamlFile.LoadWithBase(InFolder("a.yaml"), _issues);
        Assert.Equal(
            $"{InFolder("c.yaml")}:1:7: base: a file cannot be its own base, found './a.yaml' again",
            Assert.Single(_issues).ToString());
    }

    [Fact]
    public void A_base_that_is_not_there_is_found_where_it_is_named()
    {
        Write("a.yaml", "x: 1\nbase: none.yaml\n");
        Assert.NotNull(YamlFile.LoadWithBase(InFolder("a.yaml"), _issues));
        Assert.Equal(
            $"{InFolder("a.yaml")}:2:7: base: no such file, found 'none.yaml', allowed a path relative to this file",
            Assert.Single(_issues).ToString());
    }

    [Fact]
    public void A_path_is_relative_to_the_file_that_names_it()
    {
        Write("sub/data.bin", "x");
        Write("sub/a.yaml", "file: data.bin\nout: ../runs\n");
        SpecSection root = SpecSection.Root(YamlFile.Load(InFolder("sub/a.yaml"), _issues), _issues);
        Assert.Equal(InFolder("sub/data.bin"), root.RequiredFile("file"));
        Assert.Equal(InFolder("sub/../runs"), root.Required("out").AsPath());
        Assert.Empty(_issues);
    }

    [Fact]
    public void A_file_that_is_a_directory_or_missing_is_found()
    {
        Write("sub/data.bin", "x");
        Write("a.yaml", "one: sub\ntwo: sub/none\n");
        SpecSection root = SpecSection.Root(YamlFile.Load(InFolder("a.yaml"), _issues), _issues);
        Assert.Null(root.RequiredFile("one"));
        Assert.Null(root.RequiredFile("two"));
        Assert.Null(root.RequiredFile("three"));
        Assert.Equal(
            [
                "three: required key is missing, allowed a path relative to this file",
                "one: a directory, not a file, found 'sub', allowed a path relative to this file",
                "two: no such file, found 'sub/none', allowed a path relative to this file",
            ],
            _issues.Select(issue => $"{issue.KeyPath}: {issue.Message}"));
    }

    private static SpecScalar Scalar(string text) => new(new SpecPosition("sweep.yaml", 5, 20), text, Quoted: false);

    private SpecNode Parsed(string yaml) => YamlFile.Parse(yaml, "a.yaml", _issues)!;

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(InFolder(name))!);
        File.WriteAllText(InFolder(name), text);
    }
}
