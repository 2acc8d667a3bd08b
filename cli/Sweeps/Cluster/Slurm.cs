// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
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
    private const string Unreachable = "Unable to contact slurm controller";

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
        (int code, string output, string error) = Run("sbatch", ["--parsable", .. arguments], folder);
        return code == 0 ? output.Trim().Split(';')[0] : throw Rejected("sbatch", error);
    }

    /// <summary>Lets a job begin that was submitted to be held.</summary>
    /// <exception cref="CommandException">Slurm says no.</exception>
    public static void Release(string job)
    {
        (int code, _, string error) = Run("scontrol", ["release", job], null);
        if (code != 0)
        {
            throw Rejected("scontrol release", error);
        }
    }

    /// <summary>The tasks of jobs that are not at their end.</summary>
    /// <exception cref="CommandException">Slurm cannot be asked.</exception>
    /// <exception cref="ToolMissingException">There is no Slurm.</exception>
    public static IReadOnlyList<QueuedTask> Queue(IReadOnlyCollection<string> jobs)
    {
        (int code, string output, string error) = Run("squeue", ["--noheader", "--array", "--format=%F|%T|%N|%r", "--jobs=" + string.Join(',', jobs)], null);
        if (code != 0)
        {
            // Jobs that ended long ago are forgotten.
            return error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase) ? [] : throw Rejected("squeue", error);
        }

        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split('|'))
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
            (int code, _, string error) = Run("scancel", [.. state, .. jobs], null);
            if (code != 0 && !error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
            {
                throw Rejected("scancel", error);
            }
        }
    }

    private static CommandException Rejected(string command, string error)
    {
        string said = string.Join("; ", error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return new(said.Contains(Unreachable, StringComparison.Ordinal) ? ExitCode.Missing : ExitCode.BadInput, $"Slurm rejects it: {command}: {said}");
    }

    private static (int ExitCode, string Output, string Error) Run(string command, IReadOnlyList<string> arguments, string? folder)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (Win32Exception)
        {
            throw new ToolMissingException($"{command} (Slurm)", Install);
        }
    }
}
