// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Specification;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>
/// Flip-flops of each module in closed form: the bits of its registers as the RTL declares them, without those that nobody reads, that hold a constant, that equal another register of the module, or that the
/// mapper takes into a multiplier block. Nothing is fitted.
/// </summary>
public static class RegisterRules
{
    /// <summary>Flip-flops of one instance, without the modules below it.</summary>
    public static long FlipFlops(string module, ModuleValues v, SynthesisTarget target) => module switch
    {
        "control_line" => v["Width"] * v["Stages"],
        // Of its states one register each.
        "unit_sequencer" => 4 + v["ProgramAddressWidth"] + 1 + v["FrameCountWidth"],
        "semaphore_file" => v["SemaphoreCount"] * v["SemaphoreCounterWidth"],
        "run_control" => v["FrameCountWidth"] + v["MemoryAddressWidth"] + v["ProgramAddressWidth"] + (v["SemaphoreCount"] * v["SemaphoreInitialWidth"]),
        "frame_address" => v["MemoryAddressWidth"],
        "program_memory" => v["ProgramAddressWidth"] + 1,
        "load_unit" => (2 * v["LoopWidth"]) + LoadLengthWidth + (3 * (v["MemoryAddressWidth"] + v["DestinationAddressWidth"])) + v["LineWordSelectWidth"],
        "store_unit" => 1 + (2 * v["LoopWidth"]) + (3 * v["MemoryAddressWidth"]) + v["OutputAddressWidth"] + StepWidth(v),
        "dma_engine" => 2 + Beats(v, target) + (v["MemoryBurstAlignmentWords"] > 0 ? v["MemoryAddressWidth"] : 0),
        "array_unit" => ArrayUnit(v),
        "segment_loop" => (4 * v["LoopWidth"]) + (3 * v["ActivationAddressWidth"]) + v["LineAddressWidth"] + DigitShift(v, target) + 2,
        "pixel_loop" => (1 + v["Marks"]) * (1 + (2 * v["LoopWidth"]) + (2 * v["ActivationAddressWidth"])),
        "table_sequencer" => Kind(v) == ProcessingElementKind.Codebook ? 2 * v["LineAddressWidth"] : 0,
        "operand_sequencer" => OperandSequencer(v),
        "output_sequencer" => 7 + (5 * ModuleModels.Log2(v["ArrayRows"])) + (2 * v["AccumulatorAddressWidth"]) + v["DigitShiftWidth"],
        "place_counter" => IsBitSerial(v) ? v["PlaceWidth"] : 0,
        // Padding of the last line is not read; that of earlier ones is, on the way there.
        "codebook_table" => v["Lines"] == 1 ? v["ValueWidth"] << (int)v["IndexWidth"] : v["Lines"] * v["LineWidth"],
        "stationary_operand_array" => v["ArrayColumnFilter"] == 1 ? v["ArrayRows"] - 1 + (v["ArrayRows"] * (v["ArrayColumns"] - 1)) : 0,
        // What begins a row's drain runs beside the last step, and is the same registers in all rows but one.
        "stationary_output_array" => (v["ArrayRows"] - 1) * (7 + (IsBitSerial(v) ? v["PlaceWidth"] : 0)),
        "row_serializer" => v["Groups"] * v["GroupWidth"],
        "processing_element" => (v["StationaryWidth"] * (1 + v["ArrayWeightDoubleBuffering"])) + v["StreamedWidth"] + v["PartialSumWidth"] + 1 + v["ArrayColumnFilter"] + (IsBitSerial(v) ? v["PlaceWidth"] + 2 : 0),
        "accumulating_element" => (2 * v["PartialSumWidth"]) + (v["Lanes"] * (v["OperandWidth"] + v["WeightWidth"])) + 4 + (IsBitSerial(v) ? 2 : 0),
        // Doubling drops the uppermost bit.
        "pe_bit_serial" => v["ProductWidth"] - 1,
        "accumulator_buffer" => 2 + v["AccumulatorAddressWidth"] + v["DigitShiftWidth"],
        "transposed_accumulator_buffer" => TransposedAccumulators(v, target),
        "element_buffer" or "factor_buffer" => ModuleModels.Log2(Math.Max(v["ReadElements"], v["ElementsPerWord"])),
        "lookup_memory" => v["ArrayColumns"] * ModuleModels.Log2(v["ElementsPerWord"]),
        "vector_unit" => 2 + (v["VectorLookup"] == 1 ? 1 + (v["ArrayColumns"] * v["RequantizerElementWidth"]) : 0),
        "vector_sequencer" => (4 * v["LoopWidth"]) + (4 * v["SourceAddressWidth"]) + v["OutputAddressWidth"] + 1 + (v["VectorElementwise"] == 1 ? v["ParameterAddressWidth"] : 1),
        "vector_lane" => v["CombinedWidth"] + v["VectorElementwise"],
        "requantizer" => Requantizer(v, target),
        "post_requantizer" => PostRequantizer(v, target),
        "lfsr" => 32,
        _ => 0,
    };

    /// <summary>Bits of sums that ECP5 makes without carry cells. In longer ones the mapper does not see that the upper bits of a count are zero: each sum of a chain has a bit more than the one before.</summary>
    private const long LeastCarriedSum = 4;

    /// <summary>Bits of a load's number of words, the longer of its two counts.</summary>
    private const long LoadLengthWidth = 24;

