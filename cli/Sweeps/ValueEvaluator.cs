// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Storage;
using Cli.Sweeps.Strategies;
using Cli.Sweeps.Units;
using Reports.Terminal;

namespace Cli.Sweeps;

/// <summary>
/// Runs points with their values, split by what each part depends on: one training per distinct network, one lowering per training and requantiser, and per point only schedule, cycles and
/// values. Trainings and points are kept as they are finished, each in a file named by what it depends on, so that an interrupted or a grown sweep goes on where it was. Each piece of work
/// goes to a worker, which may be another process: what crashes there is a failed point here.
/// </summary>
public sealed class ValueEvaluator : IDisposable
{
    private readonly SweepSpec _sweep;
    private readonly SweepFolder _folder;
    private readonly SweepEnvironment _environment;
    private readonly ImmutableArray<Metric> _metrics;
    private readonly ValueJobs _jobs;
    private readonly TrainingCache _cache;
    private readonly FailureRecords _failures;
    private readonly IWorker _worker;
    private readonly Lock _gate = new();
    private readonly ResultRow _row;
    private RunningFront<string> _front;

    /// <summary>An evaluator of a sweep's points.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="folder">Where its files go.</param>
    /// <param name="environment">Images, workers, log and cancellation.</param>
    public ValueEvaluator(SweepSpec sweep, SweepFolder folder, SweepEnvironment environment)
    {
        (_sweep, _folder, _environment) = (sweep, folder, environment);
        _metrics = MetricTable.Of(sweep);
        _row = new(sweep);
        _front = new(sweep, _row);
        _jobs = new(environment.Images);
        _cache = new(folder.Cache, environment.Log);
        _failures = new(environment.FailureFolder, environment.Log);
        _worker = environment.Worker?.Invoke() ?? new LocalWorker(_jobs, _cache, environment.Limits, sweep.Details, Math.Max(1, Environment.ProcessorCount / environment.Workers));
    }

    /// <summary>Distinct trainings of the points so far.</summary>
    public int Trainings => _jobs.Trainings;

    /// <summary>Loads whatever the points need that may be missing; nothing is written or computed.</summary>
    /// <exception cref="CommandException">No point can keep to the constraints on the design, and there are no others.</exception>
    public void Prepare(IReadOnlyList<GridPoint> points)
    {
        _jobs.Of(points);
        if (_sweep.Strategy.Kind != StrategyKind.Nsga2)
        {
            // Later generations go where the constraints hold.
            DesignConstraints.Require(_sweep, points.Select(point => point.Experiment?.Accelerator).OfType<AcceleratorSpec>());
        }
    }

    /// <summary>The outcomes of points, in their order.</summary>
    /// <param name="points">The points.</param>
    /// <param name="epochs">Epochs of the quantised phase after which trainings halt; null for all.</param>
    public PointOutcome[] Evaluate(IReadOnlyList<GridPoint> points, int? epochs = null)
    {
        List<ValueJob> jobs = _jobs.Of(points, epochs);
        LoadFinished(jobs);
        Tell(points.Count, jobs);
        Show(jobs, epochs);
        Train([.. jobs.Where(job => job.Result is null)], epochs);
        DropForeign(jobs);
        Measure(jobs, epochs);
        Dictionary<string, PointResult?> results = jobs.ToDictionary(job => job.Point.Id, job => job.Result);
        return
        [
            .. points.Select(point => PointOutcome.Of(
                results.GetValueOrDefault(point.Id) ?? new() { Invalid = string.Join('\n', point.Reasons.Select(_sweep.RelativeText)) }, _metrics, point.Experiment?.Accelerator)),
        ];
    }

    /// <summary>Does the trainings of some points and nothing else.</summary>
    /// <param name="points">The points.</param>
    /// <param name="floatOnly">Only the float phases that recipes share.</param>
    /// <param name="epochs">Epochs of the quantised phase after which they halt; null for all.</param>
    /// <returns>How many of them failed.</returns>
    public long Train(IReadOnlyList<GridPoint> points, bool floatOnly, int? epochs) => Train(_jobs.Of(points, epochs), epochs, floatOnly);

    /// <summary>Whether every point has a result, or failed before and is not tried again.</summary>
    public bool IsFinished(IReadOnlyList<GridPoint> points, int? epochs)
    {
        List<ValueJob> jobs = _jobs.Of(points, epochs);
        LoadFinished(jobs);
        return jobs.All(job => job.Result is not null || _failures.Find(job.Key) is not null);
    }

