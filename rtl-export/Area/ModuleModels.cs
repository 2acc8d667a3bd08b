// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>One term of a module's area: a closed function of its parameters, whose coefficient a calibration finds.</summary>
/// <param name="Name">Its name in technology files.</param>
/// <param name="Value">Its value.</param>
public readonly record struct AreaTerm(string Name, double Value);

/// <summary>
/// What the area of a module follows from. LUTs are sums of terms, with coefficients that are fitted for each variant of a module; multiplier and memory blocks follow from the rules of
/// the target's mapper (<see cref="BlockRules"/>), as do the LUTs of shift registers and of memories in LUTs; flip-flops are counted (<see cref="RegisterRules"/>).
/// </summary>
public static class ModuleModels
{
    /// <summary>Modules that other rules describe.</summary>
    public static FrozenSet<string> ByRule { get; } = FrozenSet.ToFrozenSet(["ram", "delay_line", "offset_adder"]);

    /// <summary>Whether a module has coefficients, and with it terms.</summary>
    public static bool IsFitted(string module, SynthesisTarget target) => (module == "ram" && BlockRules.FitsMemories(target)) || (!ByRule.Contains(module) && Terms.ContainsKey(module));

    /// <summary>Names of all that have coefficients, in order.</summary>
    public static IEnumerable<string> Fitted(SynthesisTarget target) => Terms.Keys.Where(module => IsFitted(module, target)).Order(StringComparer.Ordinal);

    /// <summary>The name of the set of coefficients that applies: modes that change a module's structure.</summary>
    public static string Variant(string module, ModuleValues v, SynthesisTarget target) => module switch
    {
        "overflow_adder" => v["Saturate"] == 0 ? "wrap" : v["AddendWidth"] <= v["Width"] ? "saturate" : Numbered("narrowing", Math.Min(v["AddendWidth"] - v["Width"], CalibrationGrid.MostNarrowing)),
        "pe_ternary_add" or "pe_dsp_packed" => Numbered("lanes", v["Lanes"]) + Sign(v),
        "pe_bit_serial" => Numbered("lanes", v["Lanes"]),
        "pe_shift_add" => Numbered("field", v["WeightWidth"] / v["WeightTerms"]) + Sign(v),
        "rounding_shift" => Name((RoundingMode)v["Rounding"]),
        "matmul_sequencer" or "operand_sequencer" => Name((Dataflow)v["ArrayDataflow"]),
        "pixel_loop" => v["Marks"] == 1 ? "marks" : "no_marks",
        "table_sequencer" => v["CodebookLines"] > 0 ? "codebook" : "none",
        "place_counter" => Kind(v) == ProcessingElementKind.BitSerial ? "bit_serial" : "none",
        "operand_select" => Kind(v) == ProcessingElementKind.XnorPopcount ? "bits" : v["DigitShiftMax"] > 0 ? "digits" : "whole",
        "stationary_operand_array" or "processing_element" => v["ArrayColumnFilter"] == 1 ? "filter" : "plain",
        "vector_sequencer" or "vector_lane" or "vector_unit" => (v["VectorElementwise"] == 1 ? "elementwise" : "plain") + (module == "vector_unit" && v["VectorLookup"] == 1 ? "_lookup" : ""),
        "requantizer" => BlockRules.RequantizerTiles(v, target).Sum() > 0 ? "dsp" : "lut",
        "accumulator_buffer" => v["DigitShiftMax"] > 0 ? "digits" : "whole",
        "pe_multiply" => BlockRules.ProductTiles(v, target) == 0 ? "lut" : BlockRules.SumsInBlocks(target) ? "dsp" : "dsp_" + Numbered("lanes", v["Lanes"]) + Sign(v),
        "codebook_table" when !target.IsXilinx => Numbered("index", v["IndexWidth"]) + (BlockRules.SelectsByProduct(v["ValueWidth"]) ? "_multiplied" : ""),
        "ram" => MemoryRule.Of(target).LayoutOf(v["Width"], v["Depth"]).Shape switch { null => "registers", { Lut: > 0 } => "lut", _ => "block" },
        "delay_line" or "control_line" => "any",
        _ => "any",
    };

