// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>Writes weights and requantisation constants as buffer lines (docs/architecture.md, sections 1 and 5).</summary>
internal static class ConstantPacking
{
    /// <summary>The line of row <paramref name="row"/> of one segment for one tile of output channels.</summary>
    public static BitWriter WeightLine(MatrixLayer layer, SegmentGrid grid, AcceleratorSpec accelerator, (int Row, int Column, int Tile) segment, int row, int channelTile)
    {
        ArraySpec array = accelerator.Array;
        var line = new BitWriter(array.Columns * array.Lanes * array.WeightWidth);
        for (int column = 0; column < array.Columns; column++)
        {
            int channel = channelTile * array.Columns + column;
            for (int lane = 0; lane < array.Lanes; lane++)
            {
                int k = grid.WeightIndex(segment.Row, segment.Column, segment.Tile, row * array.Lanes + lane);
                int weight = k >= 0 && channel < layer.OutputChannels ? layer.Weights.Values[channel * layer.Depth + k] : 0;
                line.Write(weight, array.WeightWidth);
            }
        }

        return line;
    }

    /// <summary>The lane records of one tile of output channels; channels past the last make zeros.</summary>
    public static BitWriter ParameterLine(MatrixLayer layer, AcceleratorSpec accelerator, int channelTile) =>
        ParameterLine(accelerator, column =>
        {
            int channel = channelTile * accelerator.Array.Columns + column;
            return channel < layer.OutputChannels ? LaneRecord.Of(layer.Requantization, channel, accelerator) : null;
        });

    /// <summary>The line of one record for each column; a column without one (null) makes zeros.</summary>
    public static BitWriter ParameterLine(AcceleratorSpec accelerator, Func<int, LaneRecord?> recordOfColumn)
    {
        var line = new BitWriter(accelerator.Array.Columns * accelerator.ParameterRecordWidth);
        for (int column = 0; column < accelerator.Array.Columns; column++)
        {
            if (recordOfColumn(column) is { } record)
            {
                record.Write(line, accelerator);
            }
            else
            {
                line.Skip(accelerator.ParameterRecordWidth);
            }
        }

        return line;
    }
}
