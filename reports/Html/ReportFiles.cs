// SPDX-License-Identifier: Apache-2.0
using Reports.ECharts;
using Reports.Figures;
using Reports.Tables;

namespace Reports.Html;

/// <summary>Writes a report's files into a folder.</summary>
public static class ReportFiles
{
    /// <summary>
    /// Writes <c>report.html</c>, and <c>figures/ID.svg</c>, <c>figures/ID.png</c> and, with its values, <c>figures/ID.csv</c> for each figure. Creates the folders; replaces files.
    /// </summary>
    /// <returns>The path of the page.</returns>
    /// <exception cref="MissingToolException">A drawing program is not installed; nothing but empty folders was written then.</exception>
    public static string Write(ReportDocument document, string directory, IFigureRenderer renderer)
    {
        string figureDirectory = Path.Combine(directory, "figures");
        Directory.CreateDirectory(figureDirectory);
        List<Figure> figures = document.Figures.ToList();
        string PathOf(Figure figure, string extension) => Path.Combine(figureDirectory, figure.Id + extension);
        renderer.Render(figures.SelectMany(f => new[] { new FigureFile(f, PathOf(f, ".svg")), new FigureFile(f, PathOf(f, ".png")) }).ToList());

        foreach (Figure figure in figures)
        {
            File.WriteAllText(PathOf(figure, ".csv"), CsvTable.Format(FigureTable.Of(figure)));
        }

        var resources = new PageResources
        {
            StaticFigures = figures.ToDictionary(f => f.Id, f => File.ReadAllText(PathOf(f, ".svg"))),
            ChartScripts = figures.Count == 0 ? [] : EChartsFiles.PageScripts,
        };
        string page = Path.Combine(directory, "report.html");
        File.WriteAllText(page, HtmlReport.Format(document, resources));
        return page;
    }
}
