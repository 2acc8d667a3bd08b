// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Specification;

/// <summary>What training makes of a sum that leaves the accumulator.</summary>
public enum SumOverflow
{
    /// <summary>Nothing: sums are those of real numbers, in training and evaluation.</summary>
    Ignore,

    /// <summary>It wraps, in training and evaluation, as two's complement does; <see cref="NnTrain.Layers.WrappedSum"/> has the formulas.</summary>
    Wrap,
}

/// <summary>The accumulator that a network is trained for: one width for the sum of all products of an output, without its bias, which is added behind it.</summary>
public sealed record AccumulatorSpec
{
    /// <summary>Bits of the sum in two's complement.</summary>
    public required int Width { get; init; }

    /// <summary>
    /// What the loss has of it: with weights whose norm is bounded, of norms beyond the bound (A2Q; Colbert et al. 2023); with others, of sums beyond the width
    /// (<see cref="NnTrain.Layers.OverflowPenalty"/>). 0 for nothing.
    /// </summary>
    public required double PenaltyWeight { get; init; }

    /// <summary>What becomes of a sum that is too large.</summary>
    public required SumOverflow Overflow { get; init; }
}

/// <summary>
/// Weight codes that make up for each other's errors one after the other, within what accumulators of two widths hold (AXE; Colbert et al. 2024); <see cref="NnTrain.Calibration.GreedyRounding"/> has the rule.
/// </summary>
public sealed record WeightCorrectionSpec
{
    /// <summary>Products that are summed inside the array before the sum goes to the accumulator memory, in the order kernel row, kernel column, channel; a kernel row begins a new segment.</summary>
    public required int Segment { get; init; }

    /// <summary>Bits of such a sum; null where they are not limited.</summary>
    public required int? PartialSumWidth { get; init; }

    /// <summary>Bits of the accumulator memory; null where they are not limited.</summary>
    public required int? AccumulatorWidth { get; init; }
}
