// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation;

/// <summary>How <see cref="FastEngine.Execute"/> goes about its work; no setting but <see cref="KeepLayerOutputs"/> changes the result.</summary>
public sealed record ExecutionOptions
{
    /// <summary>Threads that images are spread over.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Whether the codes of every layer are kept in <see cref="ValueResult.LayerOutputs"/>.</summary>
    public bool KeepLayerOutputs { get; init; }

    /// <summary>Told the number of finished images from time to time, in rising order.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>Ends the work with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Instructions that kernels may use: the machine's best unless set.</summary>
    public InstructionSet InstructionSet { get; init; } = InstructionSets.Best;
}
