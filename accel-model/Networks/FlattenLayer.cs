// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>Reads the same codes as one row of <c>height*width*channels</c> channels (1 x 1 x elements).</summary>
public sealed record FlattenLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "flatten";

    /// <inheritdoc/>
    public override string Kind => KindName;
}
