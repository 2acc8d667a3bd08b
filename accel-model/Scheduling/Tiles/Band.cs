// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Scheduling.Tiles;

/// <summary>A band of rows of one layer that passes the array together.</summary>
/// <param name="FirstConvRow">First un-pooled output row.</param>
/// <param name="ConvRows">Un-pooled output rows.</param>
/// <param name="FirstRow">First pooled output row.</param>
/// <param name="Rows">Pooled output rows.</param>
internal readonly record struct Band(int FirstConvRow, int ConvRows, int FirstRow, int Rows);

/// <summary>A rectangle of a tensor as a buffer holds it: pixels with their padding, some channels of each.</summary>
/// <param name="FirstRow">Row of the tensor in the buffer's first row; negative in the padding.</param>
/// <param name="Rows">Rows in the buffer, padding included.</param>
/// <param name="FirstColumn">Column of the tensor in the buffer's first column.</param>
/// <param name="Columns">Columns in the buffer, padding included.</param>
/// <param name="FirstChannel">First channel.</param>
/// <param name="Channels">Channels of a pixel in the buffer.</param>
internal readonly record struct InputWindow(int FirstRow, int Rows, int FirstColumn, int Columns, int FirstChannel, int Channels)
{
    /// <summary>Elements from row to row of the buffer.</summary>
    public int RowPitch => Columns * Channels;

    /// <summary>Elements in the buffer.</summary>
    public long Elements => (long)Rows * Columns * Channels;

    /// <summary>The part that is inside a tensor of the given extents.</summary>
    public (int FirstRow, int Rows, int FirstColumn, int Columns) Inside(int height, int width)
    {
        int row = Math.Max(0, FirstRow), column = Math.Max(0, FirstColumn);
        return (row, Math.Max(0, Math.Min(height, FirstRow + Rows) - row), column, Math.Max(0, Math.Min(width, FirstColumn + Columns) - column));
    }

    /// <summary>Element address of a pixel of the tensor, in a buffer whose window starts at <paramref name="start"/>.</summary>
    public int Address(int row, int column, int start) => start + (row - FirstRow) * RowPitch + (column - FirstColumn) * Channels;

    /// <summary>
    /// The runs of padding around a tensor of the given extents, in rising order: what comes before its first pixel, between its rows, and after its last pixel.
    /// </summary>
    /// <returns>Element address, number of runs, elements from run to run, elements of a run.</returns>
    public IEnumerable<(int Address, int Count, int Pitch, int Run)> PaddingRuns(int height, int width, int start)
    {
        (int row, int rows, int column, int columns) = Inside(height, width);
        if (rows == 0 || columns == 0)
        {
            return [(start, 1, 0, (int)Elements)];
        }

        int data = Address(row, column, start);
        int gap = (Columns - columns) * Channels;
        int end = data + (rows - 1) * RowPitch + columns * Channels;
        (int Address, int Count, int Pitch, int Run)[] runs =
        [
            (start, 1, 0, data - start),
            (data + columns * Channels, rows - 1, RowPitch, gap),
            (end, 1, 0, start + (int)Elements - end),
        ];
        return runs.Where(run => run.Count > 0 && run.Run > 0);
    }
}

/// <summary>Output channels that one word of the accumulators holds.</summary>
/// <param name="Index">Index of the tile in its layer.</param>
/// <param name="First">First output channel.</param>
/// <param name="Count">Output channels, at most the array's columns.</param>
/// <param name="FirstInput">First input channel that the tile reads.</param>
internal readonly record struct ChannelTile(int Index, int First, int Count, int FirstInput);

/// <summary>Consecutive channel tiles whose accumulators are filled together.</summary>
internal readonly record struct TileGroup(int First, int Count);

/// <summary>Consecutive input channels that are loaded together.</summary>
internal readonly record struct ChannelChunk(int First, int Count);
