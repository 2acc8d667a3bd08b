// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps.Units;

namespace Cli.Sweeps.Cluster;

/// <summary>A job of a sweep.</summary>
/// <param name="Phase">What it does.</param>
/// <param name="Job">Its number; empty before it is submitted.</param>
/// <param name="First">Its first unit.</param>
/// <param name="Units">How many tasks it has.</param>
public sealed record ClusterJob(UnitPhase Phase, string Job, int First, int Units)
{
    /// <summary>What sbatch is given besides the script.</summary>
    public IReadOnlyList<string> Arguments(string? after) =>
    [
        .. Phase == UnitPhase.Merge ? Array.Empty<string>() : [FormattableString.Invariant($"--array={First}-{First + Units - 1}")],
        .. after is null ? Array.Empty<string>() : ["--dependency=afterany:" + after],
        EnumNameOf(Phase) + ".sh",
    ];

    private static string EnumNameOf(UnitPhase phase) => AccelModel.Specification.Yaml.EnumNames.Of(phase);
}

/// <summary>The jobs of a sweep's last submission.</summary>
/// <param name="Jobs">In their order: each waits for the one before it.</param>
/// <param name="Cancelled">Whether they were cancelled.</param>
public sealed record ClusterJobs(ImmutableArray<ClusterJob> Jobs, bool Cancelled)
{
    /// <summary>How many steps were submitted, of a strategy that chooses points by what came of others; these are the jobs of the last one.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>Their numbers.</summary>
    public IReadOnlyList<string> Numbers => [.. Jobs.Select(job => job.Job)];

    /// <summary>The jobs of a folder; null where nothing was submitted.</summary>
    /// <exception cref="CommandException">The file is damaged.</exception>
    public static ClusterJobs? Load(ClusterFolder folder)
    {
        try
        {
            return File.Exists(folder.Jobs) ? JsonSerializer.Deserialize<ClusterJobs>(File.ReadAllText(folder.Jobs), RunSummary.JsonOptions) : null;
        }
        catch (JsonException exception)
        {
            throw new CommandException(ExitCode.BadInput, $"{folder.Jobs}: damaged, found that {exception.Message}", exception);
        }
    }

    /// <summary>Writes them.</summary>
    public void Save(ClusterFolder folder) => AtomicFile.Write(folder.Jobs, JsonSerializer.Serialize(this, RunSummary.JsonOptions) + "\n");

    /// <summary>Refuses a folder in which jobs of a cluster work, or wait.</summary>
    /// <exception cref="CommandException">They do.</exception>
    public static void RequireNone(SweepFolder folder)
    {
        if (Load(folder.Cluster) is { Cancelled: false } jobs && folder.Cluster.FinishedWith(null) is null && Slurm.Queue(jobs.Numbers).Count > 0)
        {
            throw new CommandException(
                ExitCode.BadInput, $"{folder.Root}: jobs {string.Join(", ", jobs.Numbers)} of Slurm work on it; wait for them (codesign sweep status '{folder.Root}'), or end them: codesign sweep cancel '{folder.Root}'");
        }
    }
}

/// <summary>Submits a sweep: an array of tasks for each phase, each phase after the one before it.</summary>
public static class ClusterSubmission
{
    /// <summary>Writes units and scripts, and submits them; where they cannot be, nothing of them stays.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="folder">Its folder, which is begun.</param>
    /// <param name="units">Its units.</param>
    /// <param name="threads">Threads of its trainings.</param>
    /// <param name="submit">Whether to submit; else the scripts are only written.</param>
    /// <param name="context">Where to say what was done.</param>
    /// <param name="step">Which step of the strategy it is, from 1.</param>
    /// <returns>The jobs, without numbers where nothing was submitted.</returns>
    public static ClusterJobs Submit(SweepSpec sweep, SweepFolder folder, IReadOnlyList<SweepUnit> units, int threads, bool submit, CommandContext context, int step = 1)
    {
        ClusterFolder cluster = folder.Cluster;
        Directory.CreateDirectory(cluster.Logs);
        if (step == 1)
        {
            cluster.Forget();
            SweepUnits.Write(cluster.Units, units);
        }

        ClusterJob[] planned =
        [
            .. units.GroupBy(unit => unit.Phase).Select(phase => new ClusterJob(phase.Key, "", phase.First().Unit, phase.Count())),
            new(UnitPhase.Merge, "", 0, 1),
        ];
        foreach (ClusterJob job in planned)
        {
            bool trains = job.Phase is UnitPhase.Float or UnitPhase.Training || (job.Phase == UnitPhase.Merge && planned.Length == 1);
            if (BatchScript.Write(cluster.ScriptOf(job.Phase), sweep, job.Phase, trains ? threads : 1))
            {
                context.Warn($"{cluster.ScriptOf(job.Phase)}: changed by hand, used as it is");
            }
        }

        List<ClusterJob> jobs = [];
        if (!submit)
        {
            return new([.. planned], Cancelled: false);
        }

        try
        {
            // The first one is held until all are accepted and written down.
            foreach (ClusterJob job in planned)
            {
                string[] hold = jobs.Count == 0 ? ["--hold"] : [];
                jobs.Add(job with { Job = Slurm.Submit(cluster.Root, [.. hold, .. job.Arguments(jobs.LastOrDefault()?.Job)]) });
            }

            if (step > 1)
            {
                cluster.ForgetUnits();
                SweepUnits.Write(cluster.Units, units);
            }

            var all = new ClusterJobs([.. jobs], Cancelled: false) { Steps = step };
            all.Save(cluster);
            Slurm.Release(jobs[0].Job);
            return all;
        }
        catch when (jobs.Count > 0)
        {
            // All or nothing.
            Slurm.Cancel([.. jobs.Select(job => job.Job)]);
            if (step == 1)
            {
                cluster.Forget();
            }

            throw;
        }
    }
}
