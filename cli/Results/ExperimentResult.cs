// SPDX-License-Identifier: Apache-2.0
using NnTrain.Training;

namespace Cli.Results;

/// <summary>What one experiment of the list came to; kept in a file. Accuracies are fractions of the test images.</summary>
public sealed record ExperimentResult
{
    /// <summary>What the result depends on, as a hash.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the resolved experiment.</summary>
    public required string ConfigSha256 { get; init; }

    /// <summary>Data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Topology.</summary>
    public required string Network { get; init; }

    /// <summary>Seed of the training.</summary>
    public required long Seed { get; init; }

    /// <summary>Epochs in floating point.</summary>
    public required int FloatEpochs { get; init; }

    /// <summary>Epochs with quantised weights and activations.</summary>
    public required int QuantizedEpochs { get; init; }

    /// <summary>What the training ran on.</summary>
    public required TrainingEnvironment Environment { get; init; }

    /// <summary>In floating point; null for a recipe without float phase.</summary>
    public required double? FloatAccuracy { get; init; }

    /// <summary>What it is stored in; null without a quantised phase.</summary>
    public StoredBits? Stored { get; init; }

    /// <summary>Share of the integer network's weights that are 0 or a power of two with either sign; null without a quantised phase, and in results that were kept before it was counted.</summary>
    public double? PowerOfTwoShare { get; init; }

    /// <summary>How long the training took by the clock, without a float phase that others share; null where that is not known.</summary>
    public double? TrainingSeconds { get; init; }

    /// <summary>What the accelerator did; null for a recipe in floating point only.</summary>
    public HardwareResult? Hardware { get; init; }
}

/// <summary>A network on the accelerator.</summary>
public sealed record HardwareResult
{
    /// <summary>Test images that were executed.</summary>
    public required int TestImages { get; init; }

    /// <summary>The fake-quantised forward pass.</summary>
    public required double TrainedAccuracy { get; init; }

    /// <summary>Integer codes as exact numbers.</summary>
    public required double QuantizedAccuracy { get; init; }

    /// <summary>The accelerator.</summary>
    public required double IntegerAccuracy { get; init; }

    /// <summary>Codes in which trained and quantized differ, over all layers and images.</summary>
    public required long TrainedQuantizedDifferences { get; init; }

    /// <summary>The same as a share of all codes.</summary>
    public required double TrainedQuantizedRate { get; init; }

    /// <summary>
    /// Codes in which quantized and the accelerator differ, over all stored tensors and images; null for stochastic rounding, whose words the schedule
    /// deals out.
    /// </summary>
    public required long? QuantizedIntegerDifferences { get; init; }

    /// <summary>Name of the design.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Cycles of one inference.</summary>
    public required long CyclesPerInference { get; init; }

    /// <summary>The same in microseconds.</summary>
    public required double LatencyUs { get; init; }

    /// <summary>Look-up tables, by the first-order formula.</summary>
    public required double Lut { get; init; }

    /// <summary>Energy of one inference, nanojoules; null in results that were kept before it was counted.</summary>
    public double? EnergyNj { get; init; }

    /// <summary>Overflows of partial sums and accumulators over all test images.</summary>
    public required long Overflows { get; init; }
}