    /// <summary>
    /// What names a module whose LUTs jump from one width to the next, so that those that were measured are listed and the sum of terms is for the others; null for all other modules.
    /// </summary>
    public static string? EntryOf(string module, ModuleValues v, SynthesisTarget target)
    {
        if (module == "ram")
        {
            return MemoryRule.Of(target).LayoutOf(v["Width"], v["Depth"]) is { Shape.Blocks: > 0, Banks: 1 } ? string.Create(CultureInfo.InvariantCulture, $"{v["Width"]} {Log2(v["Depth"])}") : null;
        }

        string[] names = (module, Variant(module, v, target)) switch
        {
            ("overflow_adder", not ("wrap" or "saturate")) => ["Width"],
            ("pe_dsp_packed", _) => ["ActivationWidth", "WeightWidth"],
            ("pe_shift_add", _) => ["ActivationWidth", "Lanes", "WeightTerms"],
            ("pe_multiply", "lut") => ["ActivationWidth", "ActivationSigned", "WeightWidth", "Lanes"],
            ("pe_xnor_popcount", _) => ["Lanes"],
            ("pe_ternary_add", _) when HasPairedCarry(target) => ["ActivationWidth"],
            _ => [],
        };
        return names.Length == 0 ? null : string.Join(' ', names.Select(name => v[name].ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The terms of a module.</summary>
    public static AreaTerm[] TermsOf(string module, ModuleValues values, SynthesisTarget target) => Terms[module](values, target);

    /// <summary>ceil(log2 n).</summary>
    internal static long Log2(long n) => n <= 1 ? 0 : BitOperations.Log2((ulong)(n - 1)) + 1;

    private delegate AreaTerm[] TermsFunction(ModuleValues v, SynthesisTarget target);

    private static readonly FrozenDictionary<string, TermsFunction> Terms = new Dictionary<string, TermsFunction>
    {
        ["ram"] = Memory,
        ["accelerator"] = (v, _) => [One, new("activation_address", v["ActivationAddressWidth"]), new("word_bits", 8 * v["MemoryBytesPerCycle"]), new("count_bits", v["WordCountWidth"])],
        ["unit_sequencer"] = (_, _) => [One],
        ["semaphore_file"] = (_, _) => [One],
        ["run_control"] = (_, _) => [One],
        ["frame_address"] = (_, _) => [One],
        ["program_memory"] = (v, _) => [One, new("words", v["InstructionWords"])],
        ["line_buffer"] = LineBuffer,
        ["load_unit"] = (v, _) => [One, new("address", v["DestinationAddressWidth"]), new("offset_bits", v["WordOffsetWidth"]), new("count_bits", v["WordCountWidth"]), new("word_bits", 8 * v["MemoryBytesPerCycle"]), new("select_bits", v["LineWordSelectWidth"]), new("wide_elements", v["RequantizerElementWidth"] / 8 - 1)],
        ["store_unit"] = (v, target) => [One, new("channel_bits", v["ArrayColumns"] * v["RequantizerElementWidth"]), new("word_bits", 8 * v["MemoryBytesPerCycle"]), new("selected_bits", 8 * v["MemoryBytesPerCycle"] * Levels(Log2(v["ArrayColumns"] + v["ElementsPerWord"]), target)), new("selected_channel_bits", v["ArrayColumns"] * v["RequantizerElementWidth"] * Levels(Log2(v["ArrayColumns"] + v["ElementsPerWord"]), target)), new("output_address", v["OutputAddressWidth"]), new("activation_address", v["ActivationAddressWidth"]), new("offset_bits", v["WordOffsetWidth"]), new("several", v["ElementsPerWord"] > 1 ? 1 : 0)],
        ["dma_engine"] = (v, _) => [One, new("word_bits", 8 * v["MemoryBytesPerCycle"]), new("burst_bits", Log2(v["MemoryBurstBeats"])), new("bursts", v["MemoryBurstBeats"] > 1 ? 1 : 0)],
        ["array_unit"] = (v, _) => [One, new("limit_bits", v["MatmulLastTileElementsWidth"]), new("select_bits", Math.Max(v["PlaceWidth"], v["DigitShiftWidth"])), new("place_bits", v["PlaceWidth"])],
        ["matmul_sequencer"] = (v, _) => [One, new("line_address", v["WeightAddressWidth"]), new("codebook_address", v["CodebookLines"] > 0 ? v["WeightAddressWidth"] : 0), new("limit_bits", v["MatmulLastTileElementsWidth"]), new("filter_bits", v["ArrayColumnFilter"] * v["MatmulLastTileElementsWidth"])],
        ["table_sequencer"] = (v, _) => [One, new("line_address", v["WeightAddressWidth"])],
        ["segment_loop"] = (v, _) => [One, new("activation_address", v["ActivationAddressWidth"]), new("line_address", v["WeightAddressWidth"]), new("shift_bits", v["DigitShiftMax"] > 0 ? v["DigitShiftWidth"] : 0), new("digits", v["DigitShiftMax"] > 0 ? 1 : 0)],
        ["pixel_loop"] = (v, _) => [One, new("activation_address", v["ActivationAddressWidth"])],
        ["operand_sequencer"] = (v, _) => [One, new("activation_address", v["ActivationAddressWidth"]), new("line_address", v["WeightAddressWidth"]), new("accumulator_address", v["AccumulatorAddressWidth"]), new("depth_bits", Log2(v["ArrayDataflow"] == 2 ? v["ArrayColumns"] : v["ArrayRows"])), new("shift_bits", v["DigitShiftWidth"]), new("interval_bits", v["IntervalWidth"]), new("double_buffering", v["ArrayWeightDoubleBuffering"])],
        ["output_sequencer"] = (v, _) => [One, new("activation_address", v["ActivationAddressWidth"]), new("line_address", v["WeightAddressWidth"]), new("accumulator_address", v["AccumulatorAddressWidth"]), new("row_bits", Log2(v["ArrayRows"])), new("shift_bits", v["DigitShiftWidth"]), new("interval_bits", v["IntervalWidth"])],
        ["place_counter"] = (v, _) => [One, new("place_bits", v["PlaceWidth"]), new("interval_bits", v["IntervalWidth"])],
        ["operand_select"] = (v, target) => [One, new("elements", v["ActivationReadElements"]), new("operand_bits", v["ActivationReadElements"] * v["OperandWidth"]), new("limit_bits", v["ActivationReadElements"] * v["MatmulLastTileElementsWidth"]), new("shifted_bits", v["ActivationReadElements"] * v["OperandWidth"] * Levels(v["DigitShiftWidth"], target)), new("element_bits", v["ActivationReadElements"] * v["ActivationCodeWidth"]), new("placed_bits", Kind(v) == ProcessingElementKind.BitSerial ? v["ActivationReadElements"] * v["ActivationCodeWidth"] : 0)],
        ["codebook_table"] = CodebookTable,
        ["stationary_operand_array"] = (v, _) => v["ArrayColumnFilter"] == 0 ? [One] : [One, new("elements", Elements(v)), new("operand_bits", Elements(v) * v["OperandWidth"]), new("rows", v["ArrayRows"]), new("limit_bits", v["ArrayRows"] * v["MatmulLastTileElementsWidth"])],
        ["stationary_output_array"] = (v, _) => [One, new("rows", v["ArrayRows"]), new("placed_bits", Kind(v) == ProcessingElementKind.BitSerial ? v["ArrayRows"] * v["ArrayLanes"] * v["OperandWidth"] : 0), new("place_bits", Kind(v) == ProcessingElementKind.BitSerial ? v["ArrayRows"] * v["PlaceWidth"] : 0), new("bit_serial_rows", Kind(v) == ProcessingElementKind.BitSerial ? v["ArrayRows"] : 0)],
        ["row_serializer"] = (v, _) => [One, new("vector_bits", v["Groups"] * v["GroupWidth"]), new("group_bits", v["GroupWidth"])],
        ["processing_element"] = (v, _) => [One, new("stationary_bits", v["StationaryWidth"]), new("shadow_bits", v["StationaryWidth"] * v["ArrayWeightDoubleBuffering"]), new("streamed_bits", v["StreamedWidth"]), new("partial_sum_bits", v["PartialSumWidth"]), new("serial_bits", Kind(v) == ProcessingElementKind.BitSerial ? v["PlaceWidth"] + 2 : 0), new("placed_bits", PlacedBits(v)), new("placed_lanes", PlacedBits(v) > 0 ? v["ArrayLanes"] : 0)],
        ["accumulating_element"] = (v, _) => [One, new("partial_sum_bits", v["PartialSumWidth"]), new("forwarded_bits", v["Lanes"] * (v["OperandWidth"] + v["WeightWidth"])), new("bit_serial", Kind(v) == ProcessingElementKind.BitSerial ? 1 : 0)],
        ["overflow_adder"] = (v, target) => [One, new("bits", v["Width"]), .. Unpaired(v["Width"], target)],
        ["pe_multiply"] = Products,
        ["pe_dsp_packed"] = (v, _) => [One, new("activation_bits", v["ActivationWidth"]), new("weight_bits", v["WeightWidth"])],
        ["pe_xnor_popcount"] = (v, _) => [One, new("lanes", v["Lanes"]), new("lanes_squared", v["Lanes"] * v["Lanes"])],
        ["pe_ternary_add"] = (v, _) => [One, new("activation_bits", v["ActivationWidth"])],
        ["pe_shift_add"] = (v, _) => [One, new("terms", v["Lanes"] * v["WeightTerms"]), new("activation_bits", v["Lanes"] * v["WeightTerms"] * v["ActivationWidth"]), new("sum_bits", (v["Lanes"] * v["WeightTerms"] - 1) * v["ProductWidth"]), new("second_terms", v["Lanes"] * (v["WeightTerms"] - 1))],
        ["pe_bit_serial"] = (v, target) => [One, new("product_bits", v["ProductWidth"]), new("weight_bits", v["WeightWidth"]), .. Unpaired(v["ProductWidth"], target)],
        ["accumulator_buffer"] = (v, target) => [One, new("columns", v["ArrayColumns"]), new("accumulator_bits", v["ArrayColumns"] * v["AccumulatorWidth"]), new("partial_sum_bits", v["ArrayColumns"] * v["ArrayPartialSumWidth"]), new("shifted_bits", v["ArrayColumns"] * v["ArrayPartialSumWidth"] * Levels(v["DigitShiftWidth"], target)), new("scale_bits", v["ArrayColumns"] * v["DigitShiftMax"]), new("address", v["AccumulatorAddressWidth"]), new("shift_bits", v["DigitShiftWidth"])],
        ["transposed_accumulator_buffer"] = TransposedAccumulators,
        ["element_buffer"] = (v, target) => ElementBuffer(v, target),
        ["lookup_memory"] = (v, target) => [One, new("lanes", v["ArrayColumns"]), new("word_bits", v["ArrayColumns"] * (v["ElementsPerWord"] - 1)), new("offset_bits", v["ArrayColumns"] * v["WordOffsetWidth"]), new("selected_bits", v["ArrayColumns"] * 8 * Levels(v["ElementsPerWord"] > 1 ? v["WordOffsetWidth"] : 0, target))],
        ["vector_unit"] = (v, _) => [One, new("source_bits", v["ArrayColumns"] * v["SourceWidth"]), new("element_bits", v["ArrayColumns"] * v["RequantizerElementWidth"])],
        ["vector_sequencer"] = (v, _) => [One, new("source_address", v["SourceAddressWidth"]), new("output_address", v["OutputAddressWidth"]), new("parameter_address", v["ParameterAddressWidth"])],
        ["vector_lane"] = (v, _) => [One, new("element_bits", v["RequantizerElementWidth"])],
        ["requantizer"] = (v, target) => Requantizer(v, target),
        ["rounding_shift"] = (_, _) => [One],
        ["post_requantizer"] = (v, _) => [One, new("element_bits", v["RequantizerElementWidth"]), new("multiplier_bits", v["RequantizerMultiplierWidth"]), new("wide_multiplier", v["RequantizerMultiplierWidth"] > 17 ? 1 : 0)],
        ["lfsr"] = (_, _) => [One],
        ["control_line"] = (v, _) => [One, new("register_bits", v["Width"] * v["Stages"]), new("bits", v["Width"])],
    }.ToFrozenDictionary();

    /// <summary>Look-up tables in a row that a multiplexer of <paramref name="selectBits"/> stages takes for a bit: one of six inputs makes two stages.</summary>
    private static long Levels(long selectBits, SynthesisTarget target) => target.IsXilinx ? (selectBits + 1) / 2 : selectBits;

    /// <summary>Whether a carry cell holds two bits, so that a sum of an odd number of bits takes as much as one with a bit more.</summary>
    internal static bool HasPairedCarry(SynthesisTarget target) => target.Name == "ecp5";

    private static AreaTerm[] Unpaired(long bits, SynthesisTarget target) => HasPairedCarry(target) ? [new("odd", bits % 2)] : [];

    private static AreaTerm One => new("one", 1);

    private static string Numbered(string name, long number) => string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");

    private static string Sign(ModuleValues v) => v["ActivationSigned"] == 1 ? "_signed" : "_unsigned";

    private static string Name<T>(T value) where T : struct, Enum => AccelModel.Specification.Yaml.EnumNames.Of(value);

    private static ProcessingElementKind Kind(ModuleValues v) => (ProcessingElementKind)v["ArrayProcessingElement"];

    private static long Elements(ModuleValues v) => v["ArrayRows"] * v["ArrayColumns"];

    /// <summary>Bits of a product's activation as a two's-complement number.</summary>
    private static long A(ModuleValues v) => v["ActivationWidth"] + (v["ActivationSigned"] == 1 ? 0 : 1);

    /// <summary>Bits of stationary activations of which each cycle takes one.</summary>
    private static long PlacedBits(ModuleValues v) =>
        Kind(v) == ProcessingElementKind.BitSerial && v["InputStationary"] == 1 ? v["ArrayLanes"] * v["OperandWidth"] : 0;

    private static AreaTerm[] Products(ModuleValues v, SynthesisTarget target) => BlockRules.ProductTiles(v, target) > 0 && !BlockRules.SumsInBlocks(target)
        ? [One, new("sum_bits", (v["Lanes"] - 1) * v["ProductWidth"]), .. Unpaired(v["Lanes"] > 1 ? v["ProductWidth"] : 0, target)]
        :
        [
            One, new("lanes", v["Lanes"] - 1), new("product_bits", v["Lanes"] * A(v) * v["WeightWidth"]), new("activation_bits", v["Lanes"] * A(v)), new("weight_bits", v["Lanes"] * v["WeightWidth"]),
            new("sum_bits", (v["Lanes"] - 1) * v["ProductWidth"]), new("several", v["Lanes"] > 1 ? v["ProductWidth"] : 0),
        ];

    /// <summary>Banks are chosen from; blocks that hold a written word back compare the addresses and choose each bit.</summary>
    private static AreaTerm[] Memory(ModuleValues v, SynthesisTarget target)
    {
        MemoryRule rule = MemoryRule.Of(target);
        long width = v["Width"], depth = v["Depth"];
        MemoryLayout layout = rule.LayoutOf(width, depth);
        bool block = layout.Shape is { Blocks: > 0 };
        return
        [
            new("cells", layout.Shape is { Lut: > 0 } ? layout.Count : 0), new("muxed_bits", width * rule.Mux(layout.Banks)), new("banks", layout.Banks > 1 ? layout.Banks : 0),
            new("block", block ? 1 : 0), new("word_bits", block ? width : 0), new("address_bits", block ? Log2(depth) : 0),
        ];
    }

    private static AreaTerm[] TransposedAccumulators(ModuleValues v, SynthesisTarget target)
    {
        long columns = v["ArrayColumns"], sum = v["ArrayPartialSumWidth"], accumulator = v["AccumulatorWidth"], address = v["AccumulatorAddressWidth"], lane = v["ColumnIndexWidth"];

        // The mapper does not see that the distance of a rotation is a multiple of the word's width: every bit of that product is a stage, but for the zeros below; of two columns one bit decides.
        long Stages(long width) => columns <= 2 ? columns - 1 : Log2((columns - 1) * (width >> BitOperations.TrailingZeroCount(width)) + 1);
        return
        [
            new("rotated_bits", columns * (sum * Stages(sum) + accumulator * Stages(accumulator))),
            new("shifted_bits", v["DigitShiftMax"] > 0 ? columns * (sum + v["DigitShiftMax"]) * v["DigitShiftWidth"] : 0), new("bank_bits", columns * (accumulator + address)),
            new("modulo_bits", BitOperations.IsPow2(columns) ? 0 : (Math.Max(address, lane) + 1) * lane),
            // Sums of few bits have no carry cells: the mapper makes them one with what chooses by them.
            .. HasPairedCarry(target) ? [new("short_address", address <= 4 ? columns * (sum * Stages(sum) + accumulator * Stages(accumulator)) : 0)] : (AreaTerm[])[],
        ];
    }

    private static AreaTerm[] CodebookTable(ModuleValues v, SynthesisTarget target)
    {
        long value = v["ValueWidth"], values = v["Elements"] * value;
        return !target.IsXilinx
            ? [One, new("value_bits", values), new("stages", BlockRules.SelectsByProduct(value) ? values * (Log2(value >> BitOperations.TrailingZeroCount(value)) - 1) : 0)]
            : [One, new("table_bits", value << (int)v["IndexWidth"]), new("selected_bits", values * ((1 << (int)v["IndexWidth"]) - 1)), new("value_bits", values)];
    }

    /// <summary>Each memory of a line decodes its number; where one bit more makes a LUT twice as large, up to seven inputs.</summary>
    private static AreaTerm[] LineBuffer(ModuleValues v, SynthesisTarget target)
    {
        long words = v["LineWords"], bits = v["WordSelectWidth"];
        bool several = words > 1;
        if (target.Name != "ecp5")
        {
            return [One, new("words", words), new("selected", several ? 1 : 0), new("select_bits", several ? words * bits : 0)];
        }

        bool single = several && bits + 1 <= 7;
        return [new("decoders", single ? words << (int)Math.Max(0, bits + 1 - 4) : 0), new("words", single ? 0 : words)];
    }

    private static AreaTerm[] ElementBuffer(ModuleValues v, SynthesisTarget target)
    {
        long element = v["RequantizerElementWidth"], word = v["ElementsPerWord"], read = v["ReadElements"];
        long shift = Log2(Math.Max(read, word)), banks = 1L << (int)shift, depth = (v["Size"] + banks - 1) / banks, row = Math.Max(1, Log2(depth));
        if (!target.IsXilinx)
        {
            // A rotation is a stage of multiplexers for each bit of its distance. Those of the lower bits make what the stages behind them read, at most all banks.
            long turned = Enumerable.Range(0, (int)shift).Sum(stage => Math.Min(banks, read + banks - (2L << stage)));
            return
            [
                One, new("banks", banks), new("bank_bits", banks * shift), new("banked_row_bits", (banks - 1) * row), new("row_bits", banks > 1 ? row : 0),
                new("count_bits", banks > 1 ? banks * v["WordCountWidth"] : 0), new("rotated_read_bits", element * turned), new("rotated_write_bits", word * element * Log2(word)),
            ];
        }

        return
        [
            One, new("banks", banks), new("bank_bits", banks * shift), new("row_bits", banks > 1 ? row : 0), new("banked_row_bits", banks > 1 ? (banks - 1) * row : 0),
            new("rotated_read_bits", read * element * Levels(shift, target)), new("rotated_write_bits", word * element * Levels(Log2(word), target)), new("read_bits", shift > 0 ? read * element : 0),
            new("wide_bits", banks * element * Levels(shift, target)), new("whole_rows", BitOperations.IsPow2(depth) ? 0 : row),
        ];
    }

    private static AreaTerm[] Requantizer(ModuleValues v, SynthesisTarget target)
    {
        long biased = v["SourceWidth"] + 1, factor = v["RequantizerMultiplierWidth"] + 1, levels = v["VectorThresholdLevels"], tiles = BlockRules.RequantizerTiles(v, target).Sum();
        return
        [
            One, new("term_bits", v["TermWidth"]), new("source_bits", biased), new("product_bits", tiles == 0 ? biased * factor : 0), new("added_bits", tiles > (BlockRules.SumsInBlocks(target) ? 2 : 1) ? biased + factor : 0),
            new("thresholds", levels), new("threshold_bits", levels * biased), new("threshold_codes", levels > 0 ? v["TermWidth"] : 0),
            .. BlockRules.SumsInBlocks(target) ? (AreaTerm[])[] : [new("count_bits", BlockRules.CountAdderBits(levels)), new("blocks", tiles), new("lut_parts", BlockRules.RequantizerTiles(v, target).Count(tile => tile == 0))],
        ];
    }
}
