// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;
using ScottPlot;
using ScottPlot.TickGenerators;
using Axis = Reports.Figures.Axis;

namespace Reports.ScottPlot;

/// <summary>From a figure to ScottPlot's own object. Hover texts are left out, and lines run across gaps.</summary>
internal static class FigurePlot
{
    // 11 pixels at 96 per inch are 8.25 points at the figure's printed size.
    private const float FontSize = 11;

    /// <summary>The plot of a figure; the caller disposes of it.</summary>
    public static Plot Of(Figure figure)
    {
        var plot = new Plot();
        plot.Font.Set("DejaVu Sans");
        plot.Title(figure.Title, FontSize * 1.1f);
        plot.XLabel(figure.X.Title, FontSize);
        plot.YLabel(figure.Y.Title, FontSize);
        new FigureSeries(plot, figure).AddAll();
        SetTicks(plot.Axes.Bottom, figure.X, category => category);
        SetTicks(plot.Axes.Left, figure.Y, FigureSeries.RowPosition);
        plot.Axes.AutoScale();
        plot.Axes.SetLimits(Limit(figure.X, figure.X.Minimum), Limit(figure.X, figure.X.Maximum), Limit(figure.Y, figure.Y.Minimum), Limit(figure.Y, figure.Y.Maximum));
        if (figure.Series.Count > 1)
        {
            plot.Legend.FontSize = FontSize;
            plot.ShowLegend(Edge.Bottom);
        }

        return plot;
    }

    private static double? Limit(Axis axis, double? value) => value is double v ? FigureSeries.Coordinate(axis, v) : null;

    private static void SetTicks(IAxis axis, Axis specification, Func<double, double> position)
    {
        axis.TickLabelStyle.FontSize = FontSize;
        if (specification.Categories is IReadOnlyList<string> names)
        {
            axis.TickGenerator = new NumericManual(names.Select((_, i) => position(i)).ToArray(), names.ToArray());
        }
        else if (specification.Scale == AxisScale.Log)
        {
            axis.TickGenerator = new NumericAutomatic { LabelFormatter = exponent => LogLabel(exponent), MinorTickGenerator = new LogMinorTickGenerator(), IntegerTicksOnly = true };
        }
        else
        {
            axis.TickGenerator = new NumericAutomatic { LabelFormatter = NumberText.Brief, IntegerTicksOnly = specification.IsWhole };
        }
    }

    private static string LogLabel(double exponent) => NumberText.Brief(Math.Round(Math.Pow(10, exponent), 9));
}
