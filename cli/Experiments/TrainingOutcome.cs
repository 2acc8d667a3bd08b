// SPDX-License-Identifier: Apache-2.0
using Reports.Runs;

namespace Cli.Experiments;

/// <summary>What training and lowering say about a network.</summary>
public sealed record TrainingOutcome
{
    /// <summary>Accuracy in floating point; null where the recipe has no float phase.</summary>
    public required double? FloatAccuracy { get; init; }

    /// <summary>Accuracy of the fake-quantised forward pass on the test images.</summary>
    public required double? TrainedAccuracy { get; init; }

    /// <summary>Accuracy of integer codes as exact floats.</summary>
    public required double QuantizedAccuracy { get; init; }

    /// <summary>Codes in which the fake-quantised pass and the integer codes differ, over all layers.</summary>
    public required long TrainedQuantizedDifferences { get; init; }

    /// <summary>The same as a share of all codes.</summary>
    public required double TrainedQuantizedRate { get; init; }

    /// <summary>Loss and validation accuracy by epoch.</summary>
    public required IReadOnlyList<TrainingPoint> Curve { get; init; }

    /// <summary>What codes reached to, by epoch.</summary>
    public required IReadOnlyList<RangePoint> Ranges { get; init; }
}
