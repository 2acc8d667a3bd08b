// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace EndToEnd.House;

/// <summary>What holds for the text of any file. Each rule returns its findings as <c>path:line: what is wrong</c>.</summary>
internal static partial class TextRules
{
    private const string Licence = "SPDX-License-Identifier: Apache-2.0";

    private static readonly string[] SourceExtensions = [".cs", ".sv", ".svh", ".v", ".vh", ".cpp", ".h", ".js", ".mjs", ".sh", ".py"];

    /// <summary>A source file, or a script without extension, names its licence in its first line (the second after <c>#!</c>).</summary>
    public static IEnumerable<string> Licences(IEnumerable<SourceFile> files) =>
        from file in files
        let isScript = file.Extension.Length == 0 && file.Text.StartsWith("#!", StringComparison.Ordinal)
        where isScript || file.Path == ".ci/run" || SourceExtensions.Contains(file.Extension)
        let line = file.Text.StartsWith("#!", StringComparison.Ordinal) ? 1 : 0
        where !file.Lines.ElementAtOrDefault(line, "").Contains(Licence, StringComparison.Ordinal)
        select $"{file.Path}:{line + 1}: expected '{Licence}'";

    /// <summary>No path of the machine that a file was written on.</summary>
    public static IEnumerable<string> MachinePaths(IEnumerable<SourceFile> files) =>
        ByLine(files, line => MachinePath().Match(line) is { Success: true } match ? $"path of one machine: {match.Value}" : null);

    /// <summary>No line ends with a space, a tab or a carriage return; but every one of a table that the program wrote with a carriage return, as RFC 4180 has it.</summary>
    public static IEnumerable<string> LineEnds(IEnumerable<SourceFile> files)
    {
        ILookup<bool, SourceFile> tables = files.ToLookup(file => file.Path.StartsWith("docs/", StringComparison.Ordinal) && file.Extension == ".csv");
        return ByLine(tables[false], line => line.Length == 0 ? null : line[^1] switch
        {
            '\r' => "ends with a carriage return",
            ' ' or '\t' => "ends with a space or tab",
            _ => null,
        }).Concat(ByLine(tables[true], line => line.Length == 0 || line[^1] == '\r' ? null : "ends without a carriage return"));
    }

    private static IEnumerable<string> ByLine(IEnumerable<SourceFile> files, Func<string, string?> rule) =>
        from file in files
        from line in file.Lines.Select((text, index) => (Problem: rule(text), Number: index + 1))
        where line.Problem is not null
        select $"{file.Path}:{line.Number}: {line.Problem}";

    // Not part of a longer path or of an address: nothing but a delimiter stands before it.
    [GeneratedRegex(@"(?<![\w.~$}/-])/(?:tmp|work|root|home|farm|Users)/[\w.]+")]
    private static partial Regex MachinePath();
}

/// <summary>What <see cref="Enumerable"/> lacks.</summary>
internal static class Elements
{
    /// <summary>The element at <paramref name="index"/>, or <paramref name="otherwise"/> where there is none.</summary>
    public static T ElementAtOrDefault<T>(this T[] items, int index, T otherwise) => index < items.Length ? items[index] : otherwise;
}
