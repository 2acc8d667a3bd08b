// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>Does the exported bench notice when one line of one module is wrong?</summary>
public sealed class MutationTests(MutationTests.Export export) : IClassFixture<MutationTests.Export>
{
    public static TheoryData<string, string, string, string> Mutants { get; } = new()
    {
        { "rounding that truncates", "rounding_shift.sv", "begin : g_half_up\n      assign increment = half;", "begin : g_half_up\n      assign increment = 1'b0;" },
        { "ties to even", "rounding_shift.sv", "begin : g_half_up\n      assign increment = half;", "begin : g_half_up\n      assign increment = half && (rest || quotient[0]);" },
        { "shift off by one", "rounding_shift.sv", "value_i >>> shift_i", "value_i >>> (shift_i + 6'd1)" },
        { "clamp without minimum", "requantizer.sv", "shifted < 64'(minimum)", "1'b0" },
        { "clamp without maximum", "requantizer.sv", "shifted > 64'(maximum)", "1'b0" },
        { "bias one bit too narrow", "requantizer.sv", "assign biased_d = BiasedWidth'(source_i) + BiasedWidth'(bias);", "assign biased_d = BiasedWidth'(SourceWidth'(source_i + bias));" },
        { "sums that wrap", "overflow_adder.sv", "assign fits  = sum[SumWidth-1:Width-1] == {(SumWidth-Width+1){sum[SumWidth-1]}};", "assign fits  = 1'b1;" },
        { "weight rows upside down", "operand_sequencer.sv", "LineAddressWidth'(index_q) * line_stride_i", "(LineAddressWidth'(Rows - 1) - LineAddressWidth'(index_q)) * line_stride_i" },
        { "swap one cycle early", "array_unit.sv", ".swap_i           (swap_q),\n        .streamed_i       (operands", ".swap_i           (swap),\n        .streamed_i       (operands" },
        { "row without skew", "stationary_operand_array.sv", "StreamedWidth), .Stages(r)", "StreamedWidth), .Stages(r / 2)" },
        { "token taken twice", "semaphore_file.sv", "count_q - CounterWidth'(1)", "count_q - CounterWidth'(2)" },
        { "stall lost", "unit_sequencer.sv", "state_q == Wait && (waits_i & ~available_i) == {Semaphores{1'b0}}", "state_q == Wait" },
        { "burst one beat too long", "dma_engine.sv", "BurstWidth'(BurstBeats - 1)", "BurstWidth'(BurstBeats)" },
        { "digit not shifted back", "accumulator_buffer.sv", "<<< shift_q", "<<< 0" },
        { "segment overwrites the accumulator", "accumulator_buffer.sv", "clear_q ? {AccumulatorWidth{1'b0}}", "1'b1 ? {AccumulatorWidth{1'b0}}" },
        { "pooling takes the last word", "vector_lane.sv", "first || term > combined_q", "1'b1" },
        { "vector from the aligned address", "element_buffer.sv", "(32'(k) < 32'(read_bank)) ? next_read_row : read_row", "read_row" },
        { "one frame too few", "unit_sequencer.sv", "frames_q - FrameWidth'(1)", "frames_q - FrameWidth'(2)" },
        { "all frames at one place", "frame_address.sv", "offset_q + stride_i", "offset_q" },
        { "no tokens at the beginning", "semaphore_file.sv", "initial_i[s*InitialWidth +: InitialWidth]", "1'b0" },
        { "the next frame from the second instruction on", "unit_sequencer.sv", "next_q <= {1'b0, first_i};", "next_q <= {1'b0, first_i} + (AddressWidth+1)'(1);" },
        { "strobe missing at a word's end", "store_unit.sv", "- offset < count;", "- offset < count - StepWidth'(1);" },
    };

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mutated_module_fails(string mutation, string module, string from, string to)
    {
        string path = Path.Combine(export.Bundle, module);
        string original = File.ReadAllText(path);
        try
        {
            Bundles.Edit(export.Bundle, module, from, to);

            VerificationResult result = RtlVerifier.Verify(export.Bundle, SimulatorKind.Icarus);

            Assert.False(result.Passed, mutation + " passed");
            Assert.NotNull(result.FirstDifference);
            Assert.True(result.BitMismatches + result.CycleMismatches > 0, result.Output);
            Assert.Equal(module, Assert.Single(result.EditedModules));
        }
        finally
        {
            File.WriteAllText(path, original);
        }
    }

    [Fact]
    public void The_unchanged_bundle_passes() => Bundles.AssertPassed(RtlVerifier.Verify(export.Bundle, SimulatorKind.Icarus));

    [Fact]
    public void A_wrong_random_word_fails_stochastic_rounding()
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Designs.With(RoundingMode.Stochastic), Sample.DenseNetwork(RoundingMode.Stochastic)).Write(folder);
        Bundles.AssertPassed(RtlVerifier.Verify(bundle, SimulatorKind.Icarus));
        Bundles.Edit(bundle, "lfsr.sv", "32'h8020_0003", "32'h8020_0007");

        Assert.False(RtlVerifier.Verify(bundle, SimulatorKind.Icarus).Passed);
    }

    [Fact]
    public void Random_words_that_go_on_from_frame_to_frame_fail_the_overlapped_run_alone()
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Designs.With(RoundingMode.Stochastic), Sample.DenseNetwork(RoundingMode.Stochastic)).Write(folder);
        Bundles.Edit(bundle, "accelerator.sv", "start || unit_next_frame[Vector]", "start");

        VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus);

        Assert.False(result.Passed);
        Assert.Equal((RtlBundle.OverlappedFrames, 0L), (result.Frames, result.CycleMismatches));
        Assert.Equal("value", result.FirstDifference?.Kind);
        Assert.True(result.FirstDifference?.Image > 0, result.Output);
    }

    [Theory]
    [InlineData("mem_addr_o != next_q || ", "")]
    [InlineData("(mem_addr_o & AddressWidth'(AlignmentWords - 1)) == {AddressWidth{1'b0}}", "1'b0")]
    [InlineData("mem_addr_o + AddressWidth'(1)", "mem_addr_o")]
    public void A_burst_of_other_words_fails_an_aligned_design(string from, string to)
    {
        using var folder = new TemporaryFolder();
        AcceleratorSpec design = Designs.Reference with { Memory = Designs.Reference.Memory with { BurstAlignmentBytes = 16 } };
        string bundle = Sample.Of(design, Sample.ConvNetwork(RoundingMode.HalfUp)).Write(folder);
        Bundles.AssertPassed(RtlVerifier.Verify(bundle, SimulatorKind.Icarus));
        Bundles.Edit(bundle, "dma_engine.sv", from, to);

        VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus);

        Assert.False(result.Passed);
        Assert.True(result.CycleMismatches > 0, result.Output);
    }

    /// <summary>One bundle for all mutants: convolution in two digits, pooling and a dense layer, with sums that overflow.</summary>
    public sealed class Export : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Export() => Bundle = Sample.Of(Designs.Reference, Sample.ConvNetwork(RoundingMode.HalfUp)).Write(_folder);

        public string Bundle { get; }

        public void Dispose() => _folder.Dispose();
    }
}
