// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace EndToEnd.House;

/// <summary>Public types say in a sentence what they are.</summary>
internal static partial class DocumentationRules
{
    /// <summary>Public types without a <c>summary</c> that says something.</summary>
    public static IEnumerable<string> Undocumented(SourceFile file)
    {
        string[] lines = file.Lines;
        for (int i = 0; i < lines.Length; i++)
        {
            if (PublicType().Match(lines[i]) is { Success: true } type && !IsSummary(CommentAbove(lines, i)))
            {
                yield return $"{file.Path}:{i + 1}: {type.Groups["name"].Value} has no summary";
            }
        }
    }

    /// <summary>The <c>///</c> lines above a declaration and its attributes.</summary>
    private static string CommentAbove(string[] lines, int declaration)
    {
        int last = declaration - 1;
        while (last >= 0 && lines[last].TrimStart().StartsWith('['))
        {
            last--;
        }

        int first = last;
        while (first >= 0 && lines[first].TrimStart().StartsWith("///", StringComparison.Ordinal))
        {
            first--;
        }

        return string.Join(' ', lines[(first + 1)..(last + 1)].Select(line => line.TrimStart().TrimStart('/')));
    }

    private static bool IsSummary(string comment) =>
        comment.Contains("<inheritdoc", StringComparison.Ordinal) || (Summary().Match(comment) is { Success: true } summary && summary.Groups[1].Value.Any(char.IsLetter));

    [GeneratedRegex(@"^\s*public\s+(?:(?:static|sealed|abstract|readonly|ref|partial|unsafe|new|file)\s+)*(?:class|record\s+struct|record\s+class|record|struct|interface|enum|delegate\s+\S+)\s+(?<name>\w+)")]
    private static partial Regex PublicType();

    [GeneratedRegex(@"<summary>(.*?)</summary>", RegexOptions.Singleline)]
    private static partial Regex Summary();
}
