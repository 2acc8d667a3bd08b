// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using Cli.Experiments;
using Cli.Results;
using NnTrain.Specification;

namespace Cli.Methods;

/// <summary>What a method came to. Accuracies are fractions of the test images.</summary>
public sealed record MethodResult
{
    /// <summary>The method.</summary>
    public required string Id { get; init; }

    /// <summary>Topology.</summary>
    public required string Network { get; init; }

    /// <summary>Data set.</summary>
    public required string Data { get; init; }

    /// <summary>Seeds of the trainings.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>Before quantisation.</summary>
    public required double? FloatAccuracy { get; init; }

    /// <summary>The fake-quantised forward pass.</summary>
    public required double TrainedAccuracy { get; init; }

    /// <summary>Integer codes as exact numbers.</summary>
    public required double QuantizedAccuracy { get; init; }

    /// <summary>The accelerator.</summary>
    public required double IntegerAccuracy { get; init; }

    /// <summary>Codes that differ between the quantised evaluation and the accelerator.</summary>
    public required long? DifferingCodes { get; init; }

    /// <summary>Bits of a weight of the layers between the first and the last; of a codebook those of an index; the mean over all weights where layers were given bits.</summary>
    public required double WeightBits { get; init; }

    /// <summary>Bits of an activation; the mean over layers where they were given bits.</summary>
    public required double ActivationBits { get; init; }

    /// <summary>All weights, each with the bits of its layer.</summary>
    public required long WeightStorageBits { get; init; }

    /// <summary>The design.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Batch 1, nothing resident.</summary>
    public required long CyclesPerInference { get; init; }

    /// <summary>Look-up tables.</summary>
    public required double Area { get; init; }

    /// <summary>Nanojoules of one inference.</summary>
    public required double? Energy { get; init; }

    /// <summary>Seconds by the clock that the method's own training took, without the float network that it starts from; null where that was not kept.</summary>
    public double? TrainingSeconds { get; init; }

    /// <summary>What the training ran on.</summary>
    public required string Environment { get; init; }

    /// <summary>A finished experiment of a method as one line.</summary>
    /// <exception cref="ArgumentException">The recipe is in floating point only.</exception>
    public static MethodResult Of(string id, ExperimentSpec experiment, ExperimentResult result)
    {
        TrainedSource source = experiment.Trained!;
        if (source.Training.QuantizedPhase is null || result is not { Hardware: HardwareResult hardware, Stored: StoredBits stored })
        {
            throw new ArgumentException($"the recipe of '{id}' is in floating point only", nameof(experiment));
        }

        return new()
        {
            Id = id,
            Network = result.Network,
            Data = result.Dataset,
            Seeds = [result.Seed],
            FloatAccuracy = result.FloatAccuracy,
            TrainedAccuracy = hardware.TrainedAccuracy,
            QuantizedAccuracy = hardware.QuantizedAccuracy,
            IntegerAccuracy = hardware.IntegerAccuracy,
            DifferingCodes = hardware.QuantizedIntegerDifferences,
            WeightBits = stored.Weights,
            ActivationBits = stored.Activations,
            WeightStorageBits = stored.AllWeights,
            Accelerator = hardware.Accelerator,
            CyclesPerInference = hardware.CyclesPerInference,
            Area = hardware.Lut,
            Energy = hardware.EnergyNj,
            TrainingSeconds = result.TrainingSeconds,
            Environment = ResultsPage.Environment(result),
        };
    }
}
