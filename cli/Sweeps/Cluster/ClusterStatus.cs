// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Cli.CommandLine;
using Cli.Sweeps.Storage;
using Cli.Sweeps.Units;

namespace Cli.Sweeps.Cluster;

/// <summary>How far a phase is.</summary>
/// <param name="Phase">Which.</param>
/// <param name="Job">The number of its job.</param>
/// <param name="Units">Its units.</param>
/// <param name="Finished">Those that came to their end.</param>
/// <param name="Failed">Those of them in which something failed.</param>
/// <param name="Running">Tasks that run.</param>
/// <param name="Waiting">Tasks that wait.</param>
public sealed record PhaseStatus(UnitPhase Phase, string Job, int Units, int Finished, int Failed, int Running, int Waiting);

/// <summary>How far a sweep is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">running, waiting, finished, cancelled, or stopped: not at its end, and nobody works on it.</param>
/// <param name="Phases">The phases on a cluster; none where nothing was submitted.</param>
/// <param name="Reasons">Why tasks wait, as Slurm says it.</param>
public sealed record SweepStatus(string Name, string State, ImmutableArray<PhaseStatus> Phases, ImmutableArray<string> Reasons)
{
    /// <summary>The step that the phases are of: 1, unless the strategy chooses points by what came of others.</summary>
    public int Step { get; init; } = 1;

    /// <summary>The status of a folder.</summary>
    /// <exception cref="CommandException">It holds no sweep, or Slurm cannot be asked.</exception>
    public static SweepStatus Of(SweepFolder folder)
    {
        string name = (File.Exists(folder.Configuration) ? SweepConfiguration.NameIn(File.ReadLines(folder.Configuration)) : null)
            ?? throw new CommandException(ExitCode.BadInput, $"{folder.Root}: not a sweep, found no {Path.GetFileName(folder.Configuration)}, allowed a folder that sweep wrote");
        if (ClusterJobs.Load(folder.Cluster) is not ClusterJobs jobs)
        {
            return new(name, IsHeld(folder) ? "running" : File.Exists(Path.Combine(folder.Root, "report.html")) ? "finished" : "stopped", [], []);
        }

        bool merged = folder.Cluster.FinishedWith(null) is not null;
        IReadOnlyList<QueuedTask> queue = merged || jobs.Cancelled ? [] : Slurm.Queue(jobs.Numbers);
        ImmutableArray<PhaseStatus> phases = [.. jobs.Jobs.Select(job => Of(job, folder.Cluster, queue))];
        string state = merged ? "finished" : queue.Count == 0 && IsHeld(folder) ? "running" : jobs.Cancelled ? "cancelled" : queue.Count == 0 ? "stopped" : phases.Any(phase => phase.Running > 0) ? "running" : "waiting";
        return new(name, state, phases, [.. queue.Where(task => task.State == Pending).Select(task => task.Reason).Distinct().Order(StringComparer.Ordinal)]) { Step = jobs.Steps };
    }

    private const string Pending = "PENDING";

    private static PhaseStatus Of(ClusterJob job, ClusterFolder folder, IReadOnlyList<QueuedTask> queue)
    {
        int[] ends = [.. (job.Phase == UnitPhase.Merge ? [null] : Enumerable.Range(job.First, job.Units).Select(unit => (int?)unit)).Select(folder.FinishedWith).OfType<int>()];
        QueuedTask[] own = [.. queue.Where(task => task.Job == job.Job)];
        return new(job.Phase, job.Job, job.Units, ends.Length, ends.Count(code => code != 0), own.Count(task => task.State != Pending), own.Count(task => task.State == Pending));
    }

    private static bool IsHeld(SweepFolder folder)
    {
        try
        {
            FolderLock.Take(folder.Root).Dispose();
            return false;
        }
        catch (FolderInUseException)
        {
            return true;
        }
    }
}
