// SPDX-License-Identifier: Apache-2.0
using Cli.CommandLine;
using RtlExport.Tools;

namespace Cli.Sweeps.Cluster;

/// <summary>A task that Slurm knows.</summary>
/// <param name="Job">Number of its job.</param>
/// <param name="State">PENDING, RUNNING, ...</param>
/// <param name="Node">Where it runs; empty where it waits.</param>
/// <param name="Reason">Why it waits.</param>
public sealed record QueuedTask(string Job, string State, string Node, string Reason);

/// <summary>The commands of Slurm.</summary>
public static class Slurm
{
    private const string Install = "apt-get install -y --no-install-recommends slurm-wlm munge, on a machine that belongs to the cluster";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>What Slurm's commands say where no controller answers, and where none is configured.</summary>
    private static readonly string[] Unreachable = ["Unable to contact slurm controller", "Could not establish a configuration source"];

    /// <summary>Looks whether there is a Slurm, before anything is written.</summary>
    /// <exception cref="ToolMissingException">There is none.</exception>
    public static void Require() => Run("sbatch", ["--version"], null);

    /// <summary>Submits a batch script.</summary>
    /// <param name="folder">Where the script lies, and its working directory.</param>
    /// <param name="arguments">Arguments of sbatch, the script last.</param>
    /// <returns>The number of the job.</returns>
    /// <exception cref="CommandException">Slurm says no; the message has what it says.</exception>
    /// <exception cref="ToolMissingException">There is no Slurm.</exception>
    public static string Submit(string folder, IEnumerable<string> arguments)
    {
        ToolRun run = Run("sbatch", ["--parsable", .. arguments], folder);
        return run.ExitCode == 0 ? run.Printed.Trim().Split(';')[0] : throw Rejected("sbatch", run);
    }

    /// <summary>Lets a job begin that was submitted to be held.</summary>
    /// <exception cref="CommandException">Slurm says no.</exception>
    public static void Release(string job)
    {
        ToolRun run = Run("scontrol", ["release", job], null);
        if (run.ExitCode != 0)
        {
            throw Rejected("scontrol release", run);
        }
    }

    /// <summary>The tasks of jobs that are not at their end.</summary>
    /// <exception cref="CommandException">Slurm cannot be asked.</exception>
    /// <exception cref="ToolMissingException">There is no Slurm.</exception>
    public static IReadOnlyList<QueuedTask> Queue(IReadOnlyCollection<string> jobs)
    {
        ToolRun run = Run("squeue", ["--noheader", "--array", "--format=%F|%T|%N|%r", "--jobs=" + string.Join(',', jobs)], null);
        if (run.ExitCode != 0)
        {
            // Jobs that ended long ago are forgotten.
            return IsForgotten(run) ? [] : throw Rejected("squeue", run);
        }

        return
        [
            .. run.Printed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split('|'))
                .Where(fields => fields.Length == 4 && jobs.Contains(fields[0])).Select(fields => new QueuedTask(fields[0], fields[1], fields[2], fields[3])),
        ];
    }

    /// <summary>Cancels jobs, those that wait first, so that none begins because another ended.</summary>
    /// <exception cref="CommandException">Slurm says no.</exception>
    /// <exception cref="ToolMissingException">There is no Slurm.</exception>
    public static void Cancel(IReadOnlyCollection<string> jobs)
    {
        foreach (string[] state in new string[][] { ["--state=PENDING"], [] })
        {
            ToolRun run = Run("scancel", [.. state, .. jobs], null);
            if (run.ExitCode != 0 && !IsForgotten(run))
            {
                throw Rejected("scancel", run);
            }
        }
    }

    private static bool IsForgotten(ToolRun run) => run.Errors.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase);

    private static CommandException Rejected(string command, ToolRun run)
    {
        string said = run.TimedOut ? "no answer" : string.Join("; ", run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return new(Unreachable.Any(message => said.Contains(message, StringComparison.Ordinal)) ? ExitCode.Missing : ExitCode.BadInput, $"Slurm rejects it: {command}: {said}");
    }

    private static ToolRun Run(string command, IReadOnlyList<string> arguments, string? folder) => ExternalTool.Run(
        ExternalTool.Find(command) ?? throw new ToolMissingException($"{command} (Slurm)", Install), arguments, folder ?? "", Limit);
}
