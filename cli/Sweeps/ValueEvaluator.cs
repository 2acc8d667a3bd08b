// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Costs;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps.Metrics;
using NnTrain.Training;
using Reports.Terminal;

namespace Cli.Sweeps;

/// <summary>
/// Runs points with their values, split by what each part depends on: one training per distinct network, one lowering per training and requantiser, and per point only schedule, cycles and
/// values. Trainings and points are kept as they are finished, each in a file named by what it depends on, so that an interrupted or a grown sweep goes on where it was.
/// </summary>
/// <param name="sweep">The sweep.</param>
/// <param name="folder">Where its files go.</param>
/// <param name="environment">Images, log and cancellation.</param>
public sealed class ValueEvaluator(SweepSpec sweep, SweepFolder folder, SweepEnvironment environment)
{
    private sealed record Job(GridPoint Point, PointSource Source, string File)
    {
        public PointResult? Result { get; set; }
    }

    private readonly ImmutableArray<Metric> _metrics = MetricTable.Of(values: true);
    private readonly Dictionary<string, TrainingImages> _images = [];
    private readonly Dictionary<string, PointSource> _sources = [];
    private readonly TrainingCache _cache = new(folder.Cache, environment.Log);
    private readonly Lock _gate = new();

    /// <summary>Distinct trainings of the points so far.</summary>
    public int Trainings => _sources.Values.OfType<TrainedPointSource>().Count();

    /// <summary>Loads whatever the points need that may be missing; nothing is written or computed.</summary>
    /// <exception cref="CommandException">No point can keep to the constraints on the design.</exception>
    public void Prepare(IReadOnlyList<GridPoint> points)
    {
        Jobs(points);
        Constraint[] early = [.. sweep.Constraints.Where(constraint => constraint.Metric.Source == MetricSource.Design)];
        PointMeasurement[] designs = [.. points.Where(point => point.Experiment is not null).Select(point => Design(point.Experiment!.Accelerator))];
        if (early.Length > 0 && designs.Length > 0 && !designs.Any(design => early.All(constraint => constraint.Holds(design))))
        {
            Constraint strictest = early.MinBy(constraint => designs.Count(constraint.Holds))!;
            double[] found = [.. designs.Select(design => strictest.Metric.Value(design)!.Value)];
            throw new CommandException(ExitCode.BadInput, FormattableString.Invariant(
                $"{sweep.File}: constraints: no point can keep to '{strictest.Text}'{(early.Length > 1 ? " and the others" : "")}, found {strictest.Metric.Name} of {found.Min():0.##}..{found.Max():0.##}, which is known before anything runs"));
        }
    }

    /// <summary>The outcomes of points, in their order.</summary>
    public PointOutcome[] Evaluate(IReadOnlyList<GridPoint> points)
    {
        List<Job> jobs = Jobs(points);
        LoadFinished(jobs);
        Tell(points.Count, jobs);
        Train(jobs.Where(job => job.Result is null).Select(job => job.Source).OfType<TrainedPointSource>().Distinct());
        DropForeign(jobs);
        Measure(jobs);
        Dictionary<string, PointResult?> results = jobs.ToDictionary(job => job.Point.Id, job => job.Result);
        return
        [
            .. points.Select(point => PointOutcome.Of(
                results.GetValueOrDefault(point.Id) ?? new() { Invalid = string.Join('\n', point.Reasons.Select(sweep.RelativeText)) }, _metrics)),
        ];
    }

    private static PointMeasurement Design(AcceleratorSpec accelerator)
    {
        Area area = AreaModel.Total(accelerator);
        return new()
        {
            Lut = area.Lut, FlipFlops = area.FlipFlops, MemoryBits = area.MemoryBits, CyclesPerInference = 0, LatencyUs = 0, Utilization = 0, DramReadBytes = 0, DramWriteBytes = 0, EnergyNj = 0,
        };
    }

