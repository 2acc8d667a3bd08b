// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using NnTrain.Training;
using Reports.Terminal;

namespace Cli.Sweeps;

/// <summary>What a sweep runs with.</summary>
public sealed record SweepEnvironment
{
    /// <summary>The images of a data set, by its name.</summary>
    public required Func<string, ImageSets> Images { get; init; }

    /// <summary>Progress and remarks.</summary>
    public required TextWriter Log { get; init; }

    /// <summary>Told the number of finished points after each.</summary>
    public Action<int>? PointFinished { get; init; }

    /// <summary>Stops the sweep; what is finished is kept.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>
/// Runs a grid of experiments, split by what each part depends on: one training per distinct network, one lowering per training and requantiser, and
/// per point only schedule, cycles and values. Trainings and points are kept as they are finished, so an interrupted sweep goes on where it was.
/// </summary>
/// <param name="sweep">The sweep.</param>
/// <param name="folder">Where its files go.</param>
/// <param name="environment">Images, log and cancellation.</param>
public sealed class SweepRunner(SweepSpec sweep, SweepFolder folder, SweepEnvironment environment)
{
    private sealed record Job(GridPoint Point, PointSource Source, string File)
    {
        public PointResult? Result { get; set; }
    }

    private readonly Dictionary<string, TrainingImages> _images = [];
    private readonly TrainingCache _cache = new(folder.Cache, environment.Log);

    /// <summary>Runs all points that are not finished.</summary>
    /// <param name="resume">Whether to go on with what the folder holds.</param>
    /// <exception cref="SpecException">No point can run.</exception>
    /// <exception cref="CommandException">The folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public SweepResult Run(bool resume)
    {
        // Whatever is wrong or missing is told before anything is written or computed.
        ImmutableArray<GridPoint> grid = SweepGrid.Of(sweep);
        SweepConfiguration configuration = SweepConfiguration.Of(sweep, grid);
        folder.Check(resume);
        List<Job> jobs = Jobs(grid);
        folder.Create();
        AtomicFile.Write(folder.Configuration, configuration.Yaml);

        TrainedPointSource[] trainings = [.. jobs.Select(job => job.Source).OfType<TrainedPointSource>().Distinct()];
        LoadFinished(jobs);
        Tell(grid.Length, jobs, trainings);
        Train(trainings.Where(source => jobs.Any(job => job.Source == source && job.Result is null)));
        DropForeign(jobs);
        Measure(jobs);

        Dictionary<string, PointResult?> results = jobs.ToDictionary(job => job.Point.Id, job => job.Result);
        return new(sweep, configuration, grid, [.. grid.Select(point => results.GetValueOrDefault(point.Id))], trainings.Length);
    }

    private List<Job> Jobs(ImmutableArray<GridPoint> grid)
    {
        Dictionary<string, PointSource> sources = [];
        List<Job> jobs = [];
        foreach (GridPoint point in grid.Where(point => point.Experiment is not null))
        {
            ExperimentSpec experiment = point.Experiment!;
            string identity = SpecHash.Of(new object?[] { experiment.Trained, experiment.Stored });
            if (!sources.TryGetValue(identity, out PointSource? source))
            {
                source = experiment.Stored is StoredSource stored
                    ? new StoredPointSource(stored)
                    : new TrainedPointSource(experiment.Trained!, ImagesOf(experiment.Trained!.Dataset));
                sources.Add(identity, source);
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

    private void Tell(int points, List<Job> jobs, TrainedPointSource[] trainings) => environment.Log.WriteLine(FormattableString.Invariant(
        $"sweep: {points} points, {points - jobs.Count} of them invalid, {jobs.Count(job => job.Result is not null)} finished before; {trainings.Length} trainings"));

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
        foreach (Job job in open)
        {
            environment.Cancellation.ThrowIfCancellationRequested();
            if (job.Source.Failure is string reason)
            {
                // Not kept: a network that could not be trained has no identity to be recognised by.
                job.Result = new() { NetworkSha256 = "", Failure = reason };
            }
            else
            {
                ExperimentSpec experiment = job.Point.Experiment!;
                job.Result = PointRunner.Run(job.Source, experiment.Accelerator, experiment.TestImages, environment.Cancellation);
                ResultFile.Save(job.File, job.Result);
            }

            finished++;
            progress.Report(finished, job.Point.Id);
            environment.PointFinished?.Invoke(finished);
        }
    }
}
