// SPDX-License-Identifier: Apache-2.0
using Cli.CommandLine;

namespace Cli.Experiments;

/// <summary>The files of one run.</summary>
/// <param name="Root">The run's folder.</param>
public sealed record RunFolder(string Root)
{
    /// <summary>The resolved experiment with its hash.</summary>
    public string Configuration => Path.Combine(Root, "config.yaml");

    /// <summary>Checkpoints, history and the trained network.</summary>
    public string Training => Path.Combine(Root, "train");

    /// <summary>The integer network's folder in the run's.</summary>
    public const string NetworkName = "network";

    /// <summary>Test images of a run that names files of them.</summary>
    public const string TestImagesName = "test/images.npy";

    /// <summary>Their labels.</summary>
    public const string TestLabelsName = "test/labels.npy";

    /// <summary>The float checkpoint that training started from, where the experiment names one.</summary>
    public const string FloatNetworkName = "start";

    internal const string HashPrefix = "# config_sha256: ";

    private static readonly string[] Results = [NetworkName, FloatNetworkName, "test", "simulation", "rtl", "figures", "report.html", "log.txt"];

    /// <summary>Accuracy with fewer bits in one tensor alone, where it was measured.</summary>
    public string Sensitivity => Path.Combine(Simulation, "sensitivity.csv");

    /// <summary>The integer network.</summary>
    public string Network => Path.Combine(Root, NetworkName);

    /// <summary>Test images, where they are no data set's.</summary>
    public string TestImages => Path.Combine(Root, TestImagesName);

    /// <summary>Their labels.</summary>
    public string TestLabels => Path.Combine(Root, TestLabelsName);

    /// <summary>Float checkpoint.</summary>
    public string FloatNetwork => Path.Combine(Root, FloatNetworkName);

    /// <summary>Cycles and values.</summary>
    public string Simulation => Path.Combine(Root, "simulation");

    /// <summary>What the report shows.</summary>
    public string ReportData => Path.Combine(Simulation, "report.json");

    /// <summary>The RTL bundle.</summary>
    public string Rtl => Path.Combine(Root, "rtl");

    /// <summary>What the run printed, without times.</summary>
    public string Log => Path.Combine(Root, "log.txt");

    /// <summary>Whether the folder may be written: it is new or empty, or holds a run, which gives way.</summary>
    /// <param name="configuration">Text of the configuration that is to run.</param>
    /// <param name="resume">Whether it is to go on from what is there.</param>
    /// <exception cref="CommandException">It holds something else.</exception>
    public void Check(string configuration, bool resume)
    {
        bool empty = !Directory.Exists(Root) || !Directory.EnumerateFileSystemEntries(Root).Any();
        string there = File.Exists(Configuration) ? File.ReadAllText(Configuration) : "";
        if (!empty && !there.StartsWith(HashPrefix, StringComparison.Ordinal))
        {
            throw new CommandException(ExitCode.BadInput, $"{Root}: not overwritten, found files that are no run's, allowed a new or empty folder or that of a run");
        }

        if (resume && !empty && there != configuration)
        {
            throw new CommandException(ExitCode.BadInput, $"{Root}: holds a run of another configuration; run without --resume or choose another --out");
        }
    }

    /// <summary>Removes what an earlier run left, so that files of two runs never lie side by side, and writes the new run's configuration.</summary>
    /// <param name="configuration">Text of the configuration; <see cref="Check"/> allows it.</param>
    /// <param name="resume">Whether what there is of training stays.</param>
    public void Begin(string configuration, bool resume)
    {
        foreach (string result in resume ? Results : [.. Results, "train"])
        {
            string path = Path.Combine(Root, result);
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }

            File.Delete(path);
        }

        AtomicFile.Write(Configuration, configuration);
    }

    /// <summary>Makes the folder.</summary>
    /// <exception cref="CommandException">It cannot be made or written.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Root);
            string probe = Path.Combine(Root, ".write-test");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, $"{Root}: the output folder cannot be written: {exception.Message}", exception);
        }
    }
}

/// <summary>Writes files so that a reader never sees half of one.</summary>
public static class AtomicFile
{
    /// <summary>Begins the ends of names of files that are half-written, where several machines may write the same one.</summary>
    public const string SharedSuffix = ".partial-";

    /// <summary>A task of a cluster may be begun anew while the old one, on a node that was given up, still writes.</summary>
    private static readonly string Suffix = Environment.GetEnvironmentVariable("SLURM_JOB_ID") is { Length: > 0 } ? $"{SharedSuffix}{Environment.MachineName}-{Environment.ProcessId}" : ".partial";

    /// <summary>Writes <paramref name="text"/> (UTF-8, no byte-order mark) beside the file and moves it into place.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string temporary = path + Suffix;
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
