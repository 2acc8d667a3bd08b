// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>Channels seen as <see cref="Groups"/> rows of n are transposed: <c>out[.., j*groups + g] = in[.., g*n + j]</c> (ShuffleNet).</summary>
public sealed record ChannelShuffleLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "channel_shuffle";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Groups; a divisor of the channels.</summary>
    public required int Groups { get; init; }
}
