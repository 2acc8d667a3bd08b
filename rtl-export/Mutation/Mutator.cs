// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace RtlExport.Mutation;

/// <summary>
/// Lists every fault of a module: each token of its statements that has a counterpart in a table, one at a time. Declarations (ports, parameters, widths), comments and
/// what only pleases a linter are left alone.
/// </summary>
public static partial class Mutator
{
    private static readonly ImmutableArray<(string From, string To, string Kind)> Table =
    [
        ("posedge", "negedge", "edge"),
        ("!rst_ni", "rst_ni", "reset"),
        ("~available_i", "{Semaphores{1'b0}}", "stall"),
        ("mem_ack_i", "1'b1", "stall"),
        ("beat_i", "1'b1", "stall"),
        ("run_i", "1'b1", "stall"),
        ("busy_q", "1'b1", "stall"),
        (">>>", ">>", "sign"),
        ("<<<", ">>>", "operator"),
        ("==", "!=", "condition"),
        ("!=", "==", "condition"),
        (">=", ">", "condition"),
        (" <= ", " < ", "condition"),
        (" < ", " <= ", "condition"),
        (" > ", " >= ", "condition"),
        ("&&", "||", "condition"),
        ("||", "&&", "condition"),
        ("+", "-", "operator"),
        (" - ", " + ", "operator"),
        (" & ", " | ", "operator"),
        (" | ", " & ", "operator"),
        (" ^ ", " | ", "operator"),
        ("~", "", "operator"),
        ("!", "", "condition"),
        ("1'b1", "1'b0", "constant"),
        ("1'b0", "1'b1", "constant"),
        ("'(1)", "'(2)", "constant"),
        ("- 1)", "- 2)", "constant"),
    ];

    private static readonly string[] Declarations = ["input", "output", "parameter", "localparam", "logic", "module", "endmodule", "genvar", "for", "typedef", "`"];

    /// <summary>All faults of a module, in the order of its text.</summary>
    public static IEnumerable<Mutant> Of(string module, string text)
    {
        int offset = 0, number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            foreach ((int column, string from, string to, string kind) in Tokens(line))
            {
                yield return new(module, number, offset + column, kind, from, to, line.Trim());
            }

            offset += line.Length + 1;
        }
    }

    private static IEnumerable<(int Column, string From, string To, string Kind)> Tokens(string line)
    {
        string code = line.Split("//")[0], statement = code.Trim();
        if (statement.Length == 0 || statement.Contains("unused", StringComparison.Ordinal) || Declarations.Any(word => statement.StartsWith(word, StringComparison.Ordinal)))
        {
            yield break;
        }

        bool assignment = NonBlocking().Match(code) is { Success: true };
        int arrow = assignment ? NonBlocking().Match(code).Groups[1].Index : -1;
        for (int column = 0; column < code.Length;)
        {
            // The first entry that fits is the longest, so that a part of a token is none.
            var found = Table.FirstOrDefault(entry => string.CompareOrdinal(code, column, entry.From, 0, entry.From.Length) == 0);
            if (found.From is null || IsNoUse(code, column, found.From) || InRange(code, column) || (found.From == " <= " && column + 1 == arrow))
            {
                column++;
                continue;
            }

            yield return (column, found.From, found.To, found.Kind);
            column += found.From.Length;
        }
    }

    /// <summary>Whether a signal's name is only a part of a longer one, a port's in a connection, or that of a register which is assigned.</summary>
    private static bool IsNoUse(string code, int column, string token)
    {
        if (!(token.EndsWith("_i", StringComparison.Ordinal) || token.EndsWith("_q", StringComparison.Ordinal)) || !char.IsAsciiLetter(token[0]))
        {
            return false;
        }

        int end = column + token.Length;
        return (column > 0 && (char.IsAsciiLetterOrDigit(code[column - 1]) || code[column - 1] is '_' or '.'))
            || (end < code.Length && (char.IsAsciiLetterOrDigit(code[end]) || code[end] == '_'))
            || code.AsSpan(end).TrimStart().StartsWith("<=");
    }

    /// <summary>Whether a column is in a part select's <c>+:</c> or <c>-:</c>.</summary>
    private static bool InRange(string code, int column) => code[column] == '+' && column + 1 < code.Length && code[column + 1] == ':';

    [GeneratedRegex(@"^[^=(]*?[\w\]\}]\s*(<=)\s|\)\s*[\w\[\]:+*\-\s]+\s(<=)\s")]
    private static partial Regex NonBlocking();
}
