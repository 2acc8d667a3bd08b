// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;

namespace AccelModel.Specification;

/// <summary>A line of comma-separated values as RFC 4180 has it; of every such file that is written.</summary>
public static class CsvLine
{
    /// <summary>Ends each line, the last one too (RFC 4180, section 2, rules 1 and 2).</summary>
    public const string End = "\r\n";

    private static readonly char[] NeedsQuotes = [',', '"', '\n', '\r'];

    /// <summary>A field as it stands in a line: in quotes where it holds what would end it.</summary>
    public static string Quote(string field) =>
        field.IndexOfAny(NeedsQuotes) < 0 ? field : '"' + field.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    /// <summary>The fields of a line without its end, quotes taken away; no field holds a line break.</summary>
    public static ImmutableArray<string> Fields(string line)
    {
        var fields = ImmutableArray.CreateBuilder<string>();
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return fields.ToImmutable();
    }
}
