// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Plot = global::ScottPlot.Plot;

namespace Reports.ScottPlot;

/// <summary>Draws with ScottPlot 5, without any program beside this one. Compiled with PlotProvider=scottplot.</summary>
public sealed class ScottPlotRenderer : IFigureRenderer
{
    private const double PointsPerInch = 72;
    private const double SvgPixelsPerInch = 96;
    private const double PngPixelsPerInch = 300;

    /// <inheritdoc/>
    public void Render(IReadOnlyList<FigureFile> files)
    {
        foreach (FigureFile file in files)
        {
            FigureRules.Check(file.Figure);
            using Plot plot = FigurePlot.Of(file.Figure);
            switch (Path.GetExtension(file.Path).ToLowerInvariant())
            {
                case ".svg":
                    plot.SaveSvg(file.Path, Pixels(file.Figure.Size.WidthPoints, SvgPixelsPerInch), Pixels(file.Figure.Size.HeightPoints, SvgPixelsPerInch));
                    break;
                case ".png":
                    plot.ScaleFactor = PngPixelsPerInch / SvgPixelsPerInch;
                    plot.SavePng(file.Path, Pixels(file.Figure.Size.WidthPoints, PngPixelsPerInch), Pixels(file.Figure.Size.HeightPoints, PngPixelsPerInch));
                    break;
                default:
                    throw new ArgumentException($"figure '{file.Figure.Id}': the file '{file.Path}' ends neither in .svg nor in .png");
            }
        }
    }

    private static int Pixels(double points, double pixelsPerInch) => (int)Math.Round(points / PointsPerInch * pixelsPerInch);
}
