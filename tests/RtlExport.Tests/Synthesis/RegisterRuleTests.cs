// SPDX-License-Identifier: Apache-2.0
using RtlExport.Area;
using RtlExport.Synthesis;

namespace RtlExport.Tests.Synthesis;

/// <summary>Flip-flops in closed form against what Yosys 0.23 leaves of single modules whose registers it takes into multiplier blocks, and against registers counted in the sources.</summary>
public sealed class RegisterRuleTests
{
    /// <summary>One block, two in a row, four; thresholds whose count is multiplied in a block or in LUTs.</summary>
    [Theory]
    [InlineData("xc7", 20, 12, 0, 14)]
    [InlineData("xc7", 24, 16, 0, 14)]
    [InlineData("xc7", 25, 16, 0, 31)]
    [InlineData("xc7", 24, 18, 0, 31)]
    [InlineData("xc7", 32, 16, 0, 31)]
    [InlineData("xc7", 32, 24, 0, 72)]
    [InlineData("xc7", 12, 20, 0, 14)]
    [InlineData("xc7", 20, 16, 5, 42)]
    [InlineData("xc7", 30, 16, 3, 69)]
    [InlineData("xcup", 20, 12, 0, 68)]
    [InlineData("ecp5", 14, 12, 0, 56)]
    [InlineData("ecp5", 24, 18, 0, 82)]
    [InlineData("ecp5", 14, 12, 3, 66)]
    [InlineData("ecp5", 16, 12, 1, 69)]
    [InlineData("ecp5", 16, 12, 5, 73)]
    [InlineData("ecp5", 16, 12, 6, 74)]
    [InlineData("ecp5", 16, 12, 15, 76)]
    [InlineData("ice40up5k", 14, 12, 0, 14)]
    [InlineData("ice40up5k", 20, 12, 0, 14)]
    [InlineData("ice40up5k", 24, 18, 0, 42)]
    [InlineData("ice40up5k", 14, 12, 3, 38)]
    [InlineData("ice40up5k", 12, 20, 0, 14)]
    [InlineData("ice40up5k", 12, 20, 4, 38)]
    [InlineData("ice40up5k", 16, 12, 0, 28)]
    [InlineData("ice40up5k", 16, 12, 12, 57)]
    [InlineData("ice40up5k", 30, 16, 0, 46)]
    [InlineData("ice40up5k", 30, 16, 12, 89)]
    public void A_requantiser_keeps_the_registers_that_its_blocks_do_not_hold(string family, int source, int multiplier, int levels, int flipFlops) =>
        Assert.Equal(flipFlops, FlipFlops("requantizer", family, ("SourceWidth", source), ("RequantizerMultiplierWidth", multiplier), ("VectorThresholdLevels", levels), ("TermWidth", 9)));

    [Theory]
    [InlineData("xc7", 12, 61)]
    [InlineData("xc7", 16, 61)]
    [InlineData("xc7", 18, 95)]
    [InlineData("xc7", 28, 105)]
    [InlineData("ecp5", 12, 89)]
    [InlineData("ice40up5k", 12, 44)]
    [InlineData("ice40up5k", 18, 79)]
    public void A_second_requantiser_keeps_its_record_without_the_multiplier(string family, int multiplier, int flipFlops) => Assert.Equal(
        flipFlops,
        FlipFlops("post_requantizer", family, ("CombinedWidth", 32), ("RequantizerMultiplierWidth", multiplier), ("RequantizerElementWidth", 8), ("PostRecordWidth", multiplier + 6 + (3 * 9) + 1)));

    /// <summary>Banks with their addresses, and by how many of them words are turned.</summary>
    [Theory]
    [InlineData(1, 20, 12, 5, 2, 9)]
    [InlineData(2, 13, 11, 4, 1, 14)]
    [InlineData(3, 13, 11, 4, 3, 23)]
    [InlineData(4, 8, 9, 6, 3, 36)]
    [InlineData(5, 31, 29, 6, 1, 43)]
    public void Turned_accumulators_have_a_register_for_each_bank(int columns, int accumulator, int sum, int address, int shift, int flipFlops) => Assert.Equal(
        flipFlops,
        FlipFlops(
            "transposed_accumulator_buffer", "xc7", ("ArrayColumns", columns), ("ColumnIndexWidth", Math.Max(1, (int)Math.Ceiling(Math.Log2(columns)))), ("AccumulatorWidth", accumulator),
            ("ArrayPartialSumWidth", sum), ("AccumulatorAddressWidth", address), ("DigitShiftWidth", shift)));

    /// <summary>Steps of 4 in three bits move one of them, and the two below are one register; steps of 2 leave the lowest; steps that are zero in all bits leave none.</summary>
    [Theory]
    [InlineData("xc7", 3, 4, 2)]
    [InlineData("xc7", 3, 2, 3)]
    [InlineData("xc7", 3, 3, 3)]
    [InlineData("xc7", 1, 14, 0)]
    [InlineData("xc7", 1, 15, 1)]
    [InlineData("ecp5", 3, 4, 2)]
    [InlineData("ice40up5k", 3, 4, 1)]
    [InlineData("ice40up5k", 3, 2, 2)]
    [InlineData("ice40up5k", 4, 3, 4)]
    public void The_shift_of_a_digit_keeps_the_bits_that_move(string family, int width, int digit, int bits) => Assert.Equal(
        (4 * 16) + (3 * 12) + 9 + 2 + bits,
        FlipFlops("segment_loop", family, ("LoopWidth", 16), ("ActivationAddressWidth", 12), ("LineAddressWidth", 9), ("DigitShiftWidth", width), ("DigitWidth", digit)));

    /// <summary>Blocks of Lattice's families, and memories in LUTs.</summary>
    [Theory]
    [InlineData("ice40up5k", 32, 256, 74)]
    [InlineData("ice40up5k", 32, 512, 75)]
    [InlineData("ice40up5k", 32, 5, 69)]
    [InlineData("ice40up5k", 32, 4, 160)]
    [InlineData("ice40up5k", 2, 39, 80)]
    [InlineData("ice40up5k", 2, 40, 12)]
    [InlineData("ice40up5k", 20, 700, 54)]
    [InlineData("ice40up5k", 32, 16, 70)]
    [InlineData("ice40up5k", 80, 256, 170)]
    [InlineData("ice40up5k", 8, 1024, 28)]
    [InlineData("ecp5", 32, 256, 74)]
    [InlineData("ecp5", 32, 512, 75)]
    [InlineData("ecp5", 80, 256, 170)]
    [InlineData("ecp5", 8, 1024, 28)]
    [InlineData("ecp5", 41, 1536, 97)]
    [InlineData("ecp5", 32, 16, 32)]
    [InlineData("ecp5", 8, 100, 8)]
    public void A_memory_keeps_what_is_written_where_its_blocks_do_not(string family, int width, int depth, int flipFlops) => Assert.Equal(
        flipFlops,
        BlockRules.Ram(new(new Dictionary<string, long> { ["Width"] = width, ["Depth"] = depth }, new Dictionary<string, long>()), SynthesisTarget.Find(family)!).FlipFlops);

    private static long FlipFlops(string module, string family, params (string Name, long Value)[] constants) =>
        RegisterRules.FlipFlops(module, new(new Dictionary<string, long>(), constants.ToDictionary(constant => constant.Name, constant => constant.Value)), SynthesisTarget.Find(family)!);
}
