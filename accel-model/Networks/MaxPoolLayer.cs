// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>
/// Maximum over windows, channel by channel: <c>out[y,x,c] = max over p,q of in[y*stride + p, x*stride + q, c]</c>.
/// Windows lie wholly inside the input (floor mode), no padding.
/// </summary>
public sealed record MaxPoolLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "max_pool";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Window.</summary>
    public required (int Rows, int Columns) Window { get; init; }

    /// <summary>Stride.</summary>
    public required (int Rows, int Columns) Stride { get; init; }
}
