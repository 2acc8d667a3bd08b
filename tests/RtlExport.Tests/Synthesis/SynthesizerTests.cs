// SPDX-License-Identifier: Apache-2.0
using RtlExport.Synthesis;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests.Synthesis;

/// <summary>Small designs through Yosys: areas that follow by counting, the cache, and sources that Yosys refuses.</summary>
public sealed class SynthesizerTests
{
    /// <summary>Two registers of 5 bits, one of 3: 13 flip-flops.</summary>
    private const string Design = """
        module registers #(parameter int Width = 1) (input logic clk_i, input logic [Width-1:0] data_i, output logic [Width-1:0] data_o);
          always_ff @(posedge clk_i) data_o <= data_i;
        endmodule
        module top (input logic clk_i, input logic [4:0] a_i, input logic [2:0] b_i, output logic [4:0] a_o, output logic [2:0] b_o);
          logic [4:0] a;
          registers #(.Width(5)) u_first (.clk_i(clk_i), .data_i(a_i), .data_o(a));
          registers #(.Width(5)) u_second (.clk_i(clk_i), .data_i(a), .data_o(a_o));
          registers #(.Width(3)) u_third (.clk_i(clk_i), .data_i(b_i), .data_o(b_o));
        endmodule
        """;

    [Fact]
    public void Area_is_the_sum_over_the_instances_and_a_second_synthesis_finds_every_module_in_the_cache()
    {
        using var folder = new TemporaryFolder();
        var synthesizer = new Synthesizer(SynthesisTarget.Ice40Up5k, folder.Path);
        SynthesizedDesign first = Synthesize(synthesizer, Design);
        Assert.Equal(13, first.Total.FlipFlops);
        Assert.Equal(3, first.Synthesized);
        Assert.Equal([1, 1, 2], first.Modules.Select(module => module.Instances).Order());
        Assert.Equal(13, first.Modules.Single(module => module.Name == "top").Cumulative.FlipFlops);

        SynthesizedDesign again = Synthesize(synthesizer, "// Comments and lines are not content.\n" + Design);
        Assert.Equal(0, again.Synthesized);
        Assert.Equal(first.Total, again.Total);

        SynthesizedDesign changed = Synthesize(synthesizer, Design.Replace(".Width(3)", ".Width(2)", StringComparison.Ordinal).Replace("[2:0]", "[1:0]", StringComparison.Ordinal));
        Assert.Equal((12, 2), (changed.Total.FlipFlops, changed.Synthesized));
    }

    /// <summary>The system bus puts modules around the accelerator and changes none in it, so that areas add up.</summary>
    [Fact]
    public void On_its_system_bus_the_accelerator_is_the_same_module()
    {
        using var folder = new TemporaryFolder();
        var synthesizer = new Synthesizer(SynthesisTarget.Xc7, folder.Path);
        Dictionary<string, string> plain = Modules(MemoryBus.Plain), bus = Modules(MemoryBus.Axi);

        Assert.Equal(["accelerator_axi", "axi_dma", "axi_lite_registers", "program_loader", "program_port"], bus.Keys.Except(plain.Keys).Order(StringComparer.Ordinal));
        Assert.All(plain, module => Assert.Equal(module.Value, bus[module.Key]));

        Dictionary<string, string> Modules(MemoryBus ports) => synthesizer.Elaborate(HardwareSources.Of(Designs.Reference, ports), HardwareSources.TopOf(ports), CancellationToken.None)
            .Modules.GroupBy(module => module.SourceName).ToDictionary(group => group.Key, group => string.Join('\n', group.Select(module => module.Hash).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Sources_that_Yosys_refuses_give_its_first_message_and_a_log()
    {
        using var folder = new TemporaryFolder();
        var refused = Assert.Throws<RtlCompileException>(() => Synthesize(new(SynthesisTarget.Ice40Up5k, folder.Path), Design.Replace("always_ff", "always_never", StringComparison.Ordinal)));
        Assert.Contains("ERROR", refused.Message, StringComparison.Ordinal);
        Assert.Contains("design.sv", File.ReadAllText(refused.LogPath), StringComparison.Ordinal);
    }

    private static SynthesizedDesign Synthesize(Synthesizer synthesizer, string source) =>
        synthesizer.Synthesize([synthesizer.Elaborate(new([("design.sv", source)]), "top", CancellationToken.None)])[0];
}
