// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;

namespace Reports.Html;

/// <summary>What a page needs beside the document.</summary>
public sealed record PageResources
{
    /// <summary>A figure's SVG by its <see cref="Figure.Id"/>: shown in print and without scripts.</summary>
    public IReadOnlyDictionary<string, string> StaticFigures { get; init; } = new Dictionary<string, string>();

    /// <summary>Source of Apache ECharts and of the translation to it; empty leaves the figures static.</summary>
    public IReadOnlyList<string> ChartScripts { get; init; } = [];
}

/// <summary>A document as one HTML page that needs no network: styles, scripts, figures and images are inside, and its content security policy forbids the rest.</summary>
public static class HtmlReport
{
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

    private static readonly string[] ExplorerScripts = ["explorer-data.js", "explorer-parallel.js", "explorer-table.js", "explorer-scatter.js", "explorer.js"];

    /// <summary>The page.</summary>
    public static string Format(ReportDocument document, PageResources resources)
    {
        var html = new HtmlWriter();
        html.Open("html", ("lang", "en"));
        WriteHead(html, document);
        html.Open("body");
        WriteHeader(html, document);
        html.Open("main");
        foreach (ReportSection section in document.Sections)
        {
            WriteSection(html, section, resources);
        }

        html.CloseLine();
        foreach (string script in resources.ChartScripts)
        {
            html.Open("script").Raw(script).CloseLine();
        }

        bool explorer = document.Sections.Any(section => section.Blocks.Any(block => block is Explorer.ExplorerBlock));
        foreach (string script in explorer ? ["page.js", .. ExplorerScripts] : (string[])["page.js"])
        {
            html.Open("script").Raw(Resource(script)).CloseLine();
        }

        html.Close().CloseLine();
        return "<!DOCTYPE html>\n" + html;
    }

    private static void WriteHead(HtmlWriter html, ReportDocument document)
    {
        html.Open("head");
        html.Open("meta", ("charset", "utf-8"));
        html.Open("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        html.Open("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Open("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Element("title", $"{document.Title} – {document.Kind}");
        html.Open("style").Raw(Resource("page.css")).Close();
        html.CloseLine();
    }

    private static void WriteHeader(HtmlWriter html, ReportDocument document)
    {
        html.Open("header");
        html.Open("div", ("class", "masthead"));
        html.Element("p", document.Kind, ("class", "kind"));
        html.Open("button", ("type", "button"), ("id", "theme"), ("class", "quiet"), ("hidden", "hidden")).Text("Dark").Close();
        html.Close();
        html.Element("h1", document.Title);
        if (document.Subtitle.Length > 0)
        {
            html.Element("p", document.Subtitle, ("class", "subtitle"));
        }

        html.Open("p", ("class", "verdicts"));
        foreach (Verdict verdict in document.Verdicts)
        {
            html.Element("span", (verdict.Passed ? "✓ " : "✗ ") + verdict.Text, ("class", verdict.Passed ? "verdict good" : "verdict bad"));
        }

        if (document.ConfigSha256.Length > 0)
        {
            html.Open("span", ("class", "hash"), ("title", document.ConfigSha256)).Text("configuration ").Element("code", Shorten(document.ConfigSha256)).Close();
        }

        html.Close();
        html.Open("nav", ("aria-label", "Sections"));
        foreach (ReportSection section in document.Sections)
        {
            html.Element("a", section.Title, ("href", "#" + Anchor(section)));
        }

        html.Close().CloseLine();
    }

    private static void WriteSection(HtmlWriter html, ReportSection section, PageResources resources)
    {
        html.Open("section", ("id", Anchor(section)));
        html.Element("h2", section.Title);
        if (section.Note.Length > 0)
        {
            html.Element("p", section.Note, ("class", "note"));
        }

        foreach (ReportBlock block in section.Blocks)
        {
            BlockWriter.Write(html, block, resources);
        }

        html.CloseLine();
    }

    private static string Anchor(ReportSection section) =>
        new(section.Title.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').ToArray());

    private static string Shorten(string hash) => hash.Length > 12 ? hash[..12] : hash;

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
