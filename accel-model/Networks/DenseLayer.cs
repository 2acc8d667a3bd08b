// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Networks;

/// <summary>
/// Fully connected layer over all elements of its input in their stored order: <c>acc[o] = sum over k of w[o,k] * in[k]</c>,
/// then <see cref="Requantization"/>. Its output is one pixel.
/// </summary>
public sealed record DenseLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "dense";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Weights in the order output, input.</summary>
    public required IntegerTensor Weights { get; init; }

    /// <summary>Format of the weights.</summary>
    public required FixedPointFormat WeightFormat { get; init; }

    /// <summary>From accumulator to output code.</summary>
    public required Requantization Requantization { get; init; }
}
