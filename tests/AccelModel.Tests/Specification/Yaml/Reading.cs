// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Specification.Yaml;

/// <summary>A specification to read in tests, with one key of every type.</summary>
internal static class Reading
{
    public enum Overflow
    {
        Saturate,
        WrapAround,
    }

    public const string Valid = """
        name: small
        array:
          rows: 4
          columns: 8
          overflow: wrap_around
          double_buffering: true
        clock_mhz: 100.5
        widths: [4, 8]
        tags:
          - one
          - "two"
        layers:
          - name: first
            size: 3
          - name: second
            size: 4
        """;

    /// <summary>Reads a text as the specification above and returns its findings as text.</summary>
    public static string[] FindingsIn(string yaml, string file = "a.yaml")
    {
        var issues = new SpecIssues();
        Read(SpecSection.Root(YamlFile.Parse(yaml, file, issues), issues));
        return [.. issues.Select(issue => issue.ToString())];
    }

    public static void Finds(string yaml, params string[] findings) => Assert.Equal(findings, FindingsIn(yaml));

    /// <summary>The valid specification with one line replaced (1-based; null removes it).</summary>
    public static string WithLine(int line, string? text)
    {
        List<string> lines = [.. Valid.Split('\n')];
        lines.RemoveAt(line - 1);
        if (text is not null)
        {
            lines.Insert(line - 1, text);
        }
        return string.Join('\n', lines);
    }

    public static void Read(SpecSection root)
    {
        root.RequiredString("name");
        SpecSection array = root.Section("array");
        array.RequiredInt("rows", 1, 128);
        array.RequiredInt("columns", 1, 128);
        array.RequiredEnum<Overflow>("overflow");
        array.RequiredBool("double_buffering");
        root.RequiredDouble("clock_mhz", SpecValue.AboveZero, 1000);
        root.RequiredInts("widths", 1, 32, maxCount: 3);
        root.RequiredStrings("tags");
        foreach (SpecSection layer in root.RequiredSections("layers"))
        {
            layer.RequiredString("name");
            layer.RequiredInt("size", 1, 9);
        }
        root.OptionalInt("seed", 1, 0, 99);
        root.Finish();
    }
}
