// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using NnTrain.Models;

namespace NnTrain.Training;

/// <summary>A training left the numbers, or learned to be worse than a guess; its last checkpoint is that of the last epoch that did not.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>A layer's output or parameters are not finite.</summary>
    public TrainingDivergedException(string layer, TrainingPhase phase, int epoch, int batch)
        : base(Text(phase, epoch, FormattableString.Invariant($", batch {batch}"), $"layer '{layer}' is not finite")) => (Layer, Phase, Epoch, Batch) = (layer, phase, epoch, batch);

    /// <summary>The mean loss of a phase's last epoch is far beyond that of a guess.</summary>
    public TrainingDivergedException(TrainingPhase phase, int epoch, double loss, double most)
        : base(Text(phase, epoch, "", FormattableString.Invariant($"the loss is {loss:g4}, more than {most:g4} (ten times that of a guess)"))) => (Phase, Epoch) = (phase, epoch);

    /// <summary>The first layer whose output or parameters are infinite or not a number; null where all are finite.</summary>
    public string? Layer { get; }

    /// <summary>The phase.</summary>
    public TrainingPhase Phase { get; }

    /// <summary>The epoch, counted from 1 in the phase.</summary>
    public int Epoch { get; }

    /// <summary>The batch, counted from 1 in the epoch; null for the whole epoch.</summary>
    public int? Batch { get; }

    private static string Text(TrainingPhase phase, int epoch, string batch, string what) =>
        FormattableString.Invariant($"training diverged: {what} in the {EnumNames.Of(phase)} phase, epoch {epoch}{batch}; the last good checkpoint is kept");

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
