// SPDX-License-Identifier: Apache-2.0
using RtlExport.Tools;

namespace RtlExport.Synthesis;

/// <summary>Runs of the synthesiser Yosys.</summary>
public sealed class Yosys
{
    private readonly string _program;

    private Yosys(string program, string version)
    {
        _program = program;
        Version = version;
    }

    /// <summary>What <c>yosys -V</c> prints, such as <c>Yosys 0.23 (git sha1 7ce5011c24b)</c>.</summary>
    public string Version { get; }

    /// <summary>The installed one.</summary>
    /// <exception cref="ToolMissingException">There is none.</exception>
    public static Yosys Find()
    {
        string program = ExternalTool.Require("yosys", "yosys");
        string version = ExternalTool.Run(program, ["-V"], Path.GetTempPath(), TimeSpan.FromMinutes(1)).Output.Trim();
        return new(program, version);
    }

    /// <summary>The simulation models of the iCE40's cells that come with Yosys.</summary>
    /// <exception cref="ToolMissingException">Yosys is not installed.</exception>
    public static string Ice40Cells()
    {
        string program = ExternalTool.Require("yosys", "yosys");
        // Icarus takes no default values of ports.
        return "`define NO_ICE40_DEFAULT_ASSIGNMENTS\n" + File.ReadAllText(Path.Combine(Path.GetDirectoryName(program)!, "..", "share", "yosys", "ice40", "cells_sim.v"));
    }

    /// <summary>Runs <paramref name="commands"/> in <paramref name="workingDirectory"/>.</summary>
    /// <param name="commands">Lines of a Yosys script.</param>
    /// <param name="workingDirectory">Where file names start.</param>
    /// <param name="logFile">Gets the output of a run that fails.</param>
    /// <param name="timeout">The run is stopped after this time.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="RtlCompileException">Yosys refuses the sources or runs longer than the limit; the message is its first one.</exception>
    public string Run(IEnumerable<string> commands, string workingDirectory, string logFile, TimeSpan timeout, CancellationToken cancellation)
    {
        string script = Path.Combine(workingDirectory, "script.ys");
        File.WriteAllText(script, string.Join('\n', commands) + "\n");
        ToolRun run = ExternalTool.Run(_program, ["-Q", "-T", "-s", script], workingDirectory, timeout, null, cancellation);
        if (run.ExitCode == 0)
        {
            return run.Output;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(logFile))!);
        File.WriteAllText(logFile, run.Output);
        string first = run.Output.Split('\n').FirstOrDefault(line => line.Contains("ERROR", StringComparison.Ordinal)) ?? "it ended without a message";
        throw new RtlCompileException(run.TimedOut ? $"Yosys took longer than {timeout}" : $"Yosys: {first.Trim()}", logFile);
    }
}
