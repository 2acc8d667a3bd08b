// SPDX-License-Identifier: Apache-2.0
using Reports.Tables;

namespace Reports.Html;

/// <summary>A table as HTML: numbers align right, headers are buttons that sort, cells carry their full value for that.</summary>
internal static class TableWriter
{
    private const int ManyColumns = 10;

    /// <summary>Writes one table.</summary>
    public static void Write(HtmlWriter html, TableBlock block)
    {
        Table table = block.Table;
        bool[] numeric = table.Columns.Select((_, c) => table.IsNumeric(c)).ToArray();
        html.Open("div", ("class", "table"), ("tabindex", "0"), ("role", "region"), ("aria-label", block.Caption.Length > 0 ? block.Caption : "table"));
        html.Open("table", ("class", "sortable" + (table.RowKeys.Count > 0 ? " keyed" : "") + (table.Columns.Count >= ManyColumns ? " many" : "")));
        if (block.Caption.Length > 0)
        {
            html.Element("caption", block.Caption);
        }

        html.Open("thead").Open("tr");
        for (int c = 0; c < table.Columns.Count; c++)
        {
            html.Open("th", ("scope", "col"), ("class", numeric[c] ? "number" : null)).Open("button", ("type", "button"));
            html.Text(table.Columns[c].Title);
            string unit = table.Columns[c].Style == NumberStyle.Percent ? "%" : table.Columns[c].Unit;
            if (unit.Length > 0)
            {
                html.Text(" ").Element("span", unit, ("class", "unit"));
            }

            html.Close().Close();
        }

        html.Close().Close().Open("tbody");
        for (int r = 0; r < table.Rows.Count; r++)
        {
            WriteRow(html, block, r, numeric);
        }

        html.Close().Close().CloseLine();
    }

    private static void WriteRow(HtmlWriter html, TableBlock block, int r, bool[] numeric)
    {
        Table table = block.Table;
        string? key = table.RowKeys.Count > 0 ? table.RowKeys[r] : null;
        bool marked = key is not null && block.MarkedKeys.Contains(key);
        html.Open("tr", ("data-key", key), ("class", marked ? "marked" : null));
        for (int c = 0; c < table.Columns.Count; c++)
        {
            Cell cell = table.Rows[r][c];
            string? sortValue = cell.Number is null ? null : NumberText.Machine(cell);
            html.Open("td", ("class", numeric[c] ? "number" : null), ("data-value", sortValue)).Name(NumberText.Human(cell, table.Columns[c].Style)).Close();
        }

        html.CloseLine();
    }
}
