// SPDX-License-Identifier: Apache-2.0
namespace Reports.Figures;

/// <summary>A figure and the file it goes to; the extension (.svg or .png) chooses the format.</summary>
/// <param name="Figure">What to draw.</param>
/// <param name="Path">Where to write it; the folder exists.</param>
public sealed record FigureFile(Figure Figure, string Path);

/// <summary>Draws figures into files. A batch, because starting a drawing program costs more than drawing.</summary>
public interface IFigureRenderer
{
    /// <summary>Draws every figure of the batch. PNG files have 300 pixels per inch of the figure's size.</summary>
    /// <exception cref="ArgumentException">A figure breaks <see cref="FigureRules"/>, or a path has another extension.</exception>
    /// <exception cref="MissingToolException">A drawing program is not installed.</exception>
    void Render(IReadOnlyList<FigureFile> files);

    /// <summary>Looks for the programs that <see cref="Render"/> starts, before hours of work depend on them.</summary>
    /// <exception cref="MissingToolException">One is not installed.</exception>
    void RequireTools()
    {
    }
}

/// <summary>Shorthand on <see cref="IFigureRenderer"/>.</summary>
public static class FigureRendererExtensions
{
    /// <summary>Draws one figure into one file.</summary>
    public static void Render(this IFigureRenderer renderer, Figure figure, string path) => renderer.Render([new FigureFile(figure, path)]);
}

/// <summary>The renderer that this build was made with (MSBuild property PlotProvider).</summary>
public static class FigureRenderers
{
    /// <summary>ScottPlot with PlotProvider=scottplot, Apache ECharts otherwise.</summary>
    public static IFigureRenderer Default { get; } =
#if PLOT_SCOTTPLOT
        new ScottPlot.ScottPlotRenderer();
#else
        new ECharts.EChartsRenderer();
#endif
}
