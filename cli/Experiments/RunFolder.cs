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

    /// <summary>The integer network.</summary>
    public string Network => Path.Combine(Root, "network");

    /// <summary>Cycles and values.</summary>
    public string Simulation => Path.Combine(Root, "simulation");

    /// <summary>What the report shows.</summary>
    public string ReportData => Path.Combine(Simulation, "report.json");

    /// <summary>The RTL bundle.</summary>
    public string Rtl => Path.Combine(Root, "rtl");

    /// <summary>What the run printed, without times.</summary>
    public string Log => Path.Combine(Root, "log.txt");

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
    /// <summary>Writes <paramref name="text"/> (UTF-8, no byte-order mark) beside the file and moves it into place.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = path + ".partial";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
