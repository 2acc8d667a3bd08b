// SPDX-License-Identifier: Apache-2.0
using RtlExport.Synthesis;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests.Synthesis;

/// <summary>A small design on the iCE40UP5K: what it takes follows by counting; what does not fit is named.</summary>
public sealed class PlaceAndRouteTests
{
    /// <summary>More ports than the part has pins: 64 flip-flops between 65 inputs, the clock among them, and 64 outputs.</summary>
    private const string Design = """
        module wide (input logic clk_i, input logic [63:0] data_i, output logic [63:0] data_o);
          always_ff @(posedge clk_i) data_o <= data_i ^ {data_o[62:0], 1'b1};
        endmodule
        """;

    [Fact]
    public void A_design_of_many_ports_is_placed_behind_four_pins_and_its_clock_is_the_lower_of_both_analyses()
    {
        using var folder = new TemporaryFolder();
        RtlilModule top = Elaborate(folder);
        string netlist = Map(folder, PinHarness.Around(top), PinHarness.Top);
        var files = new PlacementFiles(netlist, folder.At("routed.asc"), folder.At("design.bin"), null, folder.At("place.log"));

        PlacedDesign placed = PlaceAndRoute.Find().Run(files, 20, seed: 1, TimeSpan.FromMinutes(2), CancellationToken.None);

        // Chains of 65 registers each, 64 of the design's; a cell holds one. The head and the tail of a chain may go.
        Assert.InRange(placed.LogicCells, (3 * 64) - 2, (4 * 64) + 2);
        Assert.Equal((4, 0, 0, 0), (placed.Pins, placed.BlockRam, placed.Dsp, placed.SinglePortRam));
        Assert.InRange(placed.FmaxMhz, 20, 300);
        Assert.Equal(Math.Min(placed.NextpnrMhz, placed.IcetimeMhz), placed.FmaxMhz);

        // A bitstream of iCE40 begins with a comment, then the preamble 7EAA997E.
        byte[] bits = File.ReadAllBytes(folder.At("design.bin"));
        Assert.True(bits.AsSpan().IndexOf<byte>([0x7e, 0xaa, 0x99, 0x7e]) is >= 0 and < 64);
    }

    [Fact]
    public void A_design_with_more_ports_than_pins_is_refused_with_the_resource_and_by_how_much()
    {
        using var folder = new TemporaryFolder();
        var files = new PlacementFiles(Map(folder, Design, "wide"), folder.At("routed.asc"), null, null, folder.At("place.log"));

        var refused = Assert.Throws<RtlCompileException>(() => PlaceAndRoute.Find().Run(files, 20, seed: 1, TimeSpan.FromMinutes(2), CancellationToken.None));

        Assert.Equal("the design is too large for the iCE40UP5K: pins: found 129, allowed 96 (33 too many)", refused.Message);
        Assert.True(File.Exists(folder.At("place.log")));
    }

    private static RtlilModule Elaborate(TemporaryFolder folder) =>
        new Synthesizer(SynthesisTarget.Ice40Up5k, folder.Path).Elaborate(new([("design.sv", Design)]), "wide", CancellationToken.None).Modules.Single();

    private static string Map(TemporaryFolder folder, string harness, string top)
    {
        File.WriteAllText(folder.At("design.sv"), Design);
        File.WriteAllText(folder.At("top.sv"), top == PinHarness.Top ? harness : "");
        Yosys.Find().Run(["read_verilog -sv design.sv top.sv", $"synth_ice40 -device u -top {top} -json netlist.json"], folder.Path, folder.At("yosys.log"), TimeSpan.FromMinutes(2), CancellationToken.None);
        return folder.At("netlist.json");
    }
}
