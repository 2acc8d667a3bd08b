// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;

namespace Reports;

/// <summary>Runs a program that turns bytes into bytes.</summary>
internal static class ExternalTool
{
    /// <summary>Feeds <paramref name="input"/> to the program's standard input and returns its standard output.</summary>
    /// <exception cref="MissingToolException">The program is not on the path.</exception>
    /// <exception cref="InvalidOperationException">It failed; the message holds the end of its standard error.</exception>
    public static byte[] Run(string tool, string remedy, IEnumerable<string> arguments, byte[] input)
    {
        var start = new ProcessStartInfo(tool)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Start(start, tool, remedy);
        // All three streams move at once: a full pipe on one would stop the others.
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task feeding = Task.Run(() => Feed(process, input));
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        feeding.Wait();
        if (process.ExitCode != 0)
        {
            string text = errors.Result.Trim();
            throw new InvalidOperationException($"{tool} failed with exit code {process.ExitCode}: {text[Math.Max(0, text.Length - 2000)..]}");
        }

        return output.ToArray();
    }

    /// <summary>Checks that a program can be started.</summary>
    /// <exception cref="MissingToolException">The program is not on the path.</exception>
    public static void Require(string tool, string remedy)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, tool))))
        {
            throw new MissingToolException(tool, remedy);
        }
    }

    private static Process Start(ProcessStartInfo start, string tool, string remedy)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new MissingToolException(tool, remedy);
        }
    }

    private static void Feed(Process process, byte[] input)
    {
        try
        {
            using Stream stream = process.StandardInput.BaseStream;
            stream.Write(input);
        }
        catch (IOException)
        {
            // The program stopped reading; its exit code and standard error say why.
        }
    }
}
