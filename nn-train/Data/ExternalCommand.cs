// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;

namespace NnTrain.Data;

/// <summary>Runs a program that fetches data.</summary>
internal static class ExternalCommand
{
    /// <param name="program">Name of the program, found on the path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="remedy">The command that makes the program, or what it fetches, available.</param>
    /// <exception cref="DatasetException">The program is missing or fails; its last words are in the message.</exception>
    internal static void Run(string program, IEnumerable<string> arguments, string directory, string remedy)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new DatasetException($"{program} cannot be started. Run `{remedy}`.", e);
        }
        using (process)
        {
            // Both pipes are read at once, so that neither can fill up and stop the program.
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            process.WaitForExit();
            _ = output.Result;
            if (process.ExitCode != 0)
            {
                throw new DatasetException($"{program} failed: {LastLine(errors.Result)} If this stays, run `{remedy}`.");
            }
        }
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no message.";
}
