// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>
/// Elementwise product: <c>out = requantization((in1 + first_offset) * (in2 + second_offset))</c>. The second tensor has the shape of the first, or one pixel
/// that serves all (squeeze and excitation).
/// </summary>
public sealed record MultiplyLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "multiply";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Name of the second tensor.</summary>
    public required string SecondInput { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<string> FurtherInputs => [SecondInput];

    /// <summary>Added to the first code: its negated zero point.</summary>
    public required int FirstOffset { get; init; }

    /// <summary>Added to the second code.</summary>
    public required int SecondOffset { get; init; }

    /// <summary>From the product to the output code; bias, multiplier and shift of one entry, or one per channel.</summary>
    public required Requantization Requantization { get; init; }
}