    private List<Job> Jobs(IReadOnlyList<GridPoint> points)
    {
        List<Job> jobs = [];
        foreach (GridPoint point in points.Where(point => point.Experiment is not null))
        {
            ExperimentSpec experiment = point.Experiment!;
            string identity = SpecHash.Of(new object?[] { experiment.Trained, experiment.Stored });
            if (!_sources.TryGetValue(identity, out PointSource? source))
            {
                source = experiment.Stored is StoredSource stored
                    ? new StoredPointSource(stored)
                    : new TrainedPointSource(experiment.Trained!, ImagesOf(experiment.Trained!.Dataset));
                _sources.Add(identity, source);
            }

            string key = SpecHash.Of(new object[] { source.Key, experiment.Accelerator, experiment.TestImages });
            jobs.Add(new(point, source, Path.Combine(folder.Points, key + ".json")));
        }

        return jobs;
    }

    private TrainingImages ImagesOf(string dataset)
    {
        if (!_images.TryGetValue(dataset, out TrainingImages? images))
        {
            images = TrainingImages.Of(environment.Images(dataset));
            _images.Add(dataset, images);
        }

        return images;
    }

    /// <summary>Takes finished points; where those of one training disagree about its network, none of them.</summary>
    private void LoadFinished(List<Job> jobs)
    {
        foreach (Job job in jobs)
        {
            job.Result = ResultFile.Load<PointResult>(job.File, environment.Log);
        }

        foreach (IGrouping<PointSource, Job> group in jobs.GroupBy(job => job.Source))
        {
            if (group.Select(job => job.Result?.NetworkSha256).OfType<string>().Distinct().Count() > 1)
            {
                Drop(group);
            }
        }
    }

    /// <summary>Drops points of another network than the one that is here now.</summary>
    private static void DropForeign(List<Job> jobs) =>
        Drop(jobs.Where(job => job.Source.NetworkSha256 is string here && job.Result?.NetworkSha256 != here));

    private static void Drop(IEnumerable<Job> jobs)
    {
        foreach (Job job in jobs)
        {
            job.Result = null;
        }
    }

    private void Tell(int points, List<Job> jobs) => environment.Log.WriteLine(FormattableString.Invariant(
        $"sweep: {points} points, {points - jobs.Count} of them invalid, {jobs.Count(job => job.Result is not null)} finished before; {Trainings} trainings"));

    private void Train(IEnumerable<TrainedPointSource> needed)
    {
        TrainedPointSource[] sources = [.. needed];
        using var progress = TrainingsProgress.Of(_cache.Missing(sources.Select(source => (source.Source, source.Images))), environment.Log);
        foreach (TrainedPointSource source in sources)
        {
            try
            {
                source.Set(_cache.Get(source.Source, source.Images, progress.Listener, environment.Cancellation));
            }
            catch (Exception exception) when (exception is TrainingDivergedException or ArgumentException)
            {
                source.SetFailure(exception.Message);
            }
        }
    }

    private void Measure(List<Job> jobs)
    {
        Job[] open = [.. jobs.Where(job => job.Result is null)];
        if (open.Length == 0)
        {
            return;
        }

        using var progress = new TerminalProgress("points", open.Length, "points", environment.Log);
        int finished = 0;
        Parallel.ForEach(open, new() { MaxDegreeOfParallelism = environment.Workers, CancellationToken = environment.Cancellation }, job =>
        {
            environment.Cancellation.ThrowIfCancellationRequested();
            job.Result = Measure(job);
            if (job.Result.Failure is null)
            {
                ResultFile.Save(job.File, job.Result);
            }

            lock (_gate)
            {
                finished++;
                progress.Report(finished, job.Point.Id);
                environment.PointFinished?.Invoke(finished);
            }
        });
    }

    private PointResult Measure(Job job)
    {
        if (job.Source.Failure is string reason)
        {
            return new() { Failure = reason };
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(environment.Cancellation);
        if (environment.PointTimeout is TimeSpan timeout)
        {
            limit.CancelAfter(timeout);
        }

        try
        {
            ExperimentSpec experiment = job.Point.Experiment!;
            return PointRunner.Run(job.Source, experiment.Accelerator, experiment.TestImages, Math.Max(1, Environment.ProcessorCount / environment.Workers), limit.Token);
        }
        catch (OperationCanceledException) when (!environment.Cancellation.IsCancellationRequested)
        {
            return new() { Failure = FormattableString.Invariant($"exceeded its time limit of {environment.PointTimeout!.Value.TotalSeconds} s") };
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or IOException))
        {
            // One point that breaks an assumption must not end the others.
            return new() { Failure = $"{exception.GetType().Name}: {exception.Message}" };
        }
    }
}
