// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Cli.CommandLine;

/// <summary>This program as a command that can be started again: by its own executable, or through dotnet.</summary>
public static class OwnCommand
{
    /// <summary>The program and the arguments before those of codesign.</summary>
    public static IReadOnlyList<string> Words { get; } = Find();

    /// <summary>Starts it with its streams redirected.</summary>
    public static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Words[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string word in Words.Skip(1).Concat(arguments))
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(start)!;
    }

    private static string[] Find()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "codesign.dll");
        string process = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(process) == "codesign" ? [process]
            : [Path.GetFileNameWithoutExtension(process) == "dotnet" ? process : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", library];
    }
}
