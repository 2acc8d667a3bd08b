// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AccelModel.Specification;

namespace Reports.Tables;

/// <summary>Comma-separated values (<see cref="CsvLine"/>), numbers in full.</summary>
public static class CsvTable
{
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
        text.AppendJoin(',', fields.Select(CsvLine.Quote)).Append(CsvLine.End);
}
