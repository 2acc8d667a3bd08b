// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Reports.Figures;

namespace Reports.Html.Explorer;

/// <summary>An <see cref="ExplorerBlock"/> as HTML: the still forms, and empty places that the scripts fill.</summary>
internal static class ExplorerWriter
{
    /// <summary>Writes the block.</summary>
    public static void Write(HtmlWriter html, ExplorerBlock block, PageResources resources)
    {
        html.Open("div", ("class", "explorer"));
        html.Open("script", ("type", "application/json"), ("class", "explorer-data")).Raw(ExplorerJson.Write(block)).CloseLine();
        if (block.StillAxes is Figure axes)
        {
            html.Open("figure", ("id", "figure-" + axes.Id), ("class", "axes"));
            html.Open("figcaption").Element("strong", axes.Title).Text(" ").Element("span", axes.Caption).Close();
            html.Open("div", ("class", "parallel live-only"), ("role", "group"), ("aria-label", axes.Title)).Close();
            WriteStill(html, axes, resources);
            html.CloseLine();
        }

        html.Open("div", ("class", "figures"));
        foreach (ExplorerPlot plot in block.Plots)
        {
            BlockWriter.WriteFigure(html, plot.Figure, plot.Figure with { Series = [] }, resources);
        }

        html.CloseLine();
        html.Open("div", ("class", "point live-only")).CloseLine();
        html.Open("div", ("class", "grid live-only")).CloseLine();
        html.Open("div", ("class", "still-table"));
        TableWriter.Write(html, block.StillTable);
        html.CloseLine();
        html.CloseLine();
    }

    private static void WriteStill(HtmlWriter html, Figure figure, PageResources resources)
    {
        if (resources.StaticFigures.TryGetValue(figure.Id, out string? svg))
        {
            html.Open("img", ("class", "static"), ("alt", figure.Title), ("src", "data:image/svg+xml;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))));
        }
    }
}
