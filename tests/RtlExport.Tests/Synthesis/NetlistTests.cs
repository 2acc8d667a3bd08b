// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Synthesis;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests.Synthesis;

/// <summary>Does what the mapper makes of a module still compute what the model does? The cells of the family, in their maker's models, run the module's vectors.</summary>
public sealed class NetlistTests
{
    /// <summary>
    /// Sums of accumulator and bias that fit the adder before a block's longer factor, with comparisons with thresholds and without, and one that does not fit. Yosys 0.23 takes registers into such blocks that
    /// others read too, and registers that are longer than a product.
    /// </summary>
    [Theory]
    [InlineData("requantizer", 20, 0)]
    [InlineData("requantizer", 20, 3)]
    [InlineData("requantizer", 28, 0)]
    [InlineData("post_requantizer", 20, 0)]
    public void A_requantiser_in_blocks_of_the_7_series_gives_the_models_codes(string module, int accumulator, int thresholds)
    {
        using var folder = new TemporaryFolder();
        AcceleratorSpec design = Designs.Reference with
        {
            Accumulator = Designs.Reference.Accumulator with { Width = accumulator },
            Vector = Designs.Reference.Vector with { ThresholdLevels = thresholds, Elementwise = module == "post_requantizer" },
            Buffers = Designs.Reference.Buffers with { Operand = new() { Size = module == "post_requantizer" ? 64 : 0, DoubleBuffered = false } },
        };
        string bundle = Sample.Of(design, Sample.DenseNetwork(RoundingMode.HalfUp), images: 1).Write(folder);
        SynthesisTarget target = SynthesisTarget.Xc7;
        Yosys.Find().Run(
            [
                .. target.Libraries, $"read_verilog -sv -DSYNTHESIS {string.Join(' ', HardwareSources.Read(bundle).Names)}", $"hierarchy -check -top {module}", .. target.Mapping,
                "select -assert-min 1 t:DSP48E1", "write_verilog -noattr netlist.v",
            ],
            bundle, folder.At("yosys.log"), TimeSpan.FromMinutes(5), CancellationToken.None);

        string cells = Path.Combine(Path.GetDirectoryName(ExternalTool.Require("yosys", "yosys"))!, "..", "share", "yosys", "xilinx", "cells_sim.v");
        ToolRun compiled = ExternalTool.Run(
            ExternalTool.Require("iverilog", "iverilog"),
            [
                "-g2012", "-s", "netlist_tb", $"-DMODULE_BENCH={module}_bench", "-o", "netlist.vvp", "accel_pkg.sv", "tb/vector_file.sv", $"tb/{module}_bench.sv",
                Path.Combine(AppContext.BaseDirectory, "benches", "netlist_tb.sv"), "netlist.v", cells,
            ],
            bundle, TimeSpan.FromMinutes(5));
        Assert.True(compiled.ExitCode == 0, compiled.Output);
        ToolRun run = ExternalTool.Run(ExternalTool.Require("vvp", "iverilog"), ["-n", "netlist.vvp"], bundle, TimeSpan.FromMinutes(5));

        int words = File.ReadLines(Path.Combine(bundle, "vectors", module + ".memh")).Count(line => !line.StartsWith("//", StringComparison.Ordinal));
        Assert.True(words > 100 && run.Output.Trim().EndsWith($"PASS {words}", StringComparison.Ordinal), run.Output);
    }
}
