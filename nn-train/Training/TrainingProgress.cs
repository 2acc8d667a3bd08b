// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Training;

/// <summary>The two parts of a training.</summary>
public enum TrainingPhase
{
    /// <summary>In floating point.</summary>
    Float,

    /// <summary>With quantised weights and activations.</summary>
    Quantized,
}

/// <summary>Where a training is; for people, never for files.</summary>
public sealed record TrainingProgress
{
    /// <summary>The phase.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>Epochs of the phase that are finished, 0 in the first.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs of the phase.</summary>
    public required int Epochs { get; init; }

    /// <summary>Batches of the epoch that are finished.</summary>
    public required int Batch { get; init; }

    /// <summary>Batches of an epoch.</summary>
    public required int Batches { get; init; }

    /// <summary>Mean loss of the epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>Share of the validation images that were right, at the end of an epoch; null before.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>Estimate for the rest of all phases, from the speed so far.</summary>
    public required TimeSpan Remaining { get; init; }
}
