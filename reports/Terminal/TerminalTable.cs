// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Reports.Tables;

namespace Reports.Terminal;

/// <summary>A table for a terminal: numbers rounded and aligned right, headers bold, lines dim.</summary>
public static class TerminalTable
{
    /// <summary>The table's lines, each ended by '\n'.</summary>
    public static string Format(Table table, TerminalStyle style)
    {
        List<string[]> lines = [table.Columns.Select(c => c.Label).ToArray()];
        lines.AddRange(table.Rows.Select(row => row.Select((cell, c) => NumberText.Human(cell, table.Columns[c].Style).ReplaceLineEndings(" ")).ToArray()));
        bool[] right = table.Columns.Select((_, c) => table.IsNumeric(c)).ToArray();
        int[] widths = table.Columns.Select((_, c) => lines.Max(line => line[c].Length)).ToArray();
        string[] Pad(string[] line) => line.Select((field, c) => right[c] ? field.PadLeft(widths[c]) : field.PadRight(widths[c])).ToArray();

        var text = new StringBuilder();
        if (!style.Box)
        {
            foreach (string[] line in lines)
            {
                text.Append(string.Join("  ", Pad(line)).TrimEnd()).Append('\n');
            }

            return text.ToString();
        }

        string Rule(char left, char cross, char end) => style.Dim(left + string.Join(cross, widths.Select(w => new string('─', w + 2))) + end) + '\n';
        string bar = style.Dim("│");
        string Row(IEnumerable<string> fields) => $"{bar} {string.Join($" {bar} ", fields)} {bar}\n";
        text.Append(Rule('╭', '┬', '╮')).Append(Row(Pad(lines[0]).Select(style.Bold))).Append(Rule('├', '┼', '┤'));
        foreach (string[] line in lines.Skip(1))
        {
            text.Append(Row(Pad(line)));
        }

        return text.Append(Rule('╰', '┴', '╯')).ToString();
    }
}
