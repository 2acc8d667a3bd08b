// SPDX-License-Identifier: Apache-2.0
using Cli.CommandLine;
using Cli.Experiments;
using NnTrain.Training;
using Reports.Terminal;

namespace Cli.Sweeps;

/// <summary>One bar over several trainings, with the time that is left for all of them.</summary>
public sealed class TrainingsProgress : IDisposable
{
    private readonly Dictionary<string, (int Number, TrainedSource Source, long Before)> _trainings = [];
    private readonly TerminalProgress? _bar;

    private TrainingsProgress(IReadOnlyList<(TrainedSource Source, TrainingImages Images)> trainings, TextWriter log)
    {
        long total = 0;
        foreach ((TrainedSource source, TrainingImages images) in trainings)
        {
            _trainings.Add(TrainingCache.KeyOf(source, images), (_trainings.Count + 1, source, total));
            total += Epochs(source) * (long)Math.Max(1, images.Sets.Training.Count / source.Training.BatchSize);
        }

        _bar = total == 0 ? null : new TerminalProgress("train", total, "batches", log);
    }

    /// <summary>A bar over <paramref name="trainings"/>; none where there are none.</summary>
    public static TrainingsProgress Of(IReadOnlyList<(TrainedSource Source, TrainingImages Images)> trainings, TextWriter log) => new(trainings, log);

    /// <summary>Who listens to a training, by its key in the cache.</summary>
    public IProgress<TrainingProgress>? Listener(string key) =>
        _bar is not null && _trainings.TryGetValue(key, out (int Number, TrainedSource Source, long Before) training)
            ? new CallbackProgress<TrainingProgress>(now => _bar.Report(training.Before + Done(training.Source, now), Note(training.Number, training.Source, now)))
            : null;

    /// <inheritdoc/>
    public void Dispose() => _bar?.Dispose();

    private static int Epochs(TrainedSource source) => TrainingCache.OwnFloatEpochs(source) + (source.Training.QuantizedPhase?.Epochs ?? 0);

    private static long Done(TrainedSource source, TrainingProgress now)
    {
        int before = now.Phase == TrainingPhase.Quantized ? TrainingCache.OwnFloatEpochs(source) : 0;
        return (before + now.Epoch) * (long)now.Batches + now.Batch;
    }

    private string Note(int number, TrainedSource source, TrainingProgress now) => FormattableString.Invariant(
        $"{number}/{_trainings.Count} {source.Network.Name} {(source.Training.QuantizedPhase is null ? "float" : source.Training.Name)}, epoch {now.Epoch + 1}/{now.Epochs}, loss {now.Loss:0.0000}");
}
