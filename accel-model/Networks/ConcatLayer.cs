// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>The channels of its inputs one after the other; all inputs have one height, width and format.</summary>
public sealed record ConcatLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "concat";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>Names of the tensors after the first, in order.</summary>
    public required ImmutableArray<string> OtherInputs { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<string> FurtherInputs => OtherInputs.IsDefault ? [] : OtherInputs;

    /// <summary>Value equality.</summary>
    public bool Equals(ConcatLayer? other) => base.Equals(other) && OtherInputs.AsSpan().SequenceEqual(other.OtherInputs.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), OtherInputs.Length);
}
