// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks;

/// <summary>One node of the network.</summary>
public abstract record Layer
{
    /// <summary>Unique name; its output tensor carries the same name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the (first) tensor it reads: <c>input</c> or an earlier layer.</summary>
    public required string Input { get; init; }

    /// <summary>The tensor it makes.</summary>
    public required TensorSpec Output { get; init; }

    /// <summary>The kind as files and reports spell it.</summary>
    public abstract string Kind { get; }

    /// <summary>Names of the tensors it reads besides <see cref="Input"/>, in order.</summary>
    public virtual ImmutableArray<string> FurtherInputs => [];

    /// <summary>Names of all tensors it reads, in order.</summary>
    public ImmutableArray<string> Inputs => [Input, .. FurtherInputs];
}
