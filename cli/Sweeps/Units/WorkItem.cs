// SPDX-License-Identifier: Apache-2.0
using NnTrain.Training;

namespace Cli.Sweeps.Units;

/// <summary>What has to be done for points with values.</summary>
public enum WorkKind
{
    /// <summary>The float phase that several recipes begin with.</summary>
    FloatTraining,

    /// <summary>A recipe.</summary>
    Training,

    /// <summary>Lowering, schedule, times and values of one point.</summary>
    Point,
}

/// <summary>The smallest piece of work: the same for a worker process of this machine and for a task of a cluster.</summary>
/// <param name="Kind">What.</param>
/// <param name="Point">The point, or one of those whose training it is.</param>
/// <param name="Key">What the point's result depends on, as a hash (<see cref="ValueJob.Key"/>).</param>
/// <param name="Epochs">Epochs of the quantised phase after which the training halts; null for all.</param>
public sealed record WorkItem(WorkKind Kind, GridPoint Point, string Key, int? Epochs = null);

/// <summary>What came of a piece of work: a point's result, nothing for a training that is kept now, or why there is none.</summary>
/// <param name="Result">The result of a point.</param>
/// <param name="Failure">What went wrong; null where nothing did.</param>
public sealed record WorkReply(PointResult? Result, string? Failure);

/// <summary>Does pieces of work; several threads may ask at once.</summary>
public interface IWorker : IDisposable
{
    /// <summary>How many trainings may run at once.</summary>
    int Trainings { get; }

    /// <summary>Does one piece.</summary>
    /// <param name="item">Which.</param>
    /// <param name="progress">Told about a training's batches; null for nobody.</param>
    /// <param name="cancellation">Stops it; finished epochs are kept.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="IOException">Something cannot be written or read: the sweep cannot go on.</exception>
    WorkReply Do(WorkItem item, IProgress<TrainingProgress>? progress, CancellationToken cancellation);
}
