// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Sweeps;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Strategies;
using Cli.Sweeps.Units;
using NnTrain.Training;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Some points with few epochs, the best of them with more: no epoch twice, and the end is that of a grid.</summary>
[Collection(Training.Name)]
public sealed class SuccessiveHalvingTests : IDisposable
{
    private const string Axes = "axes:\n  - {keys: [training.quantized_phase.weights.bits], values: [3, 4]}\n  - {keys: [training.quantized_phase.optimizer.learning_rate], values: [0.001, 0.002]}\n"
        + "  - {keys: [training.quantized_phase.epochs], values: [4]}\n";

    private readonly TinyExperiment _tiny = new();
    private readonly ConcurrentBag<string> _epochs = [];

    public void Dispose() => _tiny.Dispose();

    [Theory]
    [InlineData(27, 3, 1, 27, "1:27 3:9 9:3 27:1")]
    [InlineData(16, 2, 1, 4, "1:16 2:8 4:4")]
    [InlineData(5, 3, 2, 10, "2:5 6:1 10:1")]
    [InlineData(4, 2, 9, 4, "4:4")]
    public void Rungs_have_eta_times_the_epochs_and_an_etath_of_the_points(int points, int eta, int minimum, int epochs, string rungs) => Assert.Equal(
        rungs,
        string.Join(' ', SuccessiveHalving.Rungs(new(StrategyKind.SuccessiveHalving, points, 0, 1) { Eta = eta, MinEpochs = minimum }, points, epochs).Select(rung => $"{rung.Epochs}:{rung.Points}")));

    [Fact]
    public void Every_epoch_is_trained_once_and_who_reaches_the_end_has_the_figures_of_a_grid()
    {
        SweepSpec grid = Load(""), halving = Load("strategy: {kind: successive_halving, points: 4, eta: 2, min_epochs: 1}\n");
        Dictionary<string, string[]> whole = Rows(Run(grid, "grid"), "grid");
        _epochs.Clear();

        Dictionary<string, string[]> halved = Rows(Run(halving, "halving"), "halving");

        // Float phase: 2 epochs, once. Quantised: four points 1, two of them up to 2, one of them up to 4.
        Assert.Equal(2 + 4 + 2 + 2, _epochs.Count);
        Assert.Equal(_epochs.Count, _epochs.Distinct().Count());
        Assert.Equal(["1", "1", "2", "4"], halved.Values.Select(row => row[^1]).Order());
        KeyValuePair<string, string[]> last = halved.Single(row => row.Value[^1] == "4");
        Assert.Equal(whole[last.Key], last.Value[..^1]);

        // Nothing is left to do.
        _epochs.Clear();
        Assert.Equal(halved, Rows(Run(halving, "halving", resume: true), "halving"));
        Assert.Empty(_epochs);
    }

    [Fact]
    public void A_halving_that_is_stopped_ends_with_the_same_bytes()
    {
        SweepSpec halving = Load("strategy: {kind: successive_halving, points: 4, eta: 2, min_epochs: 1}\n");
        Run(halving, "whole");
        _epochs.Clear();
        using (var stop = new CancellationTokenSource())
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Run(halving, "parts", stop: stop, stopAfter: 8));
        }

        Run(halving, "parts", resume: true);

        Assert.Equal(File.ReadAllText(_tiny.PathOf("whole/results.csv")), File.ReadAllText(_tiny.PathOf("parts/results.csv")));
    }

    private SweepSpec Load(string strategy)
    {
        SpecIssues issues = [];
        SweepSpec? sweep = SweepFile.Load(_tiny.Write("sweep.yaml", $"name: tiny\nexperiment: experiment.yaml\nmaximise: [accuracy]\n{strategy}{Axes}"), issues);
        Assert.Empty(issues);
        return sweep!;
    }

    private SweepResult Run(SweepSpec sweep, string folder, bool resume = false, CancellationTokenSource? stop = null, int stopAfter = int.MaxValue)
    {
        var files = new SweepFolder(_tiny.PathOf(folder));
        var environment = new SweepEnvironment
        {
            Images = TinyExperiment.Images, Log = TextWriter.Null, Cancellation = stop?.Token ?? CancellationToken.None,
            Worker = () => new CountingWorker(new LocalWorker(new(TinyExperiment.Images), new(files.Cache, TextWriter.Null), PointLimits.None, PointDetails.None, threads: 1), epoch =>
            {
                _epochs.Add(epoch);
                if (_epochs.Count == stopAfter)
                {
                    stop!.Cancel();
                }
            }),
        };
        return new SweepRunner(sweep, files, environment).Run(resume);
    }

    /// <summary>Rows by what they vary, without number and keys.</summary>
    private Dictionary<string, string[]> Rows(SweepResult result, string folder)
    {
        Assert.Equal(0, result.Failed + result.Invalid);
        string[][] rows = [.. File.ReadAllLines(_tiny.PathOf(folder + "/results.csv")).Skip(1).Select(line => line.Split(','))];
        return rows.ToDictionary(row => $"{row[1]} {row[2]}", row => row[4..^1]);
    }

    /// <summary>Tells each epoch that ends.</summary>
    private sealed class CountingWorker(LocalWorker worker, Action<string> epochEnded) : IWorker
    {
        public int Trainings => worker.Trainings;

        public WorkReply Do(WorkItem item, IProgress<TrainingProgress>? progress, CancellationToken cancellation) => worker.Do(
            item,
            new CallbackProgress<TrainingProgress>(now =>
            {
                // The last batch is told twice: once alone, once with what the epoch came to.
                if (now.Batch == now.Batches && now.ValidationAccuracy is not null)
                {
                    epochEnded($"{item.Kind} {(item.Kind == WorkKind.Training ? item.Point.Id : "")} {now.Phase} {now.Epoch}");
                }
            }),
            cancellation);

        public void Dispose() => worker.Dispose();
    }
}
