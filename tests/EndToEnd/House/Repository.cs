// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Reflection;

namespace EndToEnd.House;

/// <summary>One file of the repository: its path from the root with forward slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>Text by lines, without their ends.</summary>
    public string[] Lines => Text.Split('\n');

    /// <summary>The last part of the path from its last dot on, or nothing.</summary>
    public string Extension => System.IO.Path.GetExtension(Path);
}

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    private const string Solution = "CoDesign.sln";

    private static readonly string[] FoldersOfOutputs = ["bin", "obj", "node_modules", ".git", ".codesign", "TestResults"];

    private static readonly string[] FoldersOfUsers = ["runs", "sweeps", "data"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> Files = new(() => [.. FileNames().Select(Read).OfType<SourceFile>()]);

    /// <summary>Absolute path of the root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every text file under version control, in the order of their paths.</summary>
    public static IReadOnlyList<SourceFile> TextFiles => Files.Value;

    /// <summary>Absolute path of a file.</summary>
    public static string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>Every file below <paramref name="root"/> that is no output and no result, as git is not there to tell.</summary>
    public static IEnumerable<string> Walk(string root) => Walk(new DirectoryInfo(root), "");

    private static IEnumerable<string> Walk(DirectoryInfo folder, string prefix)
    {
        foreach (FileInfo file in folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            yield return prefix + file.Name;
        }

        foreach (DirectoryInfo inner in folder.EnumerateDirectories().OrderBy(inner => inner.Name, StringComparer.Ordinal))
        {
            if (FoldersOfOutputs.Contains(inner.Name) || (prefix.Length == 0 && FoldersOfUsers.Contains(inner.Name)))
            {
                continue;
            }

            foreach (string file in Walk(inner, $"{prefix}{inner.Name}/"))
            {
                yield return file;
            }
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        return typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;
    }

    private static IEnumerable<string> FileNames() => (TrackedByGit() ?? Walk(Root)).Order(StringComparer.Ordinal);

    private static IReadOnlyList<string>? TrackedByGit()
    {
        var start = new ProcessStartInfo("git", ["-C", Root, "ls-files", "-z"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process git = Process.Start(start)!;
            Task<string> error = git.StandardError.ReadToEndAsync();
            string names = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 && error.Result.Length == 0 ? names.Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Null for a file that was removed but not yet committed, and for one that is no text.</summary>
    private static SourceFile? Read(string name)
    {
        string path = PathOf(name);
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().Contains((byte)0) ? null : new(name, System.Text.Encoding.UTF8.GetString(bytes));
    }
}
