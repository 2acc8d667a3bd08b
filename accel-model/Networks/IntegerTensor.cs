// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>A constant tensor of integers with its shape.</summary>
/// <param name="Shape">Extents, outermost first.</param>
/// <param name="Values">Values in row-major order.</param>
public sealed record IntegerTensor(ImmutableArray<int> Shape, ImmutableArray<int> Values)
{
    /// <summary>Value equality over shape and values.</summary>
    public bool Equals(IntegerTensor? other) =>
        other is not null && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan()) && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shape.Length, Values.Length);
}
