// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Reports.Tables;

/// <summary>A table in GitHub's Markdown, for people: numbers rounded and aligned right.</summary>
public static class MarkdownTable
{
    /// <summary>Header, alignment and one line per row, padded so that the source reads well too.</summary>
    public static string Format(Table table)
    {
        List<string[]> lines = [table.Columns.Select(c => Escape(c.Label)).ToArray()];
        lines.AddRange(table.Rows.Select(row => row.Select((cell, c) => Escape(NumberText.Human(cell, table.Columns[c].Style))).ToArray()));
        bool[] right = table.Columns.Select((_, c) => table.IsNumeric(c)).ToArray();
        int[] widths = table.Columns.Select((_, c) => Math.Max(3, lines.Max(line => line[c].Length))).ToArray();

        var text = new StringBuilder();
        AppendLine(text, lines[0], widths, right);
        text.Append("| ").AppendJoin(" | ", widths.Select((w, c) => right[c] ? new string('-', w - 1) + ':' : new string('-', w))).Append(" |\n");
        foreach (string[] line in lines.Skip(1))
        {
            AppendLine(text, line, widths, right);
        }

        return text.ToString();
    }

    private static void AppendLine(StringBuilder text, string[] fields, int[] widths, bool[] right) =>
        text.Append("| ").AppendJoin(" | ", fields.Select((f, c) => right[c] ? f.PadLeft(widths[c]) : f.PadRight(widths[c]))).Append(" |\n");

    private static string Escape(string field) => field.Replace("\\", "\\\\").Replace("|", "\\|").Replace("\r", "").Replace("\n", "<br>");
}
