// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps.Units;

namespace Cli.Sweeps.Cluster;

/// <summary>The script of a phase, for people to read and to change. A line of it tells what was generated, so that a script that somebody changed is noticed and kept.</summary>
public static partial class BatchScript
{
    private static readonly string[] Inherited = ["CODESIGN_DATA", "OMP_WAIT_POLICY", "MALLOC_ARENA_MAX", "DOTNET_ROOT"];

    /// <summary>Writes the script of a phase, unless somebody changed the one that is there.</summary>
    /// <returns>Whether the script that is there was changed by hand, and is kept.</returns>
    public static bool Write(string path, SweepSpec sweep, UnitPhase phase, int threads)
    {
        if (File.Exists(path) && IsEdited(File.ReadAllText(path)))
        {
            return true;
        }

        string text = Text(sweep, phase, threads);
        AtomicFile.Write(path, text.Replace(Mark, Mark + Checksum(text), StringComparison.Ordinal));
        return false;
    }

    private const string Mark = "# generated: ";

    /// <summary>Whether a script has other bytes than those that were generated.</summary>
    public static bool IsEdited(string text)
    {
        Match match = Generated.Match(text);
        return !match.Success || Checksum(text.Replace(match.Value, Mark, StringComparison.Ordinal)) != match.Groups[1].Value;
    }

    private static string Text(SweepSpec sweep, UnitPhase phase, int threads)
    {
        string name = AccelModel.Specification.Yaml.EnumNames.Of(phase);
        string what = phase == UnitPhase.Merge
            ? "Tables, figures and report of the sweep, and whatever no task finished"
            : $"One task of the phase '{name}': the unit of units.jsonl with the number of the task";
        string work = phase == UnitPhase.Merge ? "sweep merge .." : "sweep unit .. \"$SLURM_ARRAY_TASK_ID\"";
        string log = phase == UnitPhase.Merge ? "logs/merge.log" : $"logs/{name}-%a.log";
        string environment = string.Concat(Inherited.Where(variable => Environment.GetEnvironmentVariable(variable) is { Length: > 0 })
            .Select(variable => $"export {variable}={Quoted(Path.Exists(Value(variable)) ? Path.GetFullPath(Value(variable)) : Value(variable))}\n"));
        return $"""
            #!/bin/bash
            # {what}.
            # Change what you like (--partition, --time, --mem, modules to load): a script that was changed is kept. Remove it to have it written anew.
            {Mark}
            #SBATCH --job-name={Unnameable.Replace(sweep.Name, "-")}-{name}
            #SBATCH --cpus-per-task={threads}
            #SBATCH --requeue
            #SBATCH --open-mode=append
            #SBATCH --output={log}

            {environment}exec {string.Join(' ', OwnCommand.Words.Select(Quoted))} {work} --workers "$SLURM_CPUS_PER_TASK"

            """.ReplaceLineEndings("\n");
    }

    private static string Value(string variable) => Environment.GetEnvironmentVariable(variable)!;

    private static string Quoted(string word) => Plain.IsMatch(word) ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    [GeneratedRegex("(?m)^# generated: ([0-9a-f]{16})$")]
    private static partial Regex Generated { get; }

    [GeneratedRegex(@"[^A-Za-z0-9_.-]+")]
    private static partial Regex Unnameable { get; }

    [GeneratedRegex(@"\A[A-Za-z0-9_./:=-]+\z")]
    private static partial Regex Plain { get; }
}
