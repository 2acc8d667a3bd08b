// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using NnTrain.Models;
using NnTrain.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>Between tensors and arrays: everything that a model or an optimizer remembers, by name.</summary>
public static class ModelState
{
    private const string WeightEnding = ".weight";
    private const string LevelEnding = ".level";

    /// <summary>The values of tensors.</summary>
    public static ImmutableSortedDictionary<string, NpyArray> Read(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return TensorArchive.NoArrays.AddRange(tensors.Select(entry => new KeyValuePair<string, NpyArray>(
            entry.Key, NpyArray.FromFloats([.. entry.Value.shape.Select(extent => (int)extent)], entry.Value.data<float>().ToArray()))));
    }

    /// <summary>Puts values into tensors of the same names and shapes.</summary>
    /// <exception cref="InvalidDataException">Names or shapes differ.</exception>
    public static void Write(IReadOnlyDictionary<string, NpyArray> arrays, IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (arrays.Count != tensors.Count)
        {
            throw new InvalidDataException($"it has {arrays.Count} arrays where {tensors.Count} are expected");
        }
        foreach ((string name, Tensor target) in tensors)
        {
            long[] shape = target.shape;
            if (!arrays.TryGetValue(name, out NpyArray? array) || !array.Shape.Select(extent => (long)extent).SequenceEqual(shape))
            {
                throw new InvalidDataException($"it has no array {name} of the shape ({string.Join(", ", shape)})");
            }
            target.copy_(tensor(array.ToFloats(), shape));
        }
    }

    /// <summary>Parameters and buffers of a model.</summary>
    public static IReadOnlyCollection<KeyValuePair<string, Tensor>> Of(NetworkModel model) =>
    [
        .. model.named_parameters().Select(entry => new KeyValuePair<string, Tensor>(entry.name, entry.parameter)),
        .. model.named_buffers().Select(entry => new KeyValuePair<string, Tensor>(entry.name, entry.buffer)),
    ];

    /// <summary>Parameters of a model with what an optimizer needs to know: weights and clipping levels decay.</summary>
    public static IReadOnlyList<TrainedParameter> TrainedParameters(NetworkModel model) =>
    [
        .. model.named_parameters().Select(entry => new TrainedParameter(
            entry.name,
            entry.parameter,
            entry.name.EndsWith(WeightEnding, StringComparison.Ordinal) || entry.name.EndsWith(LevelEnding, StringComparison.Ordinal))),
    ];

    /// <summary>The first tensor that has an element which is not finite, or null.</summary>
    public static string? FirstNotFinite(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor value) in tensors)
        {
            if (!value.isfinite().all().item<bool>())
            {
                return name;
            }
        }
        return null;
    }
}
