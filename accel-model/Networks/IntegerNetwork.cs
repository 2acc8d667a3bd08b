// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>
/// A trained network in integers only: what the hardware computes, with no reference to any hardware.
/// Layers are listed in an order in which every input is defined before it is used. <see cref="NetworkValidator"/> says what
/// a well-formed network is, <see cref="ReferenceInterpreter"/> what it means, <see cref="NetworkFile"/> how it is stored.
/// </summary>
public sealed record IntegerNetwork
{
    /// <summary>The name of the tensor that enters the network, as <see cref="Layer.Input"/> spells it.</summary>
    public const string InputName = "input";

    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>The input tensor.</summary>
    public required TensorSpec Input { get; init; }

    /// <summary>Layers in topological order; the last one's output is the network's.</summary>
    public required ImmutableArray<Layer> Layers { get; init; }

    /// <summary>The tensor that the last layer makes.</summary>
    public TensorSpec Output => Layers[^1].Output;

    /// <summary>The tensor that layer <paramref name="index"/> reads.</summary>
    /// <exception cref="InvalidOperationException">No earlier layer makes it: the network is not well-formed.</exception>
    public TensorSpec InputOf(int index) => TensorBefore(index, Layers[index].Input);

    /// <summary>The tensors that layer <paramref name="index"/> reads, in order.</summary>
    /// <exception cref="InvalidOperationException">No earlier layer makes one of them: the network is not well-formed.</exception>
    public ImmutableArray<TensorSpec> InputsOf(int index) => [.. Layers[index].Inputs.Select(name => TensorBefore(index, name))];

    private TensorSpec TensorBefore(int index, string name) =>
        name == InputName ? Input : Layers.Take(index).Single(layer => layer.Name == name).Output;

    /// <summary>Value equality, layer by layer.</summary>
    public bool Equals(IntegerNetwork? other) =>
        other is not null && Name == other.Name && Input == other.Input && Layers.AsSpan().SequenceEqual(other.Layers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Input, Layers.Length);
}
