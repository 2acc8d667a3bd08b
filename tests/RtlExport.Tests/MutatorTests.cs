// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
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

    /// <summary>In a weight-stationary design nobody reads a lane or the pitch of lanes, whose other value is no fault; in an input-stationary one, and for a line's address, it is.</summary>
    [Theory]
    [InlineData(Dataflow.WeightStationary, "operand_sequencer.sv", "assign update_lane_o      = {LaneWidth{1'b0}};", "1'b0", true)]
    [InlineData(Dataflow.WeightStationary, "matmul_sequencer.sv", "assign lane_pitch_o   = {LineAddressWidth{1'b0}};", "1'b0", true)]
    [InlineData(Dataflow.WeightStationary, "matmul_sequencer.sv", "assign line_stride    = LineAddressWidth'(1);", "'(1)", false)]
    [InlineData(Dataflow.InputStationary, "operand_sequencer.sv", "lane_q     <= {LaneWidth{1'b0}};", "1'b0", false)]
    public void What_a_design_does_not_read_may_have_any_value(Dataflow dataflow, string module, string source, string from, bool unread)
    {
        using var folder = new TemporaryFolder();
        string bundle = Bundle(folder, Designs.Reference with { Array = Designs.Reference.Array with { Dataflow = dataflow } });
        Mutant mutant = Mutator.Of(module, RtlSources.Read("rtl/" + module)).First(mutant => mutant.Source == source && mutant.From == from);

        Assert.Equal(unread, EquivalenceProof.IsUnread(bundle, mutant, TimeSpan.FromMinutes(2), CancellationToken.None));
    }

    /// <summary>The place of a bit may be any while no number runs, but not while one does.</summary>
    [Theory]
    [InlineData("else if (begin_i || (run_i && last_o)) place_q <= most;", "run_i", true)]
    [InlineData("else if (begin_i || (run_i && last_o)) place_q <= most;", "&&", false)]
    [InlineData("else if (begin_i || (run_i && last_o)) place_q <= most;", "||", false)]
    [InlineData("else if (run_i)                        place_q <= place_q - PlaceWidth'(1);", "'(1)", false)]
    public void A_place_counts_as_it_should_while_a_number_runs(string source, string from, bool equal)
    {
        using var folder = new TemporaryFolder();
        AcceleratorSpec design = Designs.Reference with { Array = Designs.Reference.Array with { ProcessingElement = ProcessingElementKind.BitSerial, ActivationWidth = 8 } };
        string bundle = Bundle(folder, design);
        Mutant mutant = Mutator.Of("place_counter.sv", RtlSources.Read("rtl/place_counter.sv")).First(mutant => mutant.Source == source && mutant.From == from);

        Assert.Equal(equal, EquivalenceProof.HoldsUnder("place_equivalence", bundle, mutant, TimeSpan.FromMinutes(2), CancellationToken.None));
    }

    private static string Bundle(TemporaryFolder folder, AcceleratorSpec design) => Sample.Of(design, Sample.DenseNetwork(RoundingMode.HalfUp), images: 1).Write(folder);
}
