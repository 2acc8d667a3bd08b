// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;

namespace AccelModel.Scheduling;

/// <summary>
/// The order in which a layer's products are added, and the widths they are added in: part of the meaning of a layer on narrow accumulators.
/// The same for every output of the layer. Without overflow every plan gives the same values.
/// </summary>
public sealed record AccumulationPlan
{
    /// <summary>Products that are summed exactly before one addition to the partial sum.</summary>
    public required int Lanes { get; init; }

    /// <summary>Width of the partial sums.</summary>
    public required int PartialSumWidth { get; init; }

    /// <summary>Overflow of the partial sums.</summary>
    public required OverflowMode PartialSumOverflow { get; init; }

    /// <summary>Width of the accumulator memory.</summary>
    public required int AccumulatorWidth { get; init; }

    /// <summary>Overflow of the accumulator memory.</summary>
    public required OverflowMode AccumulatorOverflow { get; init; }

    /// <summary>Bits of an unsigned activation that one digit holds.</summary>
    public required int DigitWidth { get; init; }

    /// <summary>
    /// Null where every output channel has its products at the same places. A grouped convolution whose column tiles span several groups has them at places of each group:
    /// then <see cref="PlanSegment.K"/> counts through the channels that a tile reads, see <see cref="GroupSpan"/>.
    /// </summary>
    public GroupSpan? Span { get; init; }

    /// <summary>Segments in order: each starts a partial sum at zero and is then added to the accumulator, which starts at zero.</summary>
    public required ImmutableArray<PlanSegment> Segments { get; init; }

    /// <summary>Requantisation steps in order; needed only where rounding is stochastic.</summary>
    public required RequantizationOrder RequantizationOrder { get; init; }
}

/// <summary>One segment: a partial sum over part of k.</summary>
/// <param name="Digit">
/// Which digit of the activation is multiplied: <c>(x >> digit*digit_width) mod 2^digit_width</c>, or the whole code where <paramref name="WholeCode"/> is set;
/// the finished partial sum is multiplied by <c>2^(digit*digit_width)</c>.
/// </param>
/// <param name="WholeCode">The activation enters as it is (signed tensors, and unsigned ones of a single digit).</param>
/// <param name="K">
/// Flat indices into one output channel's weights (kernel row, kernel column, channel), one group of <see cref="AccumulationPlan.Lanes"/> per addition to the partial sum
/// (per row of the array; on an output-stationary array per step of a whole pass), -1 where a lane has no product. With <see cref="AccumulationPlan.Span"/> they count through the channels of a tile.
/// </param>
public sealed record PlanSegment(int Digit, bool WholeCode, ImmutableArray<int> K);

/// <summary>
/// The channels that a tile of output channels of a grouped convolution reads. An entry k of the plan stands for kernel offset <c>k / channels</c> (kernel row * kernel columns + kernel column)
/// and channel <c>k % channels</c> counted from the first channel of the group of the tile's first output channel. Output channel o belongs to tile <c>o / outputs_per_tile</c>; the entry is a product of o
/// where that channel lies in o's group, and an addition of zero elsewhere.
/// </summary>
/// <param name="OutputsPerTile">Output channels of a tile.</param>
/// <param name="Channels">Input channels that a tile spans.</param>
public readonly record struct GroupSpan(int OutputsPerTile, int Channels)
{
    /// <summary>Flat index into the weights of output channel <paramref name="output"/> (kernel row, kernel column, channel of its group) of entry <paramref name="k"/>, or -1.</summary>
    /// <param name="k">An entry of a plan's segment, not -1.</param>
    /// <param name="output">Output channel.</param>
    /// <param name="outputsPerGroup">Output channels of a group.</param>
    /// <param name="inputsPerGroup">Input channels of a group.</param>
    public int Product(int k, int output, int outputsPerGroup, int inputsPerGroup)
    {
        int firstGroup = output / OutputsPerTile * OutputsPerTile / outputsPerGroup;
        int channel = k % Channels - (output / outputsPerGroup - firstGroup) * inputsPerGroup;
        return channel >= 0 && channel < inputsPerGroup ? k / Channels * inputsPerGroup + channel : -1;
    }
}

/// <summary>
/// In which order the words of a layer pass the requantiser's lanes. Channel <c>o</c> of any pixel passes lane <c>o mod lanes</c>; all lanes advance with every word.
/// </summary>
/// <param name="Lanes">Columns of the array.</param>
/// <param name="WordsBefore">Words that earlier layers sent through each lane in this inference.</param>
/// <param name="Words">For each word: pixel index (row * width + column of the layer's un-pooled output) and channel tile.</param>
public sealed record RequantizationOrder(int Lanes, int WordsBefore, ImmutableArray<(int Pixel, int ChannelTile)> Words);
