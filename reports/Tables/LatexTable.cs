// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Reports.Tables;

/// <summary>A table for LaTeX, for people: a <c>longtable</c> with the rules of <c>booktabs</c>, numbers rounded and aligned right.</summary>
public static class LatexTable
{
    private const string Special = "&%$#_{}";

    /// <summary>Header, repeated on each page, and one line per row; the first line says which packages it needs.</summary>
    public static string Format(Table table)
    {
        var text = new StringBuilder("% needs \\usepackage{booktabs,longtable}\n");
        text.Append("\\begin{longtable}{").Append(string.Concat(table.Columns.Select((_, c) => table.IsNumeric(c) ? 'r' : 'l'))).Append("}\n\\toprule\n");
        AppendLine(text, table.Columns.Select(column => column.Label));
        text.Append("\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n");
        foreach (IReadOnlyList<Cell> row in table.Rows)
        {
            AppendLine(text, row.Select((cell, c) => NumberText.Human(cell, table.Columns[c].Style)));
        }

        return text.Append("\\end{longtable}\n").ToString();
    }

    private static void AppendLine(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(" & ", fields.Select(Escape)).Append(" \\\\\n");

    private static string Escape(string field)
    {
        var text = new StringBuilder();
        foreach (char character in field.ReplaceLineEndings(" "))
        {
            _ = character switch
            {
                '\\' => text.Append("\\textbackslash{}"),
                '~' => text.Append("\\textasciitilde{}"),
                '^' => text.Append("\\textasciicircum{}"),
                '<' or '>' or '|' => text.Append('$').Append(character == '|' ? "\\vert" : character).Append('$'),
                'µ' => text.Append("$\\mu$"),
                '×' => text.Append("$\\times$"),
                '±' => text.Append("$\\pm$"),
                '−' => text.Append("$-$"),
                '–' => text.Append("--"),
                '∞' => text.Append("$\\infty$"),
                _ when Special.Contains(character) => text.Append('\\').Append(character),
                _ => text.Append(character),
            };
        }

        return text.ToString();
    }
}
