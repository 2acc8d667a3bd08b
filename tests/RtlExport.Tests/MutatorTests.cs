// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using RtlExport.Mutation;
using RtlExport.Tests.Support;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>Faults are listed by rule, drawn by seed, and judged by the exported bench alone.</summary>
public sealed class MutatorTests
{
    [Fact]
    public void Every_fault_changes_one_token_of_one_statement()
    {
        IReadOnlyList<Mutant> all = MutationRun.Candidates(seed: 1);
        Assert.True(all.Count > 500, $"{all.Count} faults");
        Assert.Equal(all.Count, all.Select(mutant => (mutant.Module, mutant.Offset)).Distinct().Count());
        Assert.Equal(["condition", "constant", "edge", "operator", "reset", "sign", "stall"], all.Select(mutant => mutant.Kind).Distinct().Order(StringComparer.Ordinal));
        foreach (Mutant mutant in all)
        {
            string text = RtlSources.Read("rtl/" + mutant.Module), mutated = mutant.ApplyTo(text);
            string[] before = text.Split('\n'), after = mutated.Split('\n');
            Assert.Equal(mutant.Line - 1, Assert.Single(Enumerable.Range(0, before.Length), line => before[line] != after[line]));
            Assert.Equal(mutant.From, text.Substring(mutant.Offset, mutant.From.Length));
            Assert.DoesNotContain("//", before[mutant.Line - 1][..Math.Max(0, before[mutant.Line - 1].IndexOf(mutant.From, StringComparison.Ordinal))]);
        }
    }

    [Fact]
    public void Comments_declarations_assignments_and_part_selects_have_no_faults() => Assert.Empty(Mutator.Of("a.sv", """
        // a + b == 1'b1
        input  logic [W-1:0] a,
        parameter int W = 2 + 3,
        count_q <= next;
        field = word[4 +: 2];
        assign unused = &{1'b0, a};
        """));
}
