// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps.Cluster;

namespace Cli.Sweeps;

/// <summary>The files of one sweep; docs/sweep-file.md describes them.</summary>
/// <param name="Root">The sweep's folder.</param>
public sealed record SweepFolder(string Root)
{
    /// <summary>The resolved sweep with its hash; written first.</summary>
    public string Configuration => Path.Combine(Root, "sweep.yaml");

    /// <summary>Trainings by what they depend on.</summary>
    public string Cache => Path.Combine(Root, "cache");

    /// <summary>Finished points by what they depend on.</summary>
    public string Points => Path.Combine(Root, "points");

    /// <summary>Finished chunks of points whose values are not computed.</summary>
    public string Journal => Path.Combine(Root, "points.journal");

    /// <summary>One line for each point that was measured.</summary>
    public string Results => Path.Combine(Root, "results.csv");

    /// <summary>One line for each point that makes no design that runs its network.</summary>
    public string Invalid => Path.Combine(Root, "invalid.csv");

    /// <summary>One line for each point that went wrong.</summary>
    public string Failures => Path.Combine(Root, "failures.csv");

    /// <summary>What a cluster works by; see <see cref="ClusterFolder"/>.</summary>
    public ClusterFolder Cluster => new(Path.Combine(Root, "slurm"));

    /// <summary>The sweep that the folder holds, read from the file that it was begun with.</summary>
    /// <exception cref="CommandException">The folder holds none.</exception>
    /// <exception cref="SpecException">The file is not there any more, or anything is wrong with it.</exception>
    public SweepSpec Load()
    {
        string[] lines = File.Exists(Configuration) ? File.ReadAllLines(Configuration) : [];
        if (lines.FirstOrDefault(line => line.StartsWith(SweepConfiguration.FilePrefix, StringComparison.Ordinal)) is not string named)
        {
            throw new CommandException(ExitCode.BadInput, $"{Root}: not a sweep, found no {Path.GetFileName(Configuration)} that names its file, allowed a folder that sweep wrote");
        }

        string file = Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.Combine(Path.GetFullPath(Root), named[SweepConfiguration.FilePrefix.Length..]));
        SpecIssues issues = [];
        SweepSpec? sweep = SweepFile.Load(file, issues, long.MaxValue - 1);
        issues.ThrowIfAny();
        return sweep!;
    }

    /// <summary>Whether the folder may be used: it is new or empty, or holds a sweep of this name to resume.</summary>
    /// <param name="name">The sweep's name.</param>
    /// <param name="resume">Whether to go on with what is there.</param>
    /// <exception cref="CommandException">It holds something that would be mixed up.</exception>
    public void Check(string name, bool resume)
    {
        WorkFolder.Check(Root, Configuration, resume, "sweep");
        if (File.Exists(Configuration) && SweepConfiguration.NameIn(File.ReadLines(Configuration)) is string other && other != name)
        {
            throw new CommandException(ExitCode.BadInput, $"{Root}: holds another sweep, found '{other}', allowed '{name}'; choose another --out");
        }
    }

    /// <summary>Removes what tasks of a cluster that ended suddenly had begun to write.</summary>
    public void RemoveHalfWritten()
    {
        foreach (string file in Directory.EnumerateFiles(Root, "*" + AtomicFile.SharedSuffix + "*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }
    }

    /// <summary>Makes the folder.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public void Create() => new RunFolder(Root).Create();
}

/// <summary>Folders in which a long command keeps what it has finished.</summary>
public static class WorkFolder
{
    /// <summary>Allows a folder that is new or empty; one that is not, only to resume, and only if it holds <paramref name="mark"/>.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="mark">The file that the command writes first.</param>
    /// <param name="resume">Whether to go on with what is there.</param>
    /// <param name="what">What the folder is of, for messages.</param>
    /// <exception cref="CommandException">It holds something that would be mixed up.</exception>
    public static void Check(string root, string mark, bool resume, string what)
    {
        bool empty = !Directory.Exists(root) || !Directory.EnumerateFileSystemEntries(root).Any(entry => !Path.GetFileName(entry).StartsWith(Storage.FolderLock.FileName, StringComparison.Ordinal));
        if (!empty && !resume)
        {
            throw new CommandException(ExitCode.BadInput, $"{root}: is not empty; --resume goes on with the {what} that it holds, or choose another --out");
        }

        if (!empty && !File.Exists(mark))
        {
            throw new CommandException(ExitCode.BadInput, $"{root}: holds no {what} (there is no {Path.GetFileName(mark)}); choose another --out");
        }
    }
}
