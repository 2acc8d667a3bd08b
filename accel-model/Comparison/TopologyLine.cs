// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace AccelModel.Comparison;

/// <summary>One entry of a line: its text without the blanks around it, and where that begins (for an empty one, where the entry does).</summary>
internal readonly record struct TopologyField(string Text, SpecPosition Position);

/// <summary>
/// A line cut at its commas. Empty entries at the end do not count: files end their lines with no comma, with one, or with as many as a spreadsheet has columns.
/// </summary>
/// <param name="Position">The line's first column.</param>
/// <param name="Fields">The entries up to the last that is not empty; none of a blank line.</param>
internal sealed record TopologyLine(SpecPosition Position, ImmutableArray<TopologyField> Fields)
{
    /// <summary>Whether there is nothing but blanks and commas.</summary>
    public bool IsBlank => Fields.IsEmpty;

    /// <summary>The place behind the last entry: where a missing one should be.</summary>
    public SpecPosition End => Fields.IsEmpty
        ? Position
        : Fields[^1].Position with { Column = Fields[^1].Position.Column + Fields[^1].Text.Length };

    /// <summary>The lines of a text; a line ends with LF, CRLF or CR.</summary>
    public static IEnumerable<TopologyLine> Split(string text, string file) =>
        text.ReplaceLineEndings("\n").Split('\n').Select((line, index) => Cut(line, new SpecPosition(file, index + 1, 1)));

    private static TopologyLine Cut(string line, SpecPosition start)
    {
        var fields = ImmutableArray.CreateBuilder<TopologyField>();
        int filled = 0, column = 1;
        foreach (string entry in line.Split(','))
        {
            string text = entry.Trim();
            int blanks = text.Length == 0 ? 0 : entry.Length - entry.TrimStart().Length;
            fields.Add(new(text, start with { Column = column + blanks }));
            column += entry.Length + 1;
            filled = text.Length == 0 ? filled : fields.Count;
        }

        fields.Count = filled;
        return new(start, fields.ToImmutable());
    }
}
