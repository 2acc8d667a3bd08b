// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace AccelModel.Hardware;

/// <summary>Counts the additions that left their width, layer by layer, and keeps the first of each layer. Only additions of outputs that exist.</summary>
public sealed class OverflowLog(Schedule schedule)
{
    private readonly TensorSpec[] _outputs = [.. schedule.Layers.Select(layer => schedule.Network.Layers[layer.NetworkLayer].Output)];
    private readonly long[] _partialSums = new long[schedule.Layers.Length];
    private readonly long[] _accumulators = new long[schedule.Layers.Length];
    private readonly FirstOverflow?[] _first = new FirstOverflow?[schedule.Layers.Length];

    /// <summary>The image of the run's first frame.</summary>
    public int Image { get; set; }

    /// <summary>What was counted so far, over all images.</summary>
    public ImmutableArray<LayerOverflows> Layers =>
        [.. _first.Select((first, layer) => new LayerOverflows(_partialSums[layer], _accumulators[layer], first))];

    /// <summary>One overflow of the sum of a pixel and a channel, both counted from those of <paramref name="place"/>.</summary>
    public void Count(in OutputPlace place, int pixel, int channel, int addition, OverflowStage stage)
    {
        if (Output(place, place.Pixel + pixel, place.Channel + channel) is not { } output)
        {
            return;
        }
        (stage == OverflowStage.PartialSum ? _partialSums : _accumulators)[place.Layer]++;
        var overflow = new FirstOverflow(Image + place.Frame, output, place.Segment, addition, stage);
        if (_first[place.Layer] is not { } first || Order(overflow).CompareTo(Order(first)) < 0)
        {
            _first[place.Layer] = overflow;
        }
    }

    /// <summary>Flat index in the layer's un-pooled output; null for what is none: channels of no weights, and stream positions between and after a filter's outputs.</summary>
    private int? Output(in OutputPlace place, int pixel, int channel)
    {
        MatmulInstruction matmul = schedule.Array[place.Instruction];
        MatmulOrigin origin = matmul.Origin;
        TensorSpec layer = _outputs[place.Layer];
        (int row, int column) = Math.DivRem(pixel, matmul.Columns);
        (int x, int between) = Math.DivRem(column, Math.Max(origin.ColumnStep, 1));
        bool exists = between == 0 && (origin.Columns == 0 || x < origin.Columns) && (matmul.Channels == 0 || channel < matmul.Channels);
        return exists ? (((((origin.Row + row) * layer.Width) + origin.Column + x) * layer.Channels) + origin.Channel + channel) : null;
    }

    private static (int Image, int Output, int Segment, int Row, int Stage) Order(in FirstOverflow overflow) =>
        (overflow.Image, overflow.Output, overflow.Segment, overflow.Row, (int)overflow.Stage);
}
