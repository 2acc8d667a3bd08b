// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Parameters;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>Does the accelerator on a system bus store the same words whatever the buses' timing, and does its bench notice a wrapper that is wrong?</summary>
public sealed class BusTests(BusTests.Export export) : IClassFixture<BusTests.Export>
{
    private static readonly VerificationOptions OverAxi = Bundles.Shared with { Bus = MemoryBus.Axi };

    /// <summary>Fault, module, text and what takes its place, what tells of it (a rule of the buses, a kind of difference; empty: any), and whether it needs the larger network.</summary>
    public static TheoryData<string, string, string, string, string, bool> Faults { get; } = new()
    {
        { "address withdrawn before it was accepted", "axi_dma.sv", "else if (m_axi_awready) awvalid_q <= 1'b0;", "else awvalid_q <= 1'b0;", "stable", false },
        { "the last beat of a burst not marked", "axi_dma.sv", "m_axi_wlast   = left_q == CountWidth'(1);", "m_axi_wlast   = left_q == CountWidth'(2);", "", false },
        { "a read one beat too long", "axi_dma.sv", "read_length_q <= length[7:0];", "read_length_q <= length[7:0] + 8'd1;", "", false },
        { "a read that does not wait for the writes before it", "axi_dma.sv", "&& !arriving_q && written;", "&& !arriving_q;", "hazard", true },
        { "an error of a read not kept", "axi_dma.sv", "= arrived && m_axi_rresp[1];", "= 1'b0;", "protocol", false },
        { "an error of a write not kept", "axi_dma.sv", "= responded && m_axi_bresp[1];", "= 1'b0;", "protocol", false },
        { "registers that change during a run", "axi_lite_registers.sv", "(takes && !busy_i)", "takes", "protocol", false },
    };

    /// <summary>Nine runs: four of all words (of two images, one of them of three frames), two of one image, and three that store nothing that is compared.</summary>
    [Theory]
    [InlineData(SimulatorKind.Icarus, false)]
    [InlineData(SimulatorKind.Verilator, true)]
    public void Every_word_is_right_whatever_the_timing_of_the_buses(SimulatorKind simulator, bool large)
    {
        string bundle = large ? export.Large : export.Small;
        VerificationResult result = RtlVerifier.Verify(bundle, simulator, OverAxi);

        Bundles.AssertPassed(result);
        Assert.Equal((9, MemoryBus.Axi), (result.Runs, result.Bus));
        int image = Directory.GetFiles(Path.Combine(bundle, "vectors"), "layer_*.memh").Sum(path => File.ReadAllLines(path).Length - 1) / 2;
        Assert.Equal((3 * 2 * image) + (RtlBundle.OverlappedFrames * image) + (2 * image), result.Vectors);
        Assert.DoesNotContain("VIOLATION", result.Output, StringComparison.Ordinal);
        Assert.True(result.Cycles > 0);
    }

    /// <summary>A memory word narrower than a word of a program, and bursts of a single wide word.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(16, 1)]
    public void Other_words_and_bursts_pass(int bytesPerCycle, int burstBeats)
    {
        AcceleratorSpec design = Designs.Reference with { Memory = new() { BytesPerCycle = bytesPerCycle, LatencyCycles = 2, BurstBeats = burstBeats } };
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(design, Sample.DenseNetwork(RoundingMode.HalfUp)).Write(folder);

        Bundles.AssertPassed(RtlVerifier.Verify(bundle, SimulatorKind.Icarus, OverAxi with { StallSeed = 5 }));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_faulty_wrapper_fails(string fault, string module, string from, string to, string sign, bool large)
    {
        string bundle = large ? export.Large : export.Small, name = RtlBundle.BusFolder + module, path = Path.Combine(bundle, name), original = File.ReadAllText(path);
        try
        {
            Bundles.Edit(bundle, name, from, to);

            VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus, OverAxi);

            Assert.False(result.Passed, fault + " passed");
            Assert.Contains(sign, result.FirstDifference?.ToString() ?? "", StringComparison.Ordinal);
            Assert.Equal(name, Assert.Single(result.EditedModules));
        }
        finally
        {
            File.WriteAllText(path, original);
        }
    }

    /// <summary>Powers of two: at most <c>burst_beats</c>, 256, and 4096 bytes.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 7, 4)]
    [InlineData(4, 8, 8)]
    [InlineData(4, 4096, 256)]
    [InlineData(16, 4096, 256)]
    [InlineData(32, 4096, 128)]
    [InlineData(128, 4096, 32)]
    public void A_burst_fits_its_block(int bytesPerCycle, int burstBeats, int words) =>
        Assert.Equal(words, AxiParameters.BurstWords(new() { BytesPerCycle = bytesPerCycle, LatencyCycles = 1, BurstBeats = burstBeats }));

    /// <summary>Bundles for all faults.</summary>
    public sealed class Export : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Export()
        {
            Small = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp)).Write(_folder, "small");
            Large = Sample.Of(Designs.Reference, Sample.ConvNetwork(RoundingMode.HalfUp)).Write(_folder, "large");
        }

        public string Small { get; }

        public string Large { get; }

        public void Dispose() => _folder.Dispose();
    }
}
