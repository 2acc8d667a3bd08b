// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;

namespace RtlExport.Tools;

/// <summary>What a program printed and how it ended.</summary>
/// <param name="ExitCode">Exit code, or -1 when it was stopped at its time limit.</param>
/// <param name="Output">Standard output and standard error in the order of their lines.</param>
public sealed record ToolRun(int ExitCode, string Output)
{
    /// <summary>Whether the time limit ended it.</summary>
    public bool TimedOut => ExitCode == -1;

    /// <summary>Standard output alone.</summary>
    public string Printed { get; init; } = "";

    /// <summary>Standard error alone.</summary>
    public string Errors { get; init; } = "";
}

/// <summary>Runs programs of other projects, never through a shell.</summary>
public static class ExternalTool
{
    /// <summary>Full path of <paramref name="program"/>, or null when it is not on the search path.</summary>
    public static string? Find(string program) => Find(program, Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>The first on <paramref name="searchPath"/> that can be run: a file without that permission is passed over, as a shell does.</summary>
    public static string? Find(string program, string searchPath) => searchPath
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(path => File.Exists(path) && IsExecutable(path));

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    /// <summary>Full path of <paramref name="program"/>.</summary>
    /// <exception cref="ToolMissingException">It is not on the search path.</exception>
    public static string Require(string program, string package) =>
        Find(program) ?? throw new ToolMissingException(program, $"apt-get install -y --no-install-recommends {package}");

    /// <summary>Checks for all that a simulator needs.</summary>
    /// <exception cref="ToolMissingException">A program is not on the search path.</exception>
    public static void Require(SimulatorKind simulator)
    {
        foreach ((string program, string package) in simulator == SimulatorKind.Verilator
            ? new[] { ("verilator", "verilator"), ("g++", "g++"), ("make", "make") }
            : [("iverilog", "iverilog"), ("vvp", "iverilog")])
        {
            Require(program, package);
        }
    }

    /// <summary>Runs <paramref name="path"/> to its end, with an empty standard input; stopped with all its children at the time limit or on cancellation.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ToolRun Run(
        string path, IEnumerable<string> arguments, string workingDirectory, TimeSpan timeout, Action<string>? onLine = null, CancellationToken cancellation = default)
    {
        var start = new ProcessStartInfo(path)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        StringBuilder output = new(), printed = new(), errors = new();
        using var process = new Process { StartInfo = start };
        void Collect(string? line, StringBuilder stream)
        {
            if (line is null)
            {
                return;
            }

            lock (output)
            {
                output.Append(line).Append('\n');
                stream.Append(line).Append('\n');
            }

            onLine?.Invoke(line);
        }

        process.OutputDataReceived += (_, e) => Collect(e.Data, printed);
        process.ErrorDataReceived += (_, e) => Collect(e.Data, errors);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool ended = WaitFor(process, timeout, cancellation);
        cancellation.ThrowIfCancellationRequested();
        lock (output)
        {
            return new(ended ? process.ExitCode : -1, output.ToString()) { Printed = printed.ToString(), Errors = errors.ToString() };
        }
    }

    private static bool WaitFor(Process process, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            // Also waits until both streams are read to their ends.
            process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return false;
        }
    }
}
