// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Reports.Figures;

namespace Reports.Html;

/// <summary>Each kind of block as HTML.</summary>
internal static class BlockWriter
{
    /// <summary>Writes one block.</summary>
    public static void Write(HtmlWriter html, ReportBlock block, PageResources resources)
    {
        switch (block)
        {
            case SummaryBlock summary:
                WriteSummary(html, summary);
                break;
            case TableBlock table:
                TableWriter.Write(html, table);
                break;
            case FigureBlock figures:
                WriteFigures(html, figures, resources);
                break;
            case VerbatimBlock verbatim:
                WriteVerbatim(html, verbatim);
                break;
            case ImagesBlock images:
                WriteImages(html, images);
                break;
            case Explorer.ExplorerBlock explorer:
                Explorer.ExplorerWriter.Write(html, explorer, resources);
                break;
            case ConfusionBlock confusion:
                ConfusionWriter.Write(html, confusion);
                break;
            default:
                throw new ArgumentException($"a block of kind {block.GetType().Name} cannot be written");
        }
    }

    private static void WriteSummary(HtmlWriter html, SummaryBlock summary)
    {
        html.Open("div", ("class", "summary"));
        foreach (KeyFigureGroup group in summary.Groups)
        {
            html.Open("div", ("class", "group"));
            html.Element("h3", group.Title);
            html.Open("dl");
            foreach (KeyFigure figure in group.Figures)
            {
                html.Open("div").Element("dt", figure.Label);
                html.Open("dd").Open("span", ("class", "value"));
                html.Name(figure.Value).Close();
                if (figure.Unit.Length > 0)
                {
                    html.Text(" ").Element("span", figure.Unit, ("class", "unit"));
                }

                html.Close();
                WriteRemark(html, figure);
                html.Close();
            }

            html.Close().Close();
        }

        html.CloseLine();
    }

    private static void WriteRemark(HtmlWriter html, KeyFigure figure)
    {
        if (figure.Provenance is Provenance provenance)
        {
            html.Open("dd", ("class", "remark")).Element("span", provenance.Label, ("class", "tag " + provenance.Label)).Text(provenance.Detail).Close();
        }

        if (figure.Note.Length > 0)
        {
            html.Element("dd", figure.Note, ("class", "remark"));
        }
    }

    private static void WriteFigures(HtmlWriter html, FigureBlock block, PageResources resources)
    {
        html.Open("div", ("class", "figures"));
        foreach (Figure figure in block.Figures)
        {
            WriteFigure(html, figure, figure, resources);
        }

        html.CloseLine();
    }

    /// <summary>Writes one figure: its caption, its still form, and what the scripts draw.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="figure">The figure.</param>
    /// <param name="live">What the scripts get of it.</param>
    /// <param name="resources">Still forms.</param>
    internal static void WriteFigure(HtmlWriter html, Figure figure, Figure live, PageResources resources)
    {
        bool wide = figure.Size.WidthPoints > FigureSize.Column.WidthPoints;
        string ratio = FormattableString.Invariant($"--ratio:{figure.Size.WidthPoints / figure.Size.HeightPoints:0.###}");
        html.Open("figure", ("id", "figure-" + figure.Id), ("class", wide ? "wide" : null), ("style", ratio));
        html.Open("figcaption").Element("strong", figure.Title);
        if (figure.Caption.Length > 0)
        {
            html.Text(" ").Element("span", figure.Caption);
        }

        html.Close();
        html.Open("div", ("class", "chart"), ("role", "img"), ("aria-label", $"{figure.Title}: {figure.Y.Title} against {figure.X.Title}. {figure.Caption}".TrimEnd())).Close();
        if (resources.StaticFigures.TryGetValue(figure.Id, out string? svg))
        {
            string data = "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg));
            html.Open("img", ("class", "static"), ("alt", figure.Title), ("src", data));
        }

        html.Open("script", ("type", "application/json")).Raw(FigureJson.Write(live)).Close();
        html.CloseLine();
    }

    private static void WriteVerbatim(HtmlWriter html, VerbatimBlock block)
    {
        html.Open("details").Open("summary").Text(block.Title);
        if (block.Sha256.Length > 0)
        {
            html.Text(" ").Element("code", "sha256 " + block.Sha256);
        }

        html.Close().Open("pre", ("tabindex", "0")).Element("code", block.Text).Close().CloseLine();
    }

    private static void WriteImages(HtmlWriter html, ImagesBlock block)
    {
        html.Open("div", ("class", "images"));
        foreach (GrayImage image in block.Images)
        {
            string data = "data:image/png;base64," + Convert.ToBase64String(PngEncoder.Encode(image.Pixels, image.Width, image.Height));
            html.Open("figure").Open("img", ("alt", image.Caption), ("src", data)).Element("figcaption", image.Caption).Close();
        }

        html.CloseLine();
    }
}
