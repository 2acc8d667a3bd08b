// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Reports.Tables;

namespace Reports.Html;

/// <summary>
/// A confusion matrix as an HTML table. A correct cell's shade is its share of the row; a wrong cell's is the square root of its
/// share of the worst mistake, since mistakes are rare and would all look alike otherwise.
/// </summary>
internal static class ConfusionWriter
{
    /// <summary>Writes the matrix, with recall per row and precision per column.</summary>
    /// <exception cref="ArgumentException">It is not square, or its names are not as many as its classes.</exception>
    public static void Write(HtmlWriter html, ConfusionBlock block)
    {
        int classes = block.ClassNames.Count;
        if (block.Counts.GetLength(0) != classes || block.Counts.GetLength(1) != classes)
        {
            throw new ArgumentException($"a confusion matrix of {block.Counts.GetLength(0)} x {block.Counts.GetLength(1)} has {classes} class names");
        }

        int worst = 0;
        for (int a = 0; a < classes; a++)
        {
            for (int p = 0; p < classes; p++)
            {
                worst = a == p ? worst : Math.Max(worst, block.Counts[a, p]);
            }
        }

        html.Open("div", ("class", "table"), ("tabindex", "0"), ("role", "region"), ("aria-label", "confusion matrix"));
        html.Open("table", ("class", "confusion"));
        html.Element("caption", "Rows: actual class. Columns: predicted class. Blue: correct, orange: mistaken.");
        html.Open("thead").Open("tr").Element("th", "", ("scope", "col"));
        foreach (string name in block.ClassNames)
        {
            html.Element("th", name, ("scope", "col"));
        }

        html.Element("th", "recall %", ("scope", "col"), ("class", "margin")).Close().Close().Open("tbody");
        for (int a = 0; a < classes; a++)
        {
            long row = Enumerable.Range(0, classes).Sum(p => (long)block.Counts[a, p]);
            html.Open("tr").Element("th", block.ClassNames[a], ("scope", "row"));
            for (int p = 0; p < classes; p++)
            {
                WriteCell(html, block.Counts[a, p], a == p, a == p ? row : worst);
            }

            html.Element("td", Share(block.Counts[a, a], row), ("class", "margin")).CloseLine();
        }

        html.Open("tr", ("class", "margin")).Element("th", "precision %", ("scope", "row"));
        for (int p = 0; p < classes; p++)
        {
            html.Element("td", Share(block.Counts[p, p], Enumerable.Range(0, classes).Sum(a => (long)block.Counts[a, p])), ("class", "margin"));
        }

        html.Element("td", "").Close().Close().Close().CloseLine();
    }

    private static void WriteCell(HtmlWriter html, int count, bool correct, long whole)
    {
        double share = whole == 0 ? 0 : (double)count / whole;
        double shade = correct ? share : Math.Sqrt(share);
        string? style = count == 0 ? null : "--shade:" + (shade * (correct ? 55 : 65)).ToString("0", CultureInfo.InvariantCulture) + "%";
        html.Element("td", count == 0 ? "·" : NumberText.Human(count), ("class", count == 0 ? "zero" : correct ? "hit" : "miss"), ("style", style));
    }

    private static string Share(long part, long whole) => whole == 0 ? "–" : ((double)part / whole * 100).ToString("0.0", CultureInfo.InvariantCulture);
}
