// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using AccelModel.Numerics;
using NnTrain.Inspection;

namespace NnTrain.Training;

/// <summary>How far a training is, in words and numbers.</summary>
public sealed record TrainingState
{
    /// <summary>What made it; see <see cref="TrainingPlan.Fingerprint"/>.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The phase.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>Finished epochs of the phase.</summary>
    public required int Epoch { get; init; }

    /// <summary>Set at the end of the float phase.</summary>
    public required double? FloatAccuracy { get; init; }

    /// <summary>All finished epochs.</summary>
    public required ImmutableArray<EpochResult> Epochs { get; init; }

    /// <summary>What codes reached to after each of those with quantisers.</summary>
    public ImmutableArray<QuantizedRange> Ranges { get; init; } = [];
}

/// <summary>
/// The end of an epoch, from which training goes on with the same bits. Order of images and augmentation follow from the seed and the
/// number of the epoch, so they need no state.
/// </summary>
public sealed record Checkpoint
{
    private const string ModelPrefix = "model/";
    private const string OptimizerPrefix = "optimizer/";
    private const string TeacherPrefix = "teacher/";

    /// <summary>How far it is.</summary>
    public required TrainingState State { get; init; }

    /// <summary>Parameters and buffers.</summary>
    public required ImmutableSortedDictionary<string, NpyArray> Model { get; init; }

    /// <summary>State of the phase's optimizer.</summary>
    public required ImmutableSortedDictionary<string, NpyArray> Optimizer { get; init; }

    /// <summary>The float network that the loss takes from; empty where it does not.</summary>
    public required ImmutableSortedDictionary<string, NpyArray> Teacher { get; init; }

    /// <summary>The file in a training's folder.</summary>
    public static string PathIn(string directory) => Path.Combine(directory, "checkpoint", "checkpoint.npz");

    /// <summary>Replaces the file of a training's folder, all or nothing.</summary>
    public void Save(string directory)
    {
        string path = PathIn(directory);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        new TensorArchive(
            TrainingJson.Write(State),
            TensorArchive.NoArrays.AddRange(Under(ModelPrefix, Model)).AddRange(Under(OptimizerPrefix, Optimizer)).AddRange(Under(TeacherPrefix, Teacher))).Save(path);
    }

    /// <summary>The checkpoint of a training's folder; null where there is none.</summary>
    /// <exception cref="TrainingFileException">The file is damaged.</exception>
    public static Checkpoint? Load(string directory)
    {
        string path = PathIn(directory);
        if (!File.Exists(path))
        {
            return null;
        }
        TensorArchive archive = TensorArchive.Load(path);
        try
        {
            return new Checkpoint
            {
                State = TrainingJson.Read<TrainingState>(archive.Text),
                Model = Below(ModelPrefix, archive),
                Optimizer = Below(OptimizerPrefix, archive),
                Teacher = Below(TeacherPrefix, archive),
            };
        }
        catch (JsonException exception)
        {
            throw new TrainingFileException(path, $"not a checkpoint, found that {exception.Message}");
        }
    }

    private static IEnumerable<KeyValuePair<string, NpyArray>> Under(string prefix, ImmutableSortedDictionary<string, NpyArray> arrays) =>
        arrays.Select(entry => new KeyValuePair<string, NpyArray>(prefix + entry.Key, entry.Value));

    private static ImmutableSortedDictionary<string, NpyArray> Below(string prefix, TensorArchive archive) =>
        TensorArchive.NoArrays.AddRange(archive.Arrays
            .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => new KeyValuePair<string, NpyArray>(entry.Key[prefix.Length..], entry.Value)));
}