    /// <summary>The trainings that points without a result lack, each once, with a point that has it: the float phases that recipes share, and the recipes.</summary>
    public (IReadOnlyList<GridPoint> Float, IReadOnlyList<GridPoint> Recipes) TrainingsOf(IReadOnlyList<GridPoint> points, int? epochs)
    {
        List<ValueJob> jobs = _jobs.Of(points, epochs);
        LoadFinished(jobs);
        (TrainedPointSource Source, GridPoint Point)[] open = [.. jobs.Where(job => job.Result is null && job.Source is TrainedPointSource).Select(job => ((TrainedPointSource)job.Source, job.Point))];
        HashSet<string> missing = [.. _cache.Missing(open.Select(entry => (entry.Source.Source, entry.Source.Images)).Distinct(), epochs).Select(item => TrainingCache.KeyOf(item.Source, item.Images))];
        IReadOnlyList<GridPoint> Of(Func<TrainedPointSource, TrainedSource?> part) =>
        [
            .. open.Select(entry => (Key: part(entry.Source) is TrainedSource source ? TrainingCache.KeyOf(source, entry.Source.Images) : "", entry.Point))
                .Where(entry => missing.Contains(entry.Key)).DistinctBy(entry => entry.Key).Select(entry => entry.Point),
        ];
        return (Of(source => TrainingCache.FloatPart(source.Source)), Of(source => source.Source));
    }

    /// <inheritdoc/>
    public void Dispose() => _worker.Dispose();

    /// <summary>Begins the front that is shown with what was finished before; the figures of a rung are not held against those of the one before.</summary>
    private void Show(List<ValueJob> jobs, int? epochs)
    {
        _front = epochs is null ? _front : new(_sweep, _row);
        foreach (ValueJob job in jobs.Where(job => job.Result is not null))
        {
            Show(job);
        }
    }

    private void Show(ValueJob job)
    {
        PointOutcome outcome = PointOutcome.Of(job.Result!, _metrics, job.Point.Experiment!.Accelerator);
        if (_row.IsFeasible(outcome) && _front.Takes(outcome, out double[] costs))
        {
            _front.Add(costs, outcome, job.Point.Id);
        }
    }

    private string FileOf(ValueJob job) => Path.Combine(_folder.Points, job.Key + ".json");

    /// <summary>Takes finished points; where those of one training disagree about its network, none of them.</summary>
    private void LoadFinished(List<ValueJob> jobs)
    {
        foreach (ValueJob job in jobs)
        {
            job.Result = ResultFile.Load<PointResult>(FileOf(job), _environment.Log);
            if (job.Result?.Measurement is PointMeasurement kept && _metrics.Any(metric => metric.IsMissingIn(kept)))
            {
                // Nobody asked for it then.
                job.Result = null;
            }
        }

        foreach (IGrouping<PointSource, ValueJob> group in jobs.GroupBy(job => job.Source))
        {
            if (group.Select(job => job.Result?.NetworkSha256).OfType<string>().Distinct().Count() > 1)
            {
                Drop(group);
            }
        }
    }

    /// <summary>Drops points of another network than the one that is here now.</summary>
    private static void DropForeign(List<ValueJob> jobs) =>
        Drop(jobs.Where(job => job.Source.NetworkSha256 is string here && job.Result?.NetworkSha256 != here));

    private static void Drop(IEnumerable<ValueJob> jobs)
    {
        foreach (ValueJob job in jobs)
        {
            job.Result = null;
        }
    }

    private void Tell(int points, List<ValueJob> jobs) => _environment.Log.WriteLine(FormattableString.Invariant(
        $"sweep: {points} points, {points - jobs.Count} of them invalid, {jobs.Count(job => job.Result is not null)} finished before; {Trainings} trainings"));