    private static ProcessingElementKind Kind(ModuleValues v) => (ProcessingElementKind)v["ArrayProcessingElement"];

    private static bool IsBitSerial(ModuleValues v) => Kind(v) == ProcessingElementKind.BitSerial;

    /// <summary>Bits of the number of a store's channel, with room for a memory word beside it.</summary>
    private static long StepWidth(ModuleValues v) =>
        Math.Max(ModuleModels.Log2(Math.Max(v["ArrayColumns"], v["BuffersActivationSize"]) + 1), v["WordCountWidth"]) + 1;

    /// <summary>Bits of the place in a burst; of one beat Lattice's flows keep a bit that is always zero.</summary>
    private static long Beats(ModuleValues v, SynthesisTarget target)
    {
        long bits = ModuleModels.Log2(v["MemoryBurstBeats"]);
        return target.IsXilinx ? bits : Math.Max(1, bits);
    }

    /// <summary>A shift is a multiple of a digit's width: the bits below are one register, on iCE40 none, and none where there are no others.</summary>
    private static long DigitShift(ModuleValues v, SynthesisTarget target)
    {
        long width = v["DigitShiftWidth"], zeros = Math.Min(width, BitOperations.TrailingZeroCount(v["DigitWidth"]));
        return zeros == width ? 0 : width - (target.Name == "ice40up5k" ? zeros : Math.Max(0, zeros - 1));
    }

    private static long ArrayUnit(ModuleValues v)
    {
        var dataflow = (Dataflow)v["ArrayDataflow"];
        bool bitsEnter = IsBitSerial(v) && dataflow == Dataflow.WeightStationary;

        // The sign is kept once; a place that selects is kept once.
        long common = v["MatmulLastTileElementsWidth"] + v["PlaceWidth"] + (bitsEnter ? 0 : v["DigitShiftWidth"]) + 5;
        return common + (Kind(v) == ProcessingElementKind.Codebook ? 1 : 0) + v["ArrayActivationWeights"] + dataflow switch
        {
            Dataflow.WeightStationary => 5 + v["MatmulLastTileElementsWidth"],
            Dataflow.InputStationary => 2,
            _ => 4,
        };
    }

    private static long OperandSequencer(ModuleValues v)
    {
        bool inputStationary = v["ArrayDataflow"] == (long)Dataflow.InputStationary;
        long depth = inputStationary ? v["ArrayColumns"] : v["ArrayRows"], index = Math.Max(1, ModuleModels.Log2(depth)), address = v["AccumulatorAddressWidth"], lane = v["ColumnIndexWidth"];
        long common = 6 + v["ArrayWeightDoubleBuffering"] + index + (depth > 1 ? index : 0) + v["DigitShiftWidth"];
        return common + (inputStationary
            ? (2 * address) + v["LineAddressWidth"] + v["LoopWidth"] + lane + (2 * (lane + 1))
            : v["ActivationAddressWidth"] + 1 + address);
    }

    private static long TransposedAccumulators(ModuleValues v, SynthesisTarget target)
    {
        long columns = v["ArrayColumns"];
        return 1 + v["DigitShiftWidth"] + Turn(v["ArrayPartialSumWidth"]) + Turn(v["AccumulatorWidth"]) + (columns * (1 + v["AccumulatorAddressWidth"]));

        // By how many banks words are turned; where a block multiplies it with their width, its register is there.
        long Turn(long width) => columns == 1 || (MultiplierRule.Of(target).Held is not null && BlockRules.RotationTiles(v["ColumnIndexWidth"], width, target) > 0) ? 0 : v["ColumnIndexWidth"];
    }

    private static long Requantizer(ModuleValues v, SynthesisTarget target)
    {
        long biased = v["SourceWidth"] + 1, factor = v["RequantizerMultiplierWidth"] + 1, levels = v["VectorThresholdLevels"];
        MultiplierRule rule = MultiplierRule.Of(target);
        long common = 3 + v["TermWidth"] + (levels > 0 ? VectorSpec.ThresholdCountWidth : 0) + rule.ProductRegisters(biased, factor);
        long counted = rule.Held is not null && BlockRules.SumsInBlocks(target) && BlockRules.ThresholdTiles(v, target) > 0 ? 0 : CountRegisters(v, target);

        // A sum that blocks hold is outside where thresholds are compared with it, and otherwise its sign alone.
        return common + 1 + (rule.Held is null || levels > 0 ? biased : 1) + counted;
    }

    /// <summary>Of the sums that count thresholds the mapper sees upper bits that are zero where it makes them without carry cells.</summary>
    private static long CountRegisters(ModuleValues v, SynthesisTarget target)
    {
        long levels = v["VectorThresholdLevels"], count = BlockRules.CountWidth(v);
        return target.Name switch
        {
            "ecp5" => levels > LeastCarriedSum ? Math.Min(levels, VectorSpec.ThresholdCountWidth) : count,
            "ice40up5k" => levels > 3 ? count + 1 : count,
            _ => count,
        };
    }

    private static long PostRequantizer(ModuleValues v, SynthesisTarget target)
    {
        // A record's multiplier is used before the register.
        long kept = v["PostRecordWidth"] - v["RequantizerMultiplierWidth"];
        return 1 + kept + v["RequantizerElementWidth"] + 1 + MultiplierRule.Of(target).ProductRegisters(v["CombinedWidth"], v["RequantizerMultiplierWidth"] + 1);
    }
}
