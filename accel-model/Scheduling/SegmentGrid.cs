// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>
/// How one layer's sum over k is cut into segments of <c>rows * lanes</c> products: a grid of kernel rows x kernel columns x tiles, a tile being a vector
/// of consecutive elements of the input map.
/// </summary>
internal sealed record SegmentGrid
{
    public required int Rows { get; init; }
    public required int Columns { get; init; }
    public required int Tiles { get; init; }
    public required int Digits { get; init; }

    /// <summary>Elements from pixel to pixel of the input map.</summary>
    public required int PixelPitch { get; init; }

    private MatrixLayer Layer { get; init; } = null!;
    private int VectorElements { get; init; }

    public static SegmentGrid Of(MatrixLayer layer, AcceleratorSpec accelerator)
    {
        int vector = accelerator.VectorElements;
        int channels = layer.Input.Channels;
        bool onePixel = layer.Input.Height == 1 && layer.Input.Width == 1 && layer.Padding == Networks.Padding.None;
        bool packed = accelerator.Mapping.Convolution == ConvolutionMapping.Im2col || onePixel;

        // A packed kernel row is one run of consecutive elements, unless dilation tears it apart.
        bool run = packed && (layer.Dilation.Columns == 1 || layer.KernelColumns == 1);
        return new()
        {
            Layer = layer,
            VectorElements = vector,
            Rows = layer.KernelRows,
            Columns = run ? 1 : layer.KernelColumns,
            Tiles = Ceiling(run ? layer.KernelColumns * channels : channels, vector),
            Digits = layer.Input.Format.Signed ? 1 : Ceiling(layer.Input.Format.Width, accelerator.DigitWidth),
            PixelPitch = packed ? channels : Ceiling(channels, vector) * vector,
        };
    }

    /// <summary>Segments of one digit.</summary>
    public int Count => Rows * Columns * Tiles;

    /// <summary>Index into one output channel's weights of element <paramref name="element"/> of segment (row, column, tile), or -1.</summary>
    public int WeightIndex(int row, int column, int tile, int element)
    {
        int channels = Layer.Input.Channels;
        int offset = tile * VectorElements + element;
        int length = Columns == 1 ? Layer.KernelColumns * channels : channels;
        if (offset >= length)
        {
            return -1;
        }

        // With a single column the run covers all kernel columns, so the offset already is kernel column * channels + channel.
        return (row * Layer.KernelColumns + column) * channels + offset;
    }

    /// <summary>Weight indices of one segment, <c>rows * lanes</c> entries.</summary>
    public ImmutableArray<int> WeightIndices(int row, int column, int tile) =>
        [.. Enumerable.Range(0, VectorElements).Select(element => WeightIndex(row, column, tile, element))];

    /// <summary>
    /// Cuts the grid into rectangles of at most <paramref name="segments"/> segments, in the order in which they are added: whole if it fits,
    /// else bands of rows, else runs of columns, else runs of tiles.
    /// </summary>
    public List<SegmentChunk> Chunks(int segments)
    {
        var chunks = new List<SegmentChunk>();
        int rowStep = Math.Max(1, Math.Min(Rows, segments / (Columns * Tiles)));
        int columnStep = rowStep * Columns * Tiles <= segments ? Columns : Math.Max(1, Math.Min(Columns, segments / Tiles));
        int tileStep = columnStep * Tiles <= segments ? Tiles : segments;
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
