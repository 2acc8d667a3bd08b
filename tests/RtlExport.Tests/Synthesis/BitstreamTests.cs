// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Synthesis;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests.Synthesis;

/// <summary>What goes into a bitstream: programs as constants, and the shell with its host over SPI. The cells themselves take minutes to make: docs/bitstream.md.</summary>
public sealed class BitstreamTests
{
    private static readonly AcceleratorSpec Design = Designs.Reference with { Memory = Designs.Reference.Memory with { BytesPerCycle = 2, LatencyCycles = 3 } };

    [Fact]
    public void The_shell_with_fixed_programs_gives_the_models_words_and_cycles_to_a_host_on_SPI()
    {
        using var folder = new TemporaryFolder();
        Sample sample = Sample.Of(Design, Sample.DenseNetwork(RoundingMode.HalfUp), images: 1);
        string bundle = sample.Write(folder);
        HardwareSources sources = FixedPrograms.Of(bundle);
        sources.WriteTo(bundle);
        File.WriteAllText(Path.Combine(bundle, "up5k_shell.sv"), RtlSources.Read("board/up5k_shell.sv"));

        ToolRun compiled = ExternalTool.Run(
            ExternalTool.Require("iverilog", "iverilog"),
            ["-g2012", "-s", "up5k_shell_tb", "-Pup5k_shell_tb.LastLayer=1", "-o", "shell.vvp", .. sources.Names, "up5k_shell.sv", Path.Combine(AppContext.BaseDirectory, "benches", "up5k_shell_tb.sv")],
            bundle, TimeSpan.FromMinutes(5));
        Assert.True(compiled.ExitCode == 0, compiled.Output);
        ToolRun run = ExternalTool.Run(ExternalTool.Require("vvp", "iverilog"), ["-n", "shell.vvp"], bundle, TimeSpan.FromMinutes(10));

        // Two codes of 8 bits in each of the two words of three outputs; busy from cycle 0 to that of the last store.
        Assert.Equal($"PASS 2 cycles {sample.Timing.Cycles}", run.Output.Trim().Split('\n')[^1]);
    }

    [Fact]
    public void The_shell_is_lint_clean()
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Design, Sample.DenseNetwork(RoundingMode.HalfUp), images: 1).Write(folder);
        File.WriteAllText(Path.Combine(bundle, "up5k_shell.sv"), RtlSources.Read("board/up5k_shell.sv"));
        string[] modules = [.. File.ReadAllLines(Path.Combine(bundle, "filelist.f")).Where(line => line.EndsWith(".sv", StringComparison.Ordinal))];

        ToolRun run = ExternalTool.Run(ExternalTool.Require("verilator", "verilator"), ["--lint-only", "-Wall", "-sv", .. modules, "up5k_shell.sv", "--top-module", "up5k_shell"], bundle, TimeSpan.FromMinutes(5));

        Assert.True(run.ExitCode == 0 && run.Output.Length == 0, run.Output);
    }

    [Fact]
    public void A_memory_word_that_the_shell_has_not_is_refused_before_anything_is_mapped()
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp), images: 1).Write(folder);

        BundleException exception = Assert.Throws<BundleException>(() => new BitstreamFlow().Build(bundle, folder.At("design.bin"), CancellationToken.None));

        Assert.True(exception.IsOfAnotherKind);
        Assert.Contains("memory.bytes_per_cycle: found 4, allowed 2", exception.Message, StringComparison.Ordinal);
        Assert.Equal([bundle], Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>The instruction stream is data: mapped once, the design runs any network of its hardware, bit by bit and cycle by cycle as the model does.</summary>
    [Fact]
    public void Two_networks_run_on_one_mapped_design()
    {
        using var folder = new TemporaryFolder();
        AcceleratorSpec small = Designs.Reference with { Array = Designs.Reference.Array with { Rows = 1, Columns = 1 } };
        IntegerNetwork network = Sample.DenseNetwork(RoundingMode.HalfUp);
        string first = Sample.Of(small, network, images: 1).Write(folder, "first");
        string second = Sample.Of(small, network with { Layers = network.Layers[..1] }, images: 1).Write(folder, "second", string.Concat(Enumerable.Repeat("fedcba9876543210", 4)));
        string other = Sample.Of(Design, Sample.DenseNetwork(RoundingMode.HalfUp), images: 1).Write(folder, "other");
        string netlist = folder.At("design.v");
        var options = new VerificationOptions { WorkDirectory = Bundles.Shared.WorkDirectory, Netlist = netlist };

        new MappedNetlist().Write(first, netlist, CancellationToken.None);
        VerificationResult[] results = [.. RtlVerifier.Verify([first, second], SimulatorKind.Icarus, options)];

        Assert.Equal(2, results.Length);
        Assert.All(results, Bundles.AssertPassed);
        Assert.Contains("is hardware", Assert.Throws<BundleException>(() => RtlVerifier.Verify(other, SimulatorKind.Icarus, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_netlist_of_other_programs_and_a_file_that_is_none_are_refused()
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Design, Sample.DenseNetwork(RoundingMode.HalfUp), images: 1).Write(folder), netlist = folder.At("design.netlist.v");
        Assert.Contains("no such netlist", Refused(), StringComparison.Ordinal);
        File.WriteAllText(netlist, "module accelerator; endmodule\n");
        Assert.Contains("not a netlist", Refused(), StringComparison.Ordinal);
        File.WriteAllText(netlist, $"// configuration_sha256 {new string('0', 64)}\nmodule accelerator; endmodule\n");
        Assert.Contains("holds the programs of configuration 0000", Refused(), StringComparison.Ordinal);

        string Refused() => Assert.Throws<BundleException>(() => RtlVerifier.Verify(bundle, SimulatorKind.Icarus, new() { Netlist = netlist })).Message;
    }
}
