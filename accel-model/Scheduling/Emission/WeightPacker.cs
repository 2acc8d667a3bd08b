// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Emission;

/// <summary>Which product lies where in a matrix step's segments: as lines of the weight buffer, and as entries of its accumulation plan.</summary>
internal sealed class WeightPacker
{
    private readonly MatrixTiling _tiling;
    private readonly MatrixStep _step;
    private readonly AcceleratorSpec _accelerator;
    private readonly Lazy<WeightEncoding> _encoding;

    public WeightPacker(MatrixTiling tiling, AcceleratorSpec accelerator)
    {
        _tiling = tiling;
        _step = tiling.Step;
        _accelerator = accelerator;
        _encoding = new(() => WeightEncoding.Of(accelerator.Array, tiling.IsBlockDiagonal ? _step.Weights.Append(0) : _step.Weights));
    }

    private int Lanes => _accelerator.Array.Lanes;

    /// <summary>Lines that <see cref="Pack"/> writes: table, then segments.</summary>
    public int Lines(SegmentChunk rectangle, int groupChannels) => _tiling.TableLines + rectangle.Segments * _tiling.LinesPerSegment(groupChannels);

    /// <summary>Writes the lines of one rectangle of segments for <paramref name="tile"/>, or for all channels of a group on an input-stationary array.</summary>
    public void Pack(Span<byte> target, ChannelChunk chunk, SegmentChunk rectangle, ChannelTile tile, int groupChannels)
    {
        int lineBytes = _accelerator.WeightLineWords * _accelerator.Memory.BytesPerCycle;
        int width = _accelerator.Array.WeightWidth;
        WeightEncoding encoding = _encoding.Value;
        if (_tiling.TableLines > 0)
        {
            PackTable(target, encoding, lineBytes);
            target = target[(_tiling.TableLines * lineBytes)..];
        }

        SegmentGrid grid = _tiling.Grid(chunk);
        bool inputStationary = _accelerator.Array.Dataflow == Dataflow.InputStationary;
        int lines = _tiling.LinesPerSegment(groupChannels);
        int elements = _accelerator.WeightLineElements;

        // Masked elements may have any code; the other blocks of a diagonal need that of zero.
        uint hole = _tiling.IsBlockDiagonal ? encoding.Encode(0) : 0;
        foreach ((int row, int column, int vector) in rectangle.Order())
        {
            for (int line = 0; line < lines; line++, target = target[lineBytes..])
            {
                for (int element = 0; element < elements; element++)
                {
                    // Lines hold the rows of one column after the other on an input-stationary array, else the lanes of one row column by column.
                    int channel = inputStationary ? tile.First + line : tile.First + element / Lanes;
                    int product = inputStationary ? element : line * Lanes + element % Lanes;
                    bool exists = inputStationary || element / Lanes < tile.Count;
                    int index = exists ? WeightIndex(grid, chunk, tile, channel, row, column, vector, product) : -1;
                    uint code = index < 0 ? hole : encoding.Encode(_step.Weights[channel * _step.Depth + index]);
                    Bits.Write(target, element * width, code, width);
                }
            }
        }
    }

    /// <summary>Entries of the plan for one segment: <c>rows * lanes</c> of them.</summary>
    public IEnumerable<int> Products(ChannelChunk chunk, (int Row, int Column, int Tile) segment)
    {
        SegmentGrid grid = _tiling.Grid(chunk);
        for (int product = 0; product < _accelerator.VectorElements; product++)
        {
            (int offset, int channel) = Locate(grid, chunk, segment.Column, segment.Tile, product);
            yield return offset < 0
                ? -1
                : (segment.Row * _step.KernelColumns + offset) * (_step.Groups == 1 ? _step.Input.Channels : _tiling.IsFilter ? 1 : _tiling.SpanChannels) + channel;
        }
    }

    private void PackTable(Span<byte> target, WeightEncoding encoding, int lineBytes)
    {
        int lineBits = _accelerator.WeightLineElements * _accelerator.Array.WeightWidth;
        int width = _accelerator.Array.CodebookValueWidth;
        ImmutableArray<int> table = ((CodebookWeights)encoding).Values;
        for (int entry = 0; entry < table.Length; entry++)
        {
            for (int bit = 0; bit < width; bit++)
            {
                // The table is one string of bits over the lines, whose padding to memory words it skips.
                (int line, int at) = Math.DivRem(entry * width + bit, lineBits);
                Bits.Write(target[(line * lineBytes)..], at, (uint)(table[entry] >> bit) & 1, 1);
            }
        }
    }

    /// <summary>Kernel column and channel (counted from the chunk's, or the tile's, first) of a product of a segment; -1 where there is none.</summary>
    private (int KernelColumn, int Channel) Locate(SegmentGrid grid, ChannelChunk chunk, int column, int vector, int product)
    {
        if (_tiling.IsFilter)
        {
            int tap = product / Lanes;
            return product % Lanes == 0 && tap < _step.KernelColumns ? (tap, 0) : (-1, 0);
        }

        int offset = vector * grid.VectorElements + product;
        if (offset >= grid.Run)
        {
            return (-1, 0);
        }

        int channels = _step.Groups == 1 ? chunk.Count : _tiling.SpanChannels;
        return _step.Groups == 1
            ? (column + offset / channels, chunk.First + offset % channels)
            : (column + offset / channels, offset % channels);
    }

    /// <summary>Index into the weights of output channel <paramref name="output"/>, or -1.</summary>
    private int WeightIndex(SegmentGrid grid, ChannelChunk chunk, ChannelTile tile, int output, int row, int column, int vector, int product)
    {
        (int kernelColumn, int channel) = Locate(grid, chunk, column, vector, product);
        if (kernelColumn < 0)
        {
            return -1;
        }

        if (_step.Groups > 1 && !_tiling.IsFilter)
        {
            channel -= output / _step.GroupOutputs * _step.GroupInputs - tile.FirstInput;
            if (channel < 0 || channel >= _step.GroupInputs)
            {
                return -1;
            }
        }

        return (row * _step.KernelColumns + kernelColumn) * _step.GroupInputs + channel;
    }
}

/// <summary>Bit fields in bytes, least significant bit first.</summary>
internal static class Bits
{
    /// <summary>Sets the low <paramref name="width"/> bits of <paramref name="value"/> at bit <paramref name="at"/>; those bits are zero before.</summary>
    public static void Write(Span<byte> target, int at, uint value, int width)
    {
        for (int bit = 0; bit < width;)
        {
            int position = at + bit;
            int room = 8 - (position & 7);
            int count = Math.Min(room, width - bit);
            target[position >> 3] |= (byte)((value >> bit & (1u << count) - 1) << (position & 7));
            bit += count;
        }
    }
}
