// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Benchmarks;

/// <summary>The command as a user runs it, in a process of its own.</summary>
internal static class CommandLine
{
    /// <summary>The repository's folder of configurations.</summary>
    public static string Configurations { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", "configs"));

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public static void Run(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "codesign.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // As the launcher sets them: threads that wait do not spin, and libtorch's allocations stay in one arena.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        start.Environment["MALLOC_ARENA_MAX"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"codesign {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{errors}{output.Result}");
        }
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
