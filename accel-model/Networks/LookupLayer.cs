// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>A function of one code as a table: <c>out = table[in - least input code]</c>. Sigmoid, tanh, hard-swish, GELU and the like.</summary>
public sealed record LookupLayer : Layer
{
    /// <summary>The kind's name.</summary>
    public const string KindName = "lookup";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>One output code for each input code in ascending order: <c>2^width</c> entries.</summary>
    public required ImmutableArray<int> Table { get; init; }

    /// <summary>Value equality.</summary>
    public bool Equals(LookupLayer? other) => base.Equals(other) && Table.AsSpan().SequenceEqual(other.Table.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Table.Length);
}
