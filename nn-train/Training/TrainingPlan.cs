// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using AccelModel.Specification;
using NnTrain.Data;
using NnTrain.Specification;

namespace NnTrain.Training;

/// <summary>One training: what is trained, how, and where its files go.</summary>
public sealed record TrainingPlan
{
    /// <summary>The topology.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>The recipe.</summary>
    public required TrainingSpec Recipe { get; init; }

    /// <summary>Folder of checkpoint and history; it is made where it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary>A network whose floating-point weights replace the float phase; null to train them.</summary>
    public TrainedNetwork? FloatNetwork { get; init; }

    /// <summary>The design that bits are priced on; needed where the recipe learns them for one.</summary>
    public AcceleratorSpec? Accelerator { get; init; }

    /// <summary>What a checkpoint must agree in to be resumed: network, recipe, environment, images and starting weights.</summary>
    internal string Fingerprint(TrainingEnvironment environment, ImageSets images) => SpecHash.Of(new object?[]
    {
        Network,
        Recipe,
        environment,
        HashOf(images.Training),
        HashOf(images.Validation),
        HashOf(images.Test),
        FloatNetwork?.Parameters.Select(entry => $"{entry.Key} {Hex(entry.Value.Data)}"),
    });

    private static string HashOf(ImageSet set) => Hex(set.Pixels) + Hex(set.Labels);

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
