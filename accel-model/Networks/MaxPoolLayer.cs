// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>
/// Maximum over windows, channel by channel: <c>out[y,x,c] = max over p,q of in[y*stride + p, x*stride + q, c]</c>.
/// Positions in the padding, or past it in ceil mode, do not take part.
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

    /// <summary>Padding in pixels, at each side less than the window.</summary>
    public Padding Padding { get; init; } = Padding.None;

    /// <summary>Whether a last window that begins inside the input or its left or top padding, but does not end in it, counts (rounding the number of outputs up).</summary>
    public bool CeilMode { get; init; }
}
