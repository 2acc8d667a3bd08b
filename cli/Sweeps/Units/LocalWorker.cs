// SPDX-License-Identifier: Apache-2.0
using Cli.Experiments;
using Cli.Sweeps.Metrics;
using NnTrain.Training;

namespace Cli.Sweeps.Units;

/// <summary>Does pieces of work in this process, as the worker processes do, and as tests and libraries want it.</summary>
/// <param name="jobs">What points have in common.</param>
/// <param name="cache">The trainings.</param>
/// <param name="limits">Of these the time of points is kept to; trainings and memory need a process of their own.</param>
/// <param name="details">What is worked out of a point besides the figures that every point has.</param>
/// <param name="threads">Threads of a point; no result depends on them.</param>
public sealed class LocalWorker(ValueJobs jobs, TrainingCache cache, PointLimits limits, PointDetails details, int threads) : IWorker
{
    private readonly Lock _gate = new();

    /// <summary>The tensor library's threads belong to the process.</summary>
    public int Trainings => 1;

    /// <inheritdoc/>
    public WorkReply Do(WorkItem item, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        PointSource source;
        lock (_gate)
        {
            source = jobs.Of([item.Point], item.Epochs) is [ValueJob job] ? job.Source : throw new ArgumentException("the point makes no experiment", nameof(item));
        }

        Load(item);
        return item.Kind == WorkKind.Point ? Point(source, item.Point.Experiment!, cancellation) : Train((TrainedPointSource)source, item.Kind, progress, cancellation);
    }

    /// <summary>Loads what a point needs: its images, and its network, which is trained.</summary>
    public void Load(WorkItem item)
    {
        lock (_gate)
        {
            if (jobs.Of([item.Point], item.Epochs) is [{ Source: TrainedPointSource { NetworkSha256: null } trained }] && item.Kind == WorkKind.Point)
            {
                trained.Set(cache.Get(trained.Source, trained.Images, epochs: trained.Epochs));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private WorkReply Train(TrainedPointSource trained, WorkKind kind, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            TrainedSource source = kind == WorkKind.Training ? trained.Source : TrainingCache.FloatPart(trained.Source)!;
            cache.Get(source, trained.Images, _ => progress, cancellation, kind == WorkKind.Training ? trained.Epochs : null);
            return new(null, null);
        }
        catch (Exception exception) when (exception is TrainingDivergedException or ArgumentException)
        {
            return new(null, exception.Message);
        }
    }

    private WorkReply Point(PointSource source, ExperimentSpec experiment, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limits.TimeOf(WorkKind.Point) is TimeSpan time)
        {
            limit.CancelAfter(time);
        }

        try
        {
            return new(PointRunner.Run(source, experiment.Accelerator, experiment.TestImages, details, threads, limit.Token), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(null, limits.TimeExceeded(WorkKind.Point));
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or IOException))
        {
            // One point that breaks an assumption must not end the others.
            return new(null, $"{exception.GetType().Name}: {exception.Message}");
        }
    }
}
