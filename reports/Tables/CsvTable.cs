// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Reports.Tables;

/// <summary>Comma-separated values as in RFC 4180, but with '\n' as line end, and numbers in full.</summary>
public static class CsvTable
{
    private static readonly char[] NeedsQuotes = [',', '"', '\n', '\r'];

    /// <summary>A header line of <see cref="ColumnHeader.Key"/>s, then one line per row.</summary>
    public static string Format(Table table)
    {
        var text = new StringBuilder();
        AppendLine(text, table.Columns.Select(c => c.Key));
        foreach (IReadOnlyList<Cell> row in table.Rows)
        {
            AppendLine(text, row.Select(NumberText.Machine));
        }

        return text.ToString();
    }

    private static void AppendLine(StringBuilder text, IEnumerable<string> fields) =>
        text.AppendJoin(',', fields.Select(Quote)).Append('\n');

    /// <summary>A field as it stands in a line: in quotes where it holds what would end it.</summary>
    public static string Quote(string field) =>
        field.IndexOfAny(NeedsQuotes) < 0 ? field : '"' + field.Replace("\"", "\"\"") + '"';
}
