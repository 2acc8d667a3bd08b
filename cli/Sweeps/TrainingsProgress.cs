// SPDX-License-Identifier: Apache-2.0
using Cli.CommandLine;
using Cli.Experiments;
using NnTrain.Training;
using Reports.Terminal;

namespace Cli.Sweeps;

/// <summary>One bar over several trainings, with the time that is left for all of them.</summary>
public sealed class TrainingsProgress : IDisposable
{
    private readonly Dictionary<string, (int Number, TrainedSource Source)> _trainings = [];
    private readonly Dictionary<string, long> _done = [];
    private readonly Lock _gate = new();
    private readonly int? _epochs;
    private readonly TerminalProgress? _bar;

    private TrainingsProgress(IReadOnlyList<(TrainedSource Source, TrainingImages Images)> trainings, int? epochs, TextWriter log)
    {
        _epochs = epochs;
        long total = 0;
        foreach ((TrainedSource source, TrainingImages images) in trainings)
        {
            _trainings.Add(TrainingCache.KeyOf(source, images), (_trainings.Count + 1, source));
            total += Epochs(source) * (long)Math.Max(1, images.Sets.Training.Count / source.Training.BatchSize);
        }

        _bar = total == 0 ? null : new TerminalProgress("train", total, "batches", log);
    }

    /// <summary>A bar over <paramref name="trainings"/>; none where there are none.</summary>
    /// <param name="trainings">What is trained.</param>
    /// <param name="log">Where the bar is drawn.</param>
    /// <param name="epochs">Epochs of the quantised phase after which they halt; null for all.</param>
    public static TrainingsProgress Of(IReadOnlyList<(TrainedSource Source, TrainingImages Images)> trainings, TextWriter log, int? epochs = null) => new(trainings, epochs, log);

    /// <summary>Who listens to a training, by its key in the cache.</summary>
    public IProgress<TrainingProgress>? Listener(string key) =>
        _bar is not null && _trainings.TryGetValue(key, out (int Number, TrainedSource Source) training)
            ? new CallbackProgress<TrainingProgress>(now => _bar.Report(Done(key, training.Source, now), Note(training.Number, training.Source, now)))
            : null;

    /// <inheritdoc/>
    public void Dispose() => _bar?.Dispose();

    private int Epochs(TrainedSource source) =>
        TrainingCache.OwnFloatEpochs(source) + (TrainingCache.Halt(source, _epochs) ?? source.Training.QuantizedPhase?.Epochs ?? 0);

    /// <summary>Batches of all trainings, of which several may run at once.</summary>
    private long Done(string key, TrainedSource source, TrainingProgress now)
    {
        int before = now.Phase == TrainingPhase.Quantized ? TrainingCache.OwnFloatEpochs(source) : 0;
        lock (_gate)
        {
            _done[key] = (before + now.Epoch) * (long)now.Batches + now.Batch;
            return _done.Values.Sum();
        }
    }

    private string Note(int number, TrainedSource source, TrainingProgress now) => FormattableString.Invariant(
        $"{number}/{_trainings.Count} {source.Network.Name} {(source.Training.QuantizedPhase is null ? "float" : source.Training.Name)}, epoch {now.Epoch + 1}/{now.Epochs}, loss {now.Loss:0.0000}");
}
