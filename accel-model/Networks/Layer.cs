// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>One node of the network.</summary>
public abstract record Layer
{
    /// <summary>Unique name; its output tensor carries the same name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the tensor it reads: <c>input</c> or an earlier layer.</summary>
    public required string Input { get; init; }

    /// <summary>The tensor it makes.</summary>
    public required TensorSpec Output { get; init; }

    /// <summary>The kind as files and reports spell it.</summary>
    public abstract string Kind { get; }
}
