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
    public static BitWriter ParameterLine(MatrixLayer layer, AcceleratorSpec accelerator, int channelTile)
    {
        int element = accelerator.Requantizer.ElementWidth + 1;
        var line = new BitWriter(accelerator.Array.Columns * accelerator.ParameterRecordWidth);
        for (int column = 0; column < accelerator.Array.Columns; column++)
        {
            int channel = channelTile * accelerator.Array.Columns + column;
            LaneRecord record = channel < layer.OutputChannels ? LaneRecord.Of(layer.Requantization, channel) : default;
            line.Write(record.Bias, accelerator.Accumulator.Width);
            line.Write(record.Multiplier, accelerator.Requantizer.MultiplierWidth);
            line.Write(record.Shift, RequantizerSpec.ShiftWidth);
            line.Write(record.ZeroPoint, element);
            line.Write(record.Minimum, element);
            line.Write(record.Maximum, element);
            line.Write(record.SignOutput ? 1 : 0, 1);
        }

        return line;
    }
}

/// <summary>What one lane of the vector unit needs for one output channel.</summary>
/// <param name="Bias">Added to the accumulator.</param>
/// <param name="Multiplier">Unsigned multiplier.</param>
/// <param name="Shift">Right shift.</param>
/// <param name="ZeroPoint">Added after rounding.</param>
/// <param name="Minimum">Least code.</param>
/// <param name="Maximum">Greatest code.</param>
/// <param name="SignOutput">Output is +1 where accumulator + bias is at least 0, else -1.</param>
public readonly record struct LaneRecord(long Bias, long Multiplier, int Shift, int ZeroPoint, int Minimum, int Maximum, bool SignOutput)
{
    /// <summary>The record of output channel <paramref name="channel"/>. One bipolar threshold T becomes the bias <c>bias - T</c>.</summary>
    public static LaneRecord Of(Requantization requantization, int channel)
    {
        long bias = requantization.Bias[channel];
        return requantization.Kind switch
        {
            RequantizationKind.Shift => new(
                bias, 1, PerChannel(requantization.Shift, channel), requantization.ZeroPoint, requantization.Minimum, requantization.Maximum, false),
            RequantizationKind.MultiplierShift => new(
                bias, PerChannel(requantization.Multiplier, channel), PerChannel(requantization.Shift, channel),
                requantization.ZeroPoint, requantization.Minimum, requantization.Maximum, false),
            RequantizationKind.Thresholds when requantization is { ThresholdsPerChannel: 1, Minimum: -1, ThresholdStep: 2 } => new(
                bias - requantization.Thresholds[channel], 1, 0, 0, -1, 1, true),
            _ => throw new ArgumentException($"The vector unit has no requantisation '{requantization.Kind}' with {requantization.ThresholdsPerChannel} thresholds."),
        };
    }

    private static T PerChannel<T>(System.Collections.Immutable.ImmutableArray<T> values, int channel) => values.Length == 1 ? values[0] : values[channel];
}
