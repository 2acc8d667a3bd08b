// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using NnTrain.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>Starts a model from the weights of another training of the same topology.</summary>
internal static class FloatWeights
{
    private const string QuantizerPart = "Quantizer.";
    private const string TransitionPart = ".transition.";
    private const string PruningPart = ".pruning.";

    /// <summary>Copies everything but the state of quantizers and transitions.</summary>
    /// <exception cref="ArgumentException">The trained network has another topology or batch norm.</exception>
    public static void Copy(TrainedNetwork trained, NetworkModel model)
    {
        try
        {
            Copy(trained.Parameters, model);
        }
        catch (InvalidDataException exception)
        {
            throw new ArgumentException(
                $"'{trained.Network.Name}' trained by '{trained.Recipe.Name}' cannot be started from, found that {exception.Message}",
                exception);
        }
    }

    /// <summary>As <see cref="Copy(TrainedNetwork, NetworkModel)"/>, from arrays by name.</summary>
    /// <exception cref="InvalidDataException">Names or shapes differ.</exception>
    public static void Copy(IEnumerable<KeyValuePair<string, NpyArray>> arrays, NetworkModel model)
    {
        ImmutableArray<KeyValuePair<string, Tensor>> targets = [.. ModelState.Of(model).Where(entry => !OfQuantizedPhase(entry.Key))];
        ModelState.Write(arrays.Where(entry => !OfQuantizedPhase(entry.Key)).ToDictionary(), targets);
    }

    private static bool OfQuantizedPhase(string name) =>
        name.Contains(QuantizerPart, StringComparison.Ordinal) || name.Contains(TransitionPart, StringComparison.Ordinal)
        || name.Contains(PruningPart, StringComparison.Ordinal);
}
