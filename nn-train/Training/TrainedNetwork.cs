// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AccelModel.Numerics;
using NnTrain.Inspection;
using NnTrain.Models;
using NnTrain.Specification;

namespace NnTrain.Training;

/// <summary>The result of a training; a value without any tensor of the library, which <see cref="CreateModel"/> turns into a model.</summary>
public sealed record TrainedNetwork
{
    /// <summary>Name of the file with the parameters.</summary>
    public const string FileName = "trained.npz";

    /// <summary>The topology.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>The recipe.</summary>
    public required TrainingSpec Recipe { get; init; }

    /// <summary>What it ran on: results repeat there.</summary>
    public required TrainingEnvironment Environment { get; init; }

    /// <summary>One entry an epoch.</summary>
    public required ImmutableArray<EpochResult> Epochs { get; init; }

    /// <summary>What codes reached to after each epoch with quantisers.</summary>
    public ImmutableArray<QuantizedRange> Ranges { get; init; } = [];

    /// <summary>Share of the test images that the network in floating point classified right; null without a float phase.</summary>
    public required double? FloatAccuracy { get; init; }

    /// <summary>Share of the test images that the fake-quantised network classifies right; null for a recipe in floating point only.</summary>
    public required double? TrainedAccuracy { get; init; }

    /// <summary>What the experiment said, where the float network was rewritten or bits were given to layers; null where <see cref="Network"/> and <see cref="Recipe"/> are that.</summary>
    public AskedTraining? Asked { get; init; }

    /// <summary>Parameters and buffers by name.</summary>
    public required ImmutableSortedDictionary<string, NpyArray> Parameters { get; init; }

    /// <summary>The trained model, not in training; quantised where the recipe is.</summary>
    /// <exception cref="InvalidDataException">The parameters are not those of the network.</exception>
    public NetworkModel CreateModel()
    {
        NetworkModel model = new(Network, Recipe) { Quantized = Recipe.QuantizedPhase is not null };
        ModelState.Write(Parameters, ModelState.Of(model));
        model.eval();
        return model;
    }

    /// <summary>Writes <c>trained.npz</c>, <c>history.csv</c> and <c>ranges.csv</c> into a folder.</summary>
    public void Save(string directory)
    {
        Directory.CreateDirectory(directory);
        Summary summary = new(Network, Recipe, Environment, FloatAccuracy, TrainedAccuracy, Epochs) { Asked = Asked, Ranges = Ranges };
        new TensorArchive(TrainingJson.Write(summary), Parameters).Save(Path.Combine(directory, FileName));
        History.Save(directory, Epochs, Ranges);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="TrainingFileException">It is missing, damaged or something else.</exception>
    public static TrainedNetwork Load(string directory)
    {
        string path = Path.Combine(directory, FileName);
        TensorArchive archive = TensorArchive.Load(path);
        try
        {
            Summary summary = TrainingJson.Read<Summary>(archive.Text);
            return new TrainedNetwork
            {
                Network = summary.Network,
                Recipe = summary.Recipe,
                Environment = summary.Environment,
                FloatAccuracy = summary.FloatAccuracy,
                TrainedAccuracy = summary.TrainedAccuracy,
                Epochs = summary.Epochs,
                Ranges = summary.Ranges,
                Asked = summary.Asked,
                Parameters = archive.Arrays,
            };
        }
        catch (JsonException exception)
        {
            throw new TrainingFileException(path, $"not a trained network, found that {exception.Message}");
        }
    }

    private sealed record Summary(
        NetworkSpec Network,
        TrainingSpec Recipe,
        TrainingEnvironment Environment,
        double? FloatAccuracy,
        double? TrainedAccuracy,
        ImmutableArray<EpochResult> Epochs)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public AskedTraining? Asked { get; init; }

        public ImmutableArray<QuantizedRange> Ranges { get; init; } = [];
    }
}

/// <summary>Topology and recipe as an experiment says them.</summary>
/// <param name="Network">The topology, before channels were split.</param>
/// <param name="Recipe">The recipe, before bits were given to layers and batch norm was folded.</param>
public sealed record AskedTraining(NetworkSpec Network, TrainingSpec Recipe);
