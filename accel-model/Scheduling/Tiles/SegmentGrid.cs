// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Scheduling.Tiles;

/// <summary>
/// How the sum over k of one chunk of input channels is cut into segments of <c>rows * lanes</c> products: a grid of kernel rows x kernel columns x tiles, a tile being a
/// vector of consecutive elements of the buffer.
/// </summary>
/// <param name="Rows">Kernel rows.</param>
/// <param name="Columns">Kernel columns, 1 where a kernel row is one run.</param>
/// <param name="Run">Consecutive elements of one kernel row and column.</param>
/// <param name="VectorElements">Elements of a segment: <c>rows * lanes</c>; on a column filter the rows.</param>
internal readonly record struct SegmentGrid(int Rows, int Columns, int Run, int VectorElements)
{
    /// <summary>Vectors of one run.</summary>
    public int Tiles => Ceiling(Run, VectorElements);

    /// <summary>Segments of one digit.</summary>
    public int Count => Rows * Columns * Tiles;

    /// <summary>
    /// Cuts the grid into rectangles of at most <paramref name="segments"/> segments, in the order in which they are added: whole if it fits,
    /// else bands of rows, else runs of columns, else runs of tiles. All are as equal as can be: the next one's weights are loaded while one is used.
    /// </summary>
    public List<SegmentChunk> Chunks(int segments)
    {
        var chunks = new List<SegmentChunk>();
        int rowStep = Even(Rows, segments / (Columns * Tiles));
        int columnStep = rowStep * Columns * Tiles <= segments ? Columns : Even(Columns, segments / Tiles);
        int tileStep = columnStep * Tiles <= segments ? Tiles : Even(Tiles, segments);
        for (int row = 0; row < Rows; row += rowStep)
        {
            for (int column = 0; column < Columns; column += columnStep)
            {
                for (int tile = 0; tile < Tiles; tile += tileStep)
                {
                    chunks.Add(new(
                        row, Math.Min(rowStep, Rows - row),
                        column, Math.Min(columnStep, Columns - column),
                        tile, Math.Min(tileStep, Tiles - tile)));
                }
            }
        }

        return chunks;
    }

    /// <summary>Elements of the last tile of a rectangle that belong to the run.</summary>
    public int LastElements(SegmentChunk chunk) => Math.Min(VectorElements, Run - (chunk.Tile + chunk.Tiles - 1) * VectorElements);

    /// <summary>The size of equal parts of at most <paramref name="most"/> (at least 1), as few of them as there must be.</summary>
    private static int Even(int count, int most) => Ceiling(count, Ceiling(count, Math.Max(1, most)));

    internal static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}

/// <summary>A rectangle of the segment grid whose weights are in the weight buffer together.</summary>
internal readonly record struct SegmentChunk(int Row, int Rows, int Column, int Columns, int Tile, int Tiles)
{
    public int Segments => Rows * Columns * Tiles;

    public IEnumerable<(int Row, int Column, int Tile)> Order()
    {
        for (int row = Row; row < Row + Rows; row++)
        {
            for (int column = Column; column < Column + Columns; column++)
            {
                for (int tile = Tile; tile < Tile + Tiles; tile++)
                {
                    yield return (row, column, tile);
                }
            }
        }
    }
}
