// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using AccelModel.Simulation;
using AccelModel.Specification.Yaml;
using NnTrain.Data;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace EndToEnd.House;

/// <summary>Pages say what the code does: links lead somewhere, names and checksums are those of the code.</summary>
public sealed partial class DocumentsTests
{
    [Fact]
    public void Links_between_pages_lead_to_files_and_headings() => Nothing.In(Repository.TextFiles.Where(IsPage).SelectMany(page => BrokenLinks(page, Find)));

    [Theory]
    [InlineData("[a](other.md)", 0)]
    [InlineData("[a](other.md#two-words)", 0)]
    [InlineData("[a](https://example.org/none.md)", 0)]
    [InlineData("[a](#own-heading)\n## Own heading", 0)]
    [InlineData("[a](none.md)", 1)]
    [InlineData("[a](other.md#none)", 1)]
    [InlineData("[a](#none)", 1)]
    public void A_link_that_leads_nowhere_is_found(string text, int findings) =>
        Assert.Equal(findings, BrokenLinks(new("docs/page.md", text), path => path == "docs/other.md" ? new(path, "# Two words\n") : null).Count());

    [Fact]
    public void Tables_of_pages_begin_with_a_heading() => Nothing.In(Repository.TextFiles.Where(IsPage).SelectMany(HeadlessTables));

    [Theory]
    [InlineData("| a | b |\n|---|--:|\n| 1 | 2 |", 0)]
    [InlineData("```\n| no table\n```", 0)]
    [InlineData("| a |\n|---|\n| 1 |\n\n| 2 |", 1)]
    [InlineData("| a | b |", 1)]
    public void Rows_that_no_heading_makes_a_table_are_found(string text, int findings) => Assert.Equal(findings, HeadlessTables(new("a.md", text)).Count());

    [Fact]
    public void The_glossary_names_every_semaphore_and_every_counter_of_a_unit()
    {
        string glossary = Page("docs/glossary.md");
        Assert.All(Enum.GetValues<Semaphore>(), semaphore => Assert.Contains($"`{EnumNames.Of(semaphore)}`", glossary));
        string[] counters = [.. typeof(UnitCycles).GetProperties().Select(property => property.Name).Except([nameof(UnitCycles.Total), nameof(UnitCycles.Stall), "EqualityContract"])];
        Assert.NotEmpty(counters);
        Assert.All(counters, counter => Assert.Contains($"`{Snake(counter)}`", glossary));
    }

    [Fact]
    public void The_page_of_data_sets_has_every_name_file_size_and_checksum_of_the_catalogue()
    {
        string page = Page("docs/data-sets.md");
        foreach (DatasetDescription dataset in DatasetCatalogue.All)
        {
            Assert.Contains($"`{dataset.Name}`", page);
            foreach (DatasetFile file in dataset.Files)
            {
                string size = file.Bytes.ToString("N0", CultureInfo.InvariantCulture);
                Assert.Contains(file.Sha256 is null ? size : $"| `{file.Name}` | {size} | `{file.Sha256}` |", page);
            }
        }
    }

    private static IEnumerable<string> BrokenLinks(SourceFile page, Func<string, SourceFile?> find)
    {
        foreach (Match link in Link().Matches(page.Text))
        {
            string file = link.Groups["file"].Value, heading = link.Groups["heading"].Value;
            string path = file.Length == 0 ? page.Path : Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(page.Path) ?? "", file)));
            SourceFile? target = file.Length == 0 ? page : find(path);
            if (target is null || (heading.Length > 0 && !Headings(target).Contains(heading)))
            {
                yield return $"{page.Path}: link to {link.Groups["file"].Value}{(heading.Length > 0 ? "#" : "")}{heading} leads nowhere";
            }
        }
    }

    /// <summary>Rows after an empty line are no table, but a paragraph of text with strokes.</summary>
    private static IEnumerable<string> HeadlessTables(SourceFile page)
    {
        bool listing = false;
        for (int i = 0; i < page.Lines.Length; i++)
        {
            listing ^= page.Lines[i].StartsWith("```", StringComparison.Ordinal);
            bool first = page.Lines[i].StartsWith('|') && (i == 0 || !page.Lines[i - 1].StartsWith('|'));
            if (first && !listing && !Rule().IsMatch(page.Lines.ElementAtOrDefault(i + 1, "")))
            {
                yield return $"{page.Path}:{i + 1}: a table without a heading";
            }
        }
    }

    /// <summary>Headings as the anchors that GitHub makes of them.</summary>
    private static IEnumerable<string> Headings(SourceFile page) =>
        Heading().Matches(page.Text).Select(match => new string([.. match.Groups[1].Value.Trim().ToLowerInvariant().Replace(' ', '-').Where(c => char.IsLetterOrDigit(c) || c is '-' or '_')]));

    private static SourceFile? Find(string path) => Repository.TextFiles.FirstOrDefault(file => file.Path == path)
        ?? (Path.Exists(Repository.PathOf(path)) ? new(path, "") : null);

    private static bool IsPage(SourceFile file) => file.Extension == ".md";

    private static string Page(string path) => Repository.TextFiles.Single(file => file.Path == path).Text;

    private static string Snake(string name) => Capital().Replace(name, "_$0").TrimStart('_').ToLowerInvariant();

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\((?!\w+:)(?<file>[^)#\s]*)(?:#(?<heading>[^)\s]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+\s+(.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\|[ :|-]*-[ :|-]*\|$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"[A-Z]")]
    private static partial Regex Capital();
}
