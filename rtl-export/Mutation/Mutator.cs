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
            if (found.From is null || InRange(code, column) || (found.From == " <= " && column + 1 == arrow))
            {
                column++;
                continue;
            }

            yield return (column, found.From, found.To, found.Kind);
            column += found.From.Length;
        }
    }

    /// <summary>Whether a column is in a part select's <c>+:</c> or <c>-:</c>.</summary>
    private static bool InRange(string code, int column) => code[column] == '+' && column + 1 < code.Length && code[column + 1] == ':';

    [GeneratedRegex(@"^[^=(]*?[\w\]\}]\s*(<=)\s|\)\s*[\w\[\]:+*\-\s]+\s(<=)\s")]
    private static partial Regex NonBlocking();
}