    /// <summary>Trains what is missing, each recipe once its float phase is there; then every source has its network or the reason why not.</summary>
    private long Train(IReadOnlyList<ValueJob> jobs, int? epochs, bool floatOnly = false)
    {
        Dictionary<TrainedPointSource, ValueJob> sources = [];
        foreach (ValueJob job in jobs)
        {
            if (job.Source is TrainedPointSource trained)
            {
                sources.TryAdd(trained, job);
            }
        }

        (TrainedSource Source, TrainingImages Images)[] missing = [.. _cache.Missing(sources.Keys.Select(source => (source.Source, source.Images)), epochs)];
        HashSet<string> open = [.. missing.Select(item => TrainingCache.KeyOf(item.Source, item.Images))];
        Dictionary<string, string> reasons = [];
        using (var progress = TrainingsProgress.Of(missing, _environment.Log, epochs))
        {
            (string Key, TrainedPointSource Of)[] parts =
            [
                .. sources.Keys.Select(source => (FloatKeyOf(source) ?? "", source)).Where(entry => open.Contains(entry.Item1)).DistinctBy(entry => entry.Item1),
            ];
            (string Key, TrainedPointSource Of)[] recipes =
            [
                .. sources.Keys.Where(_ => !floatOnly).Select(source => (TrainingCache.KeyOf(source.Source, source.Images), source)).Where(entry => open.Contains(entry.Item1)).DistinctBy(entry => entry.Item1),
            ];
            HashSet<string> floats = [.. parts.Select(entry => entry.Key)];
            DependentWork.Run(
                [
                    .. parts.Select(entry => new DependentWork(entry.Key, null, () => Train(WorkKind.FloatTraining, entry.Key, entry.Of, sources[entry.Of], epochs, reasons, progress))),
                    .. recipes.Select(entry => new DependentWork(
                        null, Before(entry.Key, entry.Of), () => Train(WorkKind.Training, entry.Key, entry.Of, sources[entry.Of], epochs, reasons, progress))),
                ],
                TrainingsAtOnce(parts.Concat(recipes).Select(entry => entry.Of)),
                _environment.Cancellation);

            // A recipe in floating point only may be the float phase of another one.
            string? Before(string key, TrainedPointSource source) => floats.Contains(key) ? key : FloatKeyOf(source) is string part && floats.Contains(part) ? part : null;
        }

        foreach (TrainedPointSource source in sources.Keys.Where(_ => !floatOnly))
        {
            if (reasons.TryGetValue(TrainingCache.KeyOf(source.Source, source.Images), out string? reason))
            {
                source.SetFailure(reason);
            }
            else
            {
                source.Set(_cache.Find(source.Source, source.Images, source.Epochs) ?? throw new IOException($"{_folder.Cache}: a training that was finished just now is not there"));
            }
        }

        return reasons.Count;
    }

    private void Train(
        WorkKind kind, string key, TrainedPointSource source, ValueJob job, int? epochs, Dictionary<string, string> reasons, TrainingsProgress progress)
    {
        string? reason = _failures.Find(key);
        lock (_gate)
        {
            // What goes on from a float phase that failed has failed, too.
            reason ??= kind == WorkKind.Training && FloatKeyOf(source) is string part ? reasons.GetValueOrDefault(part) : null;
        }

        if (reason is null)
        {
            reason = _worker.Do(new(kind, job.Point, job.Key, TrainingCache.Halt(source.Source, epochs)), progress.Listener(key), _environment.Cancellation).Failure;
            if (reason is not null)
            {
                _failures.Add(key, reason);
            }
        }

        if (reason is not null)
        {
            lock (_gate)
            {
                reasons[key] = reason;
            }
        }
    }

    /// <summary>The key of the float phase that a training goes on from; null where it has its own, or none.</summary>
    private static string? FloatKeyOf(TrainedPointSource source) => TrainingCache.FloatPart(source.Source) is TrainedSource part ? TrainingCache.KeyOf(part, source.Images) : null;

    /// <summary>As many trainings at once as there are processors for their threads.</summary>
    private int TrainingsAtOnce(IEnumerable<TrainedPointSource> sources)
    {
        int threads = sources.Select(source => source.Source.Training.Threads).DefaultIfEmpty(1).Max();
        return Math.Clamp(Environment.ProcessorCount / Math.Max(1, threads), 1, Math.Max(1, _worker.Trainings));
    }

    private void Measure(List<ValueJob> jobs, int? epochs)
    {
        ValueJob[] open = [.. jobs.Where(job => job.Result is null)];
        if (open.Length == 0)
        {
            return;
        }

        using var progress = new TerminalProgress("points", open.Length, "points", _environment.Log);
        int finished = 0;
        Parallel.ForEach(open, new() { MaxDegreeOfParallelism = _environment.Workers, CancellationToken = _environment.Cancellation }, job =>
        {
            _environment.Cancellation.ThrowIfCancellationRequested();
            job.Result = Measure(job, epochs);
            if (job.Result.Failure is null)
            {
                ResultFile.Save(FileOf(job), job.Result);
            }

            lock (_gate)
            {
                finished++;
                Show(job);
                progress.Report(finished, _front.Note());
                _environment.PointFinished?.Invoke(finished);
            }
        });
    }

    private PointResult Measure(ValueJob job, int? epochs)
    {
        if ((job.Source.Failure ?? _failures.Find(job.Key)) is string reason)
        {
            return new() { Failure = reason };
        }

        WorkReply reply = _worker.Do(new(WorkKind.Point, job.Point, job.Key, TrainingCache.Halt(job.Point.Experiment!.Trained, epochs)), null, _environment.Cancellation);
        if (reply.Failure is string failure)
        {
            _failures.Add(job.Key, failure);
        }

        return reply.Result ?? new() { Failure = reply.Failure };
    }
}
