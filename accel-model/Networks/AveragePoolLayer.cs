// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>
/// Mean over windows, channel by channel, of the codes: <c>sum / n</c> rounded half away from zero. <c>n</c> counts the positions of the window inside the
/// input, and with <see cref="CountIncludePad"/> those in the padding too (which read <see cref="PaddingCode"/>), but never those that ceil mode adds past it.
/// A global average is the window of the whole input.
/// </summary>
public sealed record AveragePoolLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "average_pool";

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

    /// <summary>Whether padding is part of the mean.</summary>
    public bool CountIncludePad { get; init; }

    /// <summary>Code read in the padding where it is counted (the zero point).</summary>
    public int PaddingCode { get; init; }
}
