// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Simulation;

namespace AccelModel.Hardware;

/// <summary>Counts the additions that left their width, layer by layer, and keeps the first of each layer.</summary>
public sealed class OverflowLog(int layers)
{
    private readonly long[] _partialSums = new long[layers];
    private readonly long[] _accumulators = new long[layers];
    private readonly FirstOverflow?[] _first = new FirstOverflow?[layers];

    /// <summary>The image that is being run.</summary>
    public int Image { get; set; }

    /// <summary>What was counted so far, over all images.</summary>
    public ImmutableArray<LayerOverflows> Layers =>
        [.. _first.Select((first, layer) => new LayerOverflows(_partialSums[layer], _accumulators[layer], first))];

    /// <summary>One overflow of the vector <paramref name="tag"/> in a column of the array.</summary>
    public void Count(in VectorTag tag, int column, int row, OverflowStage stage)
    {
        (stage == OverflowStage.PartialSum ? _partialSums : _accumulators)[tag.Layer]++;
        var overflow = new FirstOverflow(Image, tag.Output + column, tag.Segment, row, stage);
        if (_first[tag.Layer] is not { } first || Order(overflow).CompareTo(Order(first)) < 0)
        {
            _first[tag.Layer] = overflow;
        }
    }

    private static (int Image, int Output, int Segment, int Row, int Stage) Order(in FirstOverflow overflow) =>
        (overflow.Image, overflow.Output, overflow.Segment, overflow.Row, (int)overflow.Stage);
}
