// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace Reports.Tables;

/// <summary>One JSON object per line, keyed by <see cref="ColumnHeader.Key"/>; empty entries and NaN are null.</summary>
public static class JsonLinesTable
{
    /// <summary>One line per row, numbers in full.</summary>
    public static string Format(Table table)
    {
        var text = new StringBuilder();
        foreach (IReadOnlyList<Cell> row in table.Rows)
        {
            text.Append(FormatRow(table.Columns, row)).Append('\n');
        }

        return text.ToString();
    }

    private static string FormatRow(IReadOnlyList<ColumnHeader> columns, IReadOnlyList<Cell> row)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            for (int c = 0; c < columns.Count; c++)
            {
                WriteCell(json, columns[c].Key, row[c]);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteCell(Utf8JsonWriter json, string key, Cell cell)
    {
        switch (cell)
        {
            case { Text: string text }:
                json.WriteString(key, text);
                break;
            case { Integer: long integer }:
                json.WriteNumber(key, integer);
                break;
            case { Real: double real } when double.IsFinite(real):
                json.WriteNumber(key, real);
                break;
            default:
                json.WriteNull(key);
                break;
        }
    }
}
