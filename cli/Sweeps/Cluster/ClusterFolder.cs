// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Cli.Experiments;
using Cli.Sweeps.Units;

namespace Cli.Sweeps.Cluster;

/// <summary>What a cluster's tasks find and leave in a sweep's folder; docs/sweep-file.md describes it.</summary>
/// <param name="Root">The folder <c>slurm</c> in the sweep's.</param>
public sealed record ClusterFolder(string Root)
{
    private const string SliceEnding = ".journal";

    /// <summary>The units.</summary>
    public string Units => Path.Combine(Root, "units.jsonl");

    /// <summary>The jobs that were submitted.</summary>
    public string Jobs => Path.Combine(Root, "jobs.json");

    /// <summary>What the tasks print.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>What failed in some task.</summary>
    public string Failures => Path.Combine(Root, "failures");

    private string Done => Path.Combine(Root, "done");

    private string SlicesFolder => Path.Combine(Root, "slices");

    /// <summary>The batch script of a phase.</summary>
    public string ScriptOf(UnitPhase phase) => Path.Combine(Root, AccelModel.Specification.Yaml.EnumNames.Of(phase) + ".sh");

    /// <summary>The journal of a unit in this process.</summary>
    public string SliceOf(int unit)
    {
        Directory.CreateDirectory(SlicesFolder);
        return Path.Combine(SlicesFolder, string.Create(CultureInfo.InvariantCulture, $"{unit}-{Environment.MachineName}-{Environment.ProcessId}{SliceEnding}"));
    }

    /// <summary>The journals that tasks left, of one unit or of all.</summary>
    public IEnumerable<string> Slices(int? unit = null) => Directory.Exists(SlicesFolder)
        ? Directory.EnumerateFiles(SlicesFolder, (unit is int one ? one.ToString(CultureInfo.InvariantCulture) + "-" : "") + "*" + SliceEnding).Order(StringComparer.Ordinal)
        : [];

    /// <summary>Removes the journals of tasks: their points are in the sweep's own.</summary>
    public void RemoveSlices() => Remove(SlicesFolder);

    /// <summary>Notes that a unit came to its end; null is the merge.</summary>
    public void Finish(int? unit, int exitCode) =>
        AtomicFile.Write(Path.Combine(Done, NameOf(unit)), exitCode.ToString(CultureInfo.InvariantCulture) + "\n");

    /// <summary>The exit code with which a unit came to its end; null where it did not.</summary>
    public int? FinishedWith(int? unit)
    {
        string path = Path.Combine(Done, NameOf(unit));
        return File.Exists(path) && int.TryParse(File.ReadAllText(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out int code) ? code : null;
    }

    /// <summary>Forgets that units of an earlier step ended; what failed in them is still known.</summary>
    public void ForgetUnits() => Remove(Done);

    /// <summary>Forgets how units of an earlier submission ended.</summary>
    public void Forget()
    {
        Remove(Done);
        Remove(Failures);

        if (Directory.Exists(Root))
        {
            File.Delete(Jobs);
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string NameOf(int? unit) => unit?.ToString(CultureInfo.InvariantCulture) ?? "merge";
}
