// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Simulation;

namespace AccelModel.Networks;

/// <summary>What <see cref="ReferenceInterpreter"/> found for a batch of images.</summary>
public sealed record InterpreterResult
{
    /// <summary>Images.</summary>
    public required int Images { get; init; }

    /// <summary>Codes of every layer of the network, in the order of <see cref="IntegerNetwork.Layers"/>: image after image, each in rows, columns, channels order.</summary>
    public required ImmutableArray<int[]> LayerOutputs { get; init; }

    /// <summary>Overflows of every layer of the network; none where a layer had no plan or does not add.</summary>
    public required ImmutableArray<LayerOverflows> Overflows { get; init; }

    /// <summary>Codes of the network's output.</summary>
    public int[] Output => LayerOutputs[^1];
}
