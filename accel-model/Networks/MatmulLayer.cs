// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>
/// Batched product of two activation tensors, batch b being row b of both: <c>acc[b,m,n] = sum over k of (in1[b,m,k] + first_offset) * (in2[b,k,n] + second_offset)</c>,
/// with <c>in2[b,n,k]</c> instead where <see cref="TransposeSecond"/> is set; then <see cref="Requantization"/> by output channel n. (Attention's Q K^T and P V.)
/// </summary>
public sealed record MatmulLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "matmul";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Name of the second tensor.</summary>
    public required string SecondInput { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<string> FurtherInputs => [SecondInput];

    /// <summary>Whether the second tensor holds k in its channels.</summary>
    public required bool TransposeSecond { get; init; }

    /// <summary>Added to codes of the first tensor.</summary>
    public int FirstOffset { get; init; }

    /// <summary>Added to codes of the second tensor.</summary>
    public int SecondOffset { get; init; }

    /// <summary>From accumulator to output code; one entry, or one per output channel.</summary>
    public required Requantization Requantization { get; init; }
}
