// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using RtlExport.Tools;

namespace Cli.Doctor;

/// <summary>One external thing that some command needs.</summary>
/// <param name="Name">Name as it is typed or known.</param>
/// <param name="NeededFor">What does not work without it.</param>
/// <param name="Command">The command that gets it.</param>
/// <param name="Probe">Version if it is there, else null.</param>
public sealed record Tool(string Name, string NeededFor, string Command, Func<string?> Probe);

/// <summary>Result of looking for a <see cref="Tool"/>.</summary>
/// <param name="Name">Name.</param>
/// <param name="NeededFor">What it is for.</param>
/// <param name="Version">Version, or null if it is missing.</param>
/// <param name="Command">How to get it.</param>
public sealed record ToolState(string Name, string NeededFor, string? Version, string Command)
{
    /// <summary><c>found</c> or <c>missing</c>.</summary>
    public string State => Version is null ? "missing" : "found";
}

/// <summary>Ways of finding a version without asking the shell.</summary>
internal static partial class Probes
{
    /// <summary>First version-like text that <paramref name="program"/> prints, or null where it cannot be started.</summary>
    public static string? VersionOf(string program, params string[] arguments)
    {
        if (ExternalTool.Find(program) is not string path)
        {
            return null;
        }

        ToolRun run = ExternalTool.Run(path, arguments, "", TimeSpan.FromMinutes(1));
        return VersionIn(run.Printed + run.Errors);
    }

    /// <summary>The first of <paramref name="text"/> that looks like a version.</summary>
    public static string VersionIn(string text) => VersionText().Match(text) is { Success: true } version ? version.Value : "unknown version";

    /// <summary>The first group of <paramref name="pattern"/> in a file, or null.</summary>
    public static string? VersionInFile(string path, string pattern)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        Match match = Regex.Match(File.ReadAllText(path), pattern);
        return match.Success ? match.Groups[1].Value : "unknown version";
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)*([-+.]\w+)*")]
    private static partial Regex VersionText();
}
