// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Fuzz;

/// <summary>The result of a fuzzing run as a page of the documentation.</summary>
public static class FuzzPage
{
    /// <summary>The page.</summary>
    public static string Of(FuzzProgress progress)
    {
        var text = new StringBuilder();
        text.Append("# Engines against each other: ").Append(Number(progress.Pairs)).Append(" random pairs\n\n");
        text.Append("Written by `dotnet run -c Release --project tests/Fuzz -- ").Append(progress.Pairs).Append(' ').Append(progress.FirstSeed)
            .Append(" engines-fuzz.json docs/differential.md`, which can be interrupted and goes on where it stopped.\n\n");
        text.Append("Each pair is a random network on a random design. The reference interpreter, the register-accurate model and the fast engine (with every width of vectors of the machine) must agree on\n");
        text.Append("every code of every layer, the count and the first place of overflows, the time of every instruction, every counter of cycles and every counter of traffic.\n\n");
        text.Append("| figure | |\n|---|---|\n");
        text.Append("| pairs | ").Append(Number(progress.Pairs)).Append(" |\n| pairs that differ | ").Append(Number(progress.Failures.Count)).Append(" |\n");
        text.Append("| cycles ticked | ").Append(Number(progress.Cycles)).Append(" |\n| overflowing additions | ").Append(Number(progress.Overflows)).Append(" |\n");
        text.Append("| combinations of dataflow, kind of PE, overflow mode and rounding | ").Append(progress.Coverage.Count).Append(" |\n| pairs of the rarest combination | ")
            .Append(progress.Coverage.Values.DefaultIfEmpty().Min()).Append(" |\n\n");
        text.Append("## What occurs\n\n| feature | pairs |\n|---|---|\n");
        foreach ((string feature, int count) in progress.Features)
        {
            text.Append("| ").Append(feature).Append(" | ").Append(Number(count)).Append(" |\n");
        }

        text.Append("\n## Combinations\n\n| dataflow | processing element | overflow | ");
        string[] roundings = [.. progress.Coverage.Keys.Select(key => key.Split(' ')).Where(parts => parts.Length == 4).Select(parts => parts[3]).Distinct().Order()];
        text.AppendJoin(" | ", roundings).Append(" |\n|---|---|---|").Append(string.Concat(Enumerable.Repeat("---|", roundings.Length))).Append('\n');
        foreach (var row in progress.Coverage.Where(entry => entry.Key.Split(' ').Length == 4).GroupBy(entry => string.Join(" | ", entry.Key.Split(' ')[..3])))
        {
            text.Append("| ").Append(row.Key);
            foreach (string rounding in roundings)
            {
                text.Append(" | ").Append(row.Where(entry => entry.Key.EndsWith(" " + rounding, StringComparison.Ordinal)).Sum(entry => entry.Value));
            }

            text.Append(" |\n");
        }

        foreach ((int seed, string difference) in progress.Failures)
        {
            text.Append("\nSeed ").Append(seed).Append(": ").Append(difference.Split('\n')[0]).Append('\n');
        }

        return text.ToString();
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
