// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace EndToEnd.House;

/// <summary>The rules of <see cref="TextRules"/> on the repository, and each rule on text that breaks it.</summary>
public sealed class TextRulesTests
{
    [Fact]
    public void The_repository_has_files_of_every_kind_that_is_checked()
    {
        string[] extensions = [.. Repository.TextFiles.Select(file => file.Extension).Distinct()];
        Assert.Contains(".cs", extensions);
        Assert.Contains(".csproj", extensions);
        Assert.Contains(".md", extensions);
        Assert.Contains(Repository.TextFiles, file => file.Path == "codesign");
        Assert.Contains(Repository.TextFiles, file => file.Path == ".ci/run");
        Assert.Contains(Repository.TextFiles, file => file.Path == "accel-model/Numerics/FixedPointFormat.cs");
    }

    [Fact]
    public void Every_source_file_names_its_licence() => Nothing.In(TextRules.Licences(Repository.TextFiles));

    [Fact]
    public void No_file_holds_a_path_of_the_machine_it_was_written_on() => Nothing.In(TextRules.MachinePaths(Repository.TextFiles));

    [Fact]
    public void No_line_ends_with_white_space() => Nothing.In(TextRules.LineEnds(Repository.TextFiles));

    [Theory]
    [InlineData("a.cs", "namespace A;\n", 1)]
    [InlineData("a.cs", "\n// SPDX-License-Identifier: Apache-2.0\n", 1)]
    [InlineData("a.cs", "// SPDX-License-Identifier: MIT\n", 1)]
    [InlineData("a.cs", "// SPDX-License-Identifier: Apache-2.0\nnamespace A;\n", 0)]
    [InlineData("a.sv", "module a; endmodule\n", 1)]
    [InlineData("a.cpp", "int a;\n", 1)]
    [InlineData("a.mjs", "", 1)]
    [InlineData("tool.sh", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n", 0)]
    [InlineData("tool.sh", "#!/bin/sh\ntrue\n", 1)]
    [InlineData("tool", "#!/usr/bin/env bash\ntrue\n", 1)]
    [InlineData("tool", "#!/usr/bin/env bash\n# SPDX-License-Identifier: Apache-2.0\n", 0)]
    [InlineData("LICENSE", "Apache License\n", 0)]
    [InlineData("a.yaml", "rows: 8\n", 0)]
    public void A_source_without_its_licence_is_found(string path, string text, int findings) =>
        Assert.Equal(findings, TextRules.Licences([new(path, text)]).Count());

    [Theory]
    [InlineData("see <tmp/a.txt", 1)]
    [InlineData("log: \"<home/me/run\"", 1)]
    [InlineData("cd <root/x; ls", 1)]
    [InlineData("(<work/main)", 1)]
    [InlineData("C:<Users/me", 1)]
    [InlineData("https://example.org<home/page", 0)]
    [InlineData("$state<tmp/a", 0)]
    [InlineData("tests<work/a", 0)]
    [InlineData("<usr/include/torch", 0)]
    public void A_path_of_one_machine_is_found(string text, int findings) =>
        Assert.Equal(findings, TextRules.MachinePaths([new("a.md", text.Replace('<', '/'))]).Count());

    [Theory]
    [InlineData("a\nb\n", 0)]
    [InlineData("a \nb\n", 1)]
    [InlineData("a\t\nb \n", 2)]
    [InlineData("a\r\nb\r\n", 2)]
    [InlineData("a\n\n\nb", 0)]
    [InlineData("a\n   ", 1)]
    public void White_space_before_a_line_end_is_found(string text, int findings) => Assert.Equal(findings, TextRules.LineEnds([new("a.md", text)]).Count());

    [Theory]
    [InlineData("docs/a.csv", "a,b\r\n1,2\r\n", 0)]
    [InlineData("docs/a.csv", "a,b\r\n1,2\n", 1)]
    [InlineData("configs/a.csv", "a,b\n1,2\n", 0)]
    [InlineData("configs/a.csv", "a,b\r\n", 1)]
    public void A_table_that_was_written_has_the_line_ends_of_the_standard(string path, string text, int findings) => Assert.Equal(findings, TextRules.LineEnds([new(path, text)]).Count());

    [Fact]
    public void A_finding_names_file_and_line() => Assert.Equal(["docs/a.md:2: ends with a space or tab"], TextRules.LineEnds([new("docs/a.md", "a\nb \n")]));

    [Fact]
    public void Without_git_outputs_and_results_are_left_out()
    {
        string root = Directory.CreateTempSubdirectory("codesign-house-").FullName;
        try
        {
            foreach (string file in new[] { "a.md", "cli/b.cs", "cli/bin/c.dll", "cli/obj/d.cs", "reports/node/node_modules/e.js", "runs/f.md", "tests/data/g.json", ".ci/run" })
            {
                string path = Path.Combine(root, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, "");
            }

            Assert.Equal([".ci/run", "a.md", "cli/b.cs", "tests/data/g.json"], Repository.Walk(root).Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
