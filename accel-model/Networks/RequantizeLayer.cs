// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>Every code through a <see cref="Requantization"/> of its own, the code taking the accumulator's place; with thresholds, a threshold layer.</summary>
public sealed record RequantizeLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "requantize";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>From code to code; bias, multiplier, shift and thresholds of one entry, or one per channel.</summary>
    public required Requantization Requantization { get; init; }
}
