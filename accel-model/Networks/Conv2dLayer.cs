// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Networks;

/// <summary>
/// Convolution: <c>acc[y,x,o] = sum over i,j,c of w[o,i,j,c] * in[y*stride - pad + i*dilation, x*stride - pad + j*dilation, group(o)*C/groups + c]</c>
/// with <c>group(o) = o / (O/groups)</c>, then <see cref="Requantization"/>. Positions outside the input read <see cref="PaddingCode"/>.
/// </summary>
public sealed record Conv2dLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "conv2d";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Weights in the order output channel, kernel row, kernel column, input channel of the group.</summary>
    public required IntegerTensor Weights { get; init; }

    /// <summary>Format of the weights.</summary>
    public required FixedPointFormat WeightFormat { get; init; }

    /// <summary>Vertical and horizontal stride.</summary>
    public required (int Rows, int Columns) Stride { get; init; }

    /// <summary>Padding in pixels.</summary>
    public required Padding Padding { get; init; }

    /// <summary>Vertical and horizontal distance of kernel elements.</summary>
    public required (int Rows, int Columns) Dilation { get; init; }

    /// <summary>Groups of channels; equal to the input channels for a depthwise convolution.</summary>
    public required int Groups { get; init; }

    /// <summary>Code read outside the input (its zero point).</summary>
    public required int PaddingCode { get; init; }

    /// <summary>From accumulator to output code.</summary>
    public required Requantization Requantization { get; init; }
}

/// <summary>Pixels added at each side.</summary>
public sealed record Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>No padding.</summary>
    public static Padding None { get; } = new(0, 0, 0, 0);
}
