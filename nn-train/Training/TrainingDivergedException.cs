// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Specification.Yaml;
using NnTrain.Models;

namespace NnTrain.Training;

/// <summary>A training left the numbers; its last checkpoint is that of the last epoch that stayed within them.</summary>
public sealed class TrainingDivergedException(string layer, TrainingPhase phase, int epoch, int batch)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"training diverged: layer '{layer}' is not finite in the {EnumNames.Of(phase)} phase, epoch {epoch}, batch {batch}; the last good checkpoint is kept"))
{
    /// <summary>The first layer whose output or parameters are infinite or not a number.</summary>
    public string Layer { get; } = layer;

    /// <summary>The phase.</summary>
    public TrainingPhase Phase { get; } = phase;

    /// <summary>The epoch, counted from 1 in the phase.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The batch, counted from 1 in the epoch.</summary>
    public int Batch { get; } = batch;

    /// <summary>The first layer in the order of computation that a batch finds not finite.</summary>
    internal static string FirstLayer(NetworkModel model, ImageBatch batch)
    {
        string? first = null;
        model.Forward(batch.Images, (name, output) =>
            first ??= ModelState.FirstNotFinite([new(name, output.Values)]));
        first ??= ModelState.FirstNotFinite(ModelState.Of(model));
        return (first ?? model.MatrixLayers.Last().GetName()).Split('.')[0];
    }
}
