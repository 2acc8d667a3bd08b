// SPDX-License-Identifier: Apache-2.0
using RtlExport.Synthesis;
using RtlExport.Tests.Support;

namespace RtlExport.Tests.Synthesis;

/// <summary>A unit between registers on the iCE40 UP5K: placed, routed, timed by both tools.</summary>
public sealed class TimingHarnessTests
{
    /// <summary>A chain of 12 additions takes more than twice the time of one; a unit named as a processing element is the one that is placed.</summary>
    [Fact]
    public void A_longer_path_has_a_slower_clock_and_the_lower_of_two_tools_counts()
    {
        PlacedDesign one = Place(1), many = Place(12);
        Assert.InRange(many.FmaxMhz, 1, one.FmaxMhz / 2);
        Assert.Equal(Math.Min(one.NextpnrMhz, one.IcetimeMhz), one.FmaxMhz);

        // Inputs, outputs and their shift registers: 3 * 16 flip-flops and one more at each end at least.
        Assert.InRange(one.LogicCells, 48, 400);
    }

    [Fact]
    public void A_design_with_a_damaged_elaboration_in_the_cache_is_elaborated_again()
    {
        using var folder = new TemporaryFolder();
        var synthesizer = new Synthesizer(SynthesisTarget.Ice40Up5k, folder.Path);
        Elaboration first = synthesizer.Elaborate(Sources(1), "top", CancellationToken.None);
        string kept = Assert.Single(Directory.EnumerateFiles(folder.Path, "*.il.gz", SearchOption.AllDirectories));
        Assert.Equal(first.Modules.Select(module => module.Hash), synthesizer.Elaborate(Sources(1), "top", CancellationToken.None).Modules.Select(module => module.Hash));

        File.WriteAllText(kept, "no archive");
        Assert.Equal(first.Modules.Select(module => module.Hash), synthesizer.Elaborate(Sources(1), "top", CancellationToken.None).Modules.Select(module => module.Hash));
    }

    private static PlacedDesign Place(int additions)
    {
        using var folder = new TemporaryFolder();
        HardwareSources sources = Sources(additions);
        Elaboration design = new Synthesizer(SynthesisTarget.Ice40Up5k, folder.Path).Elaborate(sources, "top", CancellationToken.None);
        PlacedDesign? timing = new Ice40Placer().Place(sources, design, Path.Combine(folder.Path, "log"), CancellationToken.None);
        Assert.True(timing is not null, File.Exists(Path.Combine(folder.Path, "log")) ? File.ReadAllText(Path.Combine(folder.Path, "log")) : "");
        return timing;
    }

    private static HardwareSources Sources(int additions) => new([("design.sv", FormattableString.Invariant($$"""
        module processing_element #(parameter int Additions = 1) (input logic clk_i, input logic [15:0] a_i, input logic [15:0] b_i, output logic [15:0] sum_o);
          genvar i;
          generate
            for (i = 0; i < Additions; i = i + 1) begin : g_sum
              logic [15:0] sum;
              if (i == 0) begin : g_first
                assign sum = a_i + b_i;
              end else begin : g_next
                assign sum = (g_sum[i-1].sum ^ {g_sum[i-1].sum[0], g_sum[i-1].sum[15:1]}) + b_i;
              end
            end
          endgenerate
          assign sum_o = g_sum[Additions-1].sum;
        endmodule
        module top (input logic clk_i, input logic [15:0] a_i, input logic [15:0] b_i, output logic [15:0] sum_o);
          processing_element #(.Additions({{additions}})) u_element (.clk_i(clk_i), .a_i(a_i), .b_i(b_i), .sum_o(sum_o));
        endmodule
        """))]);
}
