// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Reports.Tables;

namespace Reports.Terminal;

/// <summary>A table for a terminal: numbers rounded and aligned right, headers bold, lines dim.</summary>
public static class TerminalTable
{
    /// <summary>A line and a space on either side of a field.</summary>
    private const int Frame = 3;

    /// <summary>The table's lines, each ended by '\n'. Where a box would be wider than the window, headers have a line for each word.</summary>
    public static string Format(Table table, TerminalStyle style)
    {
        string[] labels = [.. table.Columns.Select(c => c.Label)];
        string[][] rows = [.. table.Rows.Select(row => row.Select((_, c) => Text(table, row, c)).ToArray())];
        bool[] right = [.. table.Columns.Select((_, c) => table.IsNumeric(c))];
        int[] widths = [.. labels.Select((label, c) => rows.Select(row => row[c].Length).Append(label.Length).Max())];
        string[] Pad(string[] line) => [.. line.Select((field, c) => right[c] ? field.PadLeft(widths[c]) : field.PadRight(widths[c]))];

        var text = new StringBuilder();
        if (!style.Box)
        {
            foreach (string[] line in rows.Prepend(labels))
            {
                text.Append(string.Join("  ", Pad(line)).TrimEnd()).Append('\n');
            }

            return text.ToString();
        }

        string[][] header = [labels];
        if (widths.Sum(width => width + Frame) + 1 > style.Columns)
        {
            widths = [.. labels.Select((_, c) => LeastWidthOf(table, c) - Frame)];
            string[][] words = [.. labels.Select(label => label.Split(' '))];
            int height = words.Max(of => of.Length);
            header = [.. Enumerable.Range(0, height).Select(line => words.Select(of => line < height - of.Length ? "" : of[line - (height - of.Length)]).ToArray())];
        }

        string Rule(char left, char cross, char end) => style.Dim(left + string.Join(cross, widths.Select(w => new string('─', w + 2))) + end) + '\n';
        string bar = style.Dim("│");
        string Row(IEnumerable<string> fields) => $"{bar} {string.Join($" {bar} ", fields)} {bar}\n";
        text.Append(Rule('╭', '┬', '╮'));
        foreach (string[] line in header)
        {
            text.Append(Row(Pad(line).Select(style.Bold)));
        }

        text.Append(Rule('├', '┼', '┤'));
        foreach (string[] line in rows)
        {
            text.Append(Row(Pad(line)));
        }

        return text.Append(Rule('╰', '┴', '╯')).ToString();
    }

    /// <summary>The fewest characters that a column takes in a box, its left line included; the box has one line more.</summary>
    public static int LeastWidthOf(Table table, int column) =>
        table.Rows.Select(row => Text(table, row, column).Length).Append(table.Columns[column].Label.Split(' ').Max(word => word.Length)).Max() + Frame;

    private static string Text(Table table, IReadOnlyList<Cell> row, int column) => NumberText.Human(row[column], table.Columns[column].Style).ReplaceLineEndings(" ");
}
