// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using NnTrain.Training;

namespace Cli.Sweeps.Units;

/// <summary>Worker processes, started as they are needed and kept for the next piece of work.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="folder">Its folder.</param>
/// <param name="environment">How many there may be, limits and log.</param>
internal sealed class WorkerPool(SweepSpec sweep, SweepFolder folder, SweepEnvironment environment) : IWorker
{
    private readonly ConcurrentBag<WorkerProcess> _free = [];
    private readonly ConcurrentBag<WorkerProcess> _all = [];

    /// <inheritdoc/>
    public int Trainings => environment.Workers;

    /// <inheritdoc/>
    public WorkReply Do(WorkItem item, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (!_free.TryTake(out WorkerProcess? worker))
        {
            string threads = Math.Max(1, Environment.ProcessorCount / environment.Workers).ToString(CultureInfo.InvariantCulture);
            worker = new(["sweep", "worker", sweep.File, "--out", folder.Root, "--threads", threads], environment.Limits, environment.Log);
            _all.Add(worker);
        }

        WorkReply reply = worker.Do(item, progress, cancellation);
        _free.Add(worker);
        return reply;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (WorkerProcess worker in _all)
        {
            worker.Dispose();
        }
    }
}
