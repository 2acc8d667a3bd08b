// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Reports.Figures;
using Reports.Tables;

namespace Reports.Terminal;

/// <summary>A scatter plot in characters: <c>·</c> for a point, <c>●</c> for one of the Pareto front, with the extent of both axes.</summary>
public static class TerminalScatter
{
    private const int Columns = 64;
    private const int Rows = 14;

    /// <summary>The plot's lines, each ended by '\n'; empty for a figure without two different points.</summary>
    public static string Format(Figure figure, TerminalStyle style)
    {
        FigurePoint[] all = [.. figure.Series.OfType<ScatterSeries>().SelectMany(series => series.Points)];
        FigurePoint[] front = [.. figure.Series.OfType<ParetoSeries>().SelectMany(series => series.Points)];
        if (all.Length < 2)
        {
            return "";
        }

        (double left, double right) = (all.Min(point => point.X), all.Max(point => point.X));
        (double bottom, double top) = (all.Min(point => point.Y), all.Max(point => point.Y));
        if (left == right || bottom == top)
        {
            return "";
        }

        char[][] cells = [.. Enumerable.Range(0, Rows).Select(_ => new string(' ', Columns).ToCharArray())];
        foreach ((FigurePoint point, char mark) in all.Select(point => (point, '·')).Concat(front.Select(point => (point, '●'))))
        {
            int column = (int)Math.Round(Position(point.X, left, right, figure.X.Scale) * (Columns - 1));
            int row = (int)Math.Round((1 - Position(point.Y, bottom, top, figure.Y.Scale)) * (Rows - 1));
            cells[row][column] = mark;
        }

        string[] ends = [NumberText.Brief(top), .. Enumerable.Repeat("", Rows - 2), NumberText.Brief(bottom)];
        int width = ends.Max(end => end.Length);
        var text = new StringBuilder();
        text.Append(style.Bold(Label(figure.Y))).Append('\n');
        for (int row = 0; row < Rows; row++)
        {
            text.Append(ends[row].PadLeft(width)).Append(" │ ").Append(new string(cells[row]).TrimEnd()).Append('\n');
        }

        text.Append(' ', width + 1).Append('└').Append('─', Columns + 1).Append('\n');
        string least = NumberText.Brief(left), most = NumberText.Brief(right), name = Label(figure.X);
        int gap = Math.Max(2, Columns - least.Length - most.Length - name.Length);
        text.Append(' ', width + 3).Append(least).Append(' ', gap / 2).Append(style.Bold(name)).Append(' ', gap - (gap / 2)).Append(most).Append('\n');
        return text.ToString();
    }

    private static double Position(double value, double least, double most, AxisScale scale) =>
        scale == AxisScale.Log ? Math.Log(value / least) / Math.Log(most / least) : (value - least) / (most - least);

    private static string Label(Axis axis) => string.IsNullOrEmpty(axis.Unit) ? axis.Label : $"{axis.Label} ({axis.Unit})";
}
