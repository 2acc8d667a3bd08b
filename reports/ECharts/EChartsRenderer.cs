// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Reports.Figures;

namespace Reports.ECharts;

/// <summary>
/// Draws with Apache ECharts: one node process turns the whole batch into SVG, without a browser; rsvg-convert turns SVG into PNG.
/// Text is DejaVu Sans.
/// </summary>
public sealed class EChartsRenderer : IFigureRenderer
{
    private const double PixelsPerInch = 300;
    private const string Node = "node";
    private const string NodeRemedy = "apt-get install -y --no-install-recommends nodejs npm";
    private const string Converter = "rsvg-convert";
    private const string ConverterRemedy = "apt-get install -y --no-install-recommends librsvg2-bin fonts-dejavu-core";

    /// <inheritdoc/>
    public void Render(IReadOnlyList<FigureFile> files)
    {
        foreach (FigureFile file in files)
        {
            if (!IsSvg(file) && !IsPng(file))
            {
                throw new ArgumentException($"figure '{file.Figure.Id}': the file '{file.Path}' ends neither in .svg nor in .png");
            }
        }

        List<Figure> figures = files.Select(file => file.Figure).Distinct().ToList();
        if (figures.Count == 0)
        {
            return;
        }

        Dictionary<Figure, string> drawn = figures.Zip(Draw(figures)).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (FigureFile file in files)
        {
            byte[] svg = Encoding.UTF8.GetBytes(drawn[file.Figure]);
            File.WriteAllBytes(file.Path, IsSvg(file) ? svg : Rasterize(svg));
        }
    }

    /// <inheritdoc/>
    public void RequireTools()
    {
        _ = EChartsFiles.RenderScript;
        ExternalTool.Require(Node, NodeRemedy);
        ExternalTool.Require(Converter, ConverterRemedy);
    }

    private static string[] Draw(List<Figure> figures)
    {
        string input = "[" + string.Join(",", figures.Select(figure => FigureJson.Write(figure, still: true))) + "]";
        byte[] output = ExternalTool.Run(Node, NodeRemedy, [EChartsFiles.RenderScript], Encoding.UTF8.GetBytes(input));
        return JsonSerializer.Deserialize<string[]>(output)!;
    }

    private static byte[] Rasterize(byte[] svg)
    {
        string dpi = FormattableString.Invariant($"{PixelsPerInch}");
        return ExternalTool.Run(Converter, ConverterRemedy, ["--format", "png", "--dpi-x", dpi, "--dpi-y", dpi], svg);
    }

    private static bool IsSvg(FigureFile file) => file.Path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);

    private static bool IsPng(FigureFile file) => file.Path.EndsWith(".png", StringComparison.OrdinalIgnoreCase);
}
