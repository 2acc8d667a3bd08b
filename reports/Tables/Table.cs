// SPDX-License-Identifier: Apache-2.0
namespace Reports.Tables;

/// <summary>A table as a value; exporters only format it.</summary>
public sealed record Table
{
    /// <summary>The columns, from left to right.</summary>
    public required IReadOnlyList<ColumnHeader> Columns { get; init; }

    /// <summary>The rows, each with one entry per column.</summary>
    public required IReadOnlyList<IReadOnlyList<Cell>> Rows { get; init; }

    /// <summary>A key per row that points of figures refer to; empty when nothing does.</summary>
    public IReadOnlyList<string> RowKeys { get; init; } = [];

    /// <summary>Whether every entry of a column is a number or empty, and one is a number: such columns align right.</summary>
    public bool IsNumeric(int column) =>
        Rows.Any(row => row[column].Number is not null) && Rows.All(row => row[column].Text is null);

    /// <summary>The table with only some of its columns.</summary>
    public Table Only(IReadOnlyList<int> columns) => this with
    {
        Columns = [.. columns.Select(c => Columns[c])],
        Rows = [.. Rows.Select(row => (IReadOnlyList<Cell>)[.. columns.Select(c => row[c])])],
    };

    /// <summary>Applies the columns to the rows.</summary>
    public static Table Of<T>(IEnumerable<T> rows, IReadOnlyList<TableColumn<T>> columns, Func<T, string>? key = null)
    {
        List<T> items = rows.ToList();
        return new Table
        {
            Columns = columns.Select(c => new ColumnHeader(c.Title, c.Unit, c.Style) { Name = c.Name }).ToList(),
            Rows = items.Select(row => (IReadOnlyList<Cell>)columns.Select(c => c.Value(row)).ToList()).ToList(),
            RowKeys = key is null ? [] : items.Select(key).ToList(),
        };
    }
}
