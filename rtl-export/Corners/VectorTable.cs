// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using RtlExport.Parameters;
using RtlExport.Vectors;

namespace RtlExport.Corners;

/// <summary>One field of a vector.</summary>
/// <param name="Name">Name of the port or record field.</param>
/// <param name="Width">Bits, 1..64.</param>
/// <param name="Signed">Whether they are two's complement.</param>
public readonly record struct VectorColumn(string Name, int Width, bool Signed);

/// <summary>Vectors of one module: numbers by name. The memory image, the other formats and the coverage table are made of the same rows.</summary>
public sealed class VectorTable
{
    private readonly Dictionary<string, int> _places;

    /// <summary>A table; fields of width 0 are left out.</summary>
    /// <param name="name">Name of its files.</param>
    /// <param name="columns">Fields, lowest bits of a word first.</param>
    /// <param name="rows">Values in the order of <paramref name="columns"/>, before those of width 0 are left out.</param>
    public VectorTable(string name, IReadOnlyList<VectorColumn> columns, IEnumerable<long[]> rows)
    {
        Name = name;
        int[] kept = [.. Enumerable.Range(0, columns.Count).Where(i => columns[i].Width > 0)];
        Columns = [.. kept.Select(i => columns[i])];
        Rows = [.. rows.Select(row => (long[])[.. kept.Select(i => row[i])])];
        _places = Columns.Select((column, place) => (column.Name, place)).ToDictionary(pair => pair.Name, pair => pair.place);
    }

    /// <summary>Name of its files.</summary>
    public string Name { get; }

    /// <summary>Fields, lowest bits of a word first.</summary>
    public ImmutableArray<VectorColumn> Columns { get; }

    /// <summary>Values, in the order of <see cref="Columns"/>.</summary>
    public ImmutableArray<long[]> Rows { get; }

    /// <summary>Bits of a word.</summary>
    public int Width => Columns.Sum(column => column.Width);

    /// <summary>Whether vectors have a field.</summary>
    public bool Has(string column) => _places.ContainsKey(column);

    /// <summary>The value of a field.</summary>
    public long Value(long[] row, string column) => row[_places[column]];

    /// <summary>The bits of the field called <paramref name="column"/>.</summary>
    public int WidthOf(string column) => Columns[_places[column]].Width;

    /// <summary>The memory image, a word for each row.</summary>
    public string ToMemh(BundleStamp stamp)
    {
        int width = Width;
        return MemhFile.Write(stamp, width, [.. Rows.Select(row =>
        {
            var word = new WordBuilder(width);
            for (int i = 0; i < row.Length; i++)
            {
                word.Add(row[i], Columns[i].Width);
            }

            return word.ToParts();
        })]);
    }
}
