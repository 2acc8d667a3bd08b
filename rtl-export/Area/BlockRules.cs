// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Specification;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>
/// What the target's mapper does with multiplications, memories and shift registers, as closed rules: which become blocks, and how many. They repeat the decisions of Yosys 0.23
/// (<c>mul2dsp.v</c>, <c>memory_libmap</c>, <c>xilinx_srl</c>) with the figures of its target files.
/// </summary>
public static class BlockRules
{
    /// <summary>Blocks of the multiplications in one module.</summary>
    public static long Dsp(string module, ModuleValues v, SynthesisTarget target)
    {
        MultiplierRule rule = MultiplierRule.Of(target);
        switch (module)
        {
            case "pe_multiply":
                return v["Lanes"] * ProductTiles(v, target);
            case "pe_dsp_packed":
                long a = v["ActivationWidth"] + (v["ActivationSigned"] == 1 ? 0 : 1), w = v["WeightWidth"], distance = a + w + 1;
                // Nobody reads what lies above the middle field.
                return v["Lanes"] / 2 * rule.Tiles(distance + a + 1, distance + w + 1, 2 * distance).Sum();
            case "requantizer":
                return RequantizerTiles(v, target).Sum() + ThresholdTiles(v, target);
            case "vector_lane":
                return v["VectorElementwise"] == 1 ? rule.Tiles(v["CombinedWidth"], v["TermWidth"], v["CombinedWidth"]).Sum() : 0;
            case "post_requantizer":
                return rule.Tiles(v["CombinedWidth"], rule.Factor(v["RequantizerMultiplierWidth"])).Sum();
            case "output_sequencer":
                return rule.UnsignedTiles(ModuleModels.Log2(v["ArrayRows"]), v["LineAddressWidth"], v["LineAddressWidth"]);
            case "operand_sequencer":
                return v["ArrayDataflow"] == (long)Dataflow.WeightStationary ? rule.UnsignedTiles(ModuleModels.Log2(v["ArrayRows"]), v["LineAddressWidth"], v["LineAddressWidth"]) : 0;
            case "codebook_table":
                return SelectsByProduct(v["ValueWidth"]) ? v["Elements"] * RotationTiles(v["IndexWidth"], v["ValueWidth"], target) : 0;
            case "transposed_accumulator_buffer":
                return RotationTiles(v["ColumnIndexWidth"], v["ArrayPartialSumWidth"], target) + RotationTiles(v["ColumnIndexWidth"], v["AccumulatorWidth"], target);
            default:
                return 0;
        }
    }

    /// <summary>
    /// Whether a word of <paramref name="width"/> bits is selected by its number times the width. Of odd widths the mapper pads the words to a power of two (<c>peepopt_shiftmul</c>), of even ones it has taken the
    /// factors of two out of the product before and does not know it any more.
    /// </summary>
    public static bool SelectsByProduct(long width) => width % 2 == 0 && !BitOperations.IsPow2(width);

    /// <summary>Blocks of a number of <paramref name="bits"/> bits times the width of a word; factors of two are shifts.</summary>
    public static long RotationTiles(long bits, long width, SynthesisTarget target)
    {
        long odd = width >> BitOperations.TrailingZeroCount(width), factor = BitOperations.Log2((ulong)odd) + 1;
        return MultiplierRule.Of(target).UnsignedTiles(bits, factor, bits + factor);
    }

    /// <summary>Blocks of one product of <c>pe_multiply</c>.</summary>
    public static long ProductTiles(ModuleValues v, SynthesisTarget target) =>
        MultiplierRule.Of(target).Tiles(v["ActivationWidth"] + (v["ActivationSigned"] == 1 ? 0 : 1), v["WeightWidth"]).Sum();

    /// <summary>Parts of the requantiser's product, 1 for each that is a block.</summary>
    public static long[] RequantizerTiles(ModuleValues v, SynthesisTarget target)
    {
        MultiplierRule rule = MultiplierRule.Of(target);
        return rule.Tiles(v["SourceWidth"] + 1, rule.Factor(v["RequantizerMultiplierWidth"]));
    }

    /// <summary>Blocks of the count of the thresholds that are reached times the step.</summary>
    public static long ThresholdTiles(ModuleValues v, SynthesisTarget target) => MultiplierRule.Of(target).UnsignedTiles(
        CountWidth(v), VectorSpec.ThresholdStepWidth, Math.Min(v["TermWidth"], VectorSpec.ThresholdCountWidth + VectorSpec.ThresholdStepWidth));

    /// <summary>Bits of all sums that count thresholds: the mapper gives each a bit more than the one before.</summary>
    public static long CountAdderBits(long levels)
    {
        long most = VectorSpec.ThresholdCountWidth, growing = Math.Min(levels, most);
        return (growing * (growing + 1) / 2) + ((levels - growing) * most);
    }

    /// <summary>Bits of the count of the thresholds that are reached.</summary>
    public static long CountWidth(ModuleValues v) => ModuleModels.Log2(v["VectorThresholdLevels"] + 1);

    /// <summary>Whether products of several lanes are added by the cascade of the blocks that multiply them.</summary>
    public static bool SumsInBlocks(SynthesisTarget target) => target.IsXilinx;

    /// <summary>Whether LUTs of memories are fitted: what holds a written word back until it is read compares addresses.</summary>
    public static bool FitsMemories(SynthesisTarget target) => MemoryRule.Of(target).KeepsWrites;

    /// <summary>Cost of a memory with a write port and a registered read port.</summary>
    public static CellCost Ram(ModuleValues v, SynthesisTarget target) => MemoryRule.Of(target).Cost(v["Width"], v["Depth"]);

    /// <summary>Cost of a delay without reset: registers, or from three stages on shift registers in LUTs where the family has them, with a register for the one stage beyond 16 or 32.</summary>
    public static CellCost DelayLine(ModuleValues v, SynthesisTarget target)
    {
        long width = v["Width"], stages = v["Stages"];
        return MemoryRule.Of(target).HasShiftRegisters && stages >= 3
            ? stages % 16 == 1
                ? new(Lut: width * ((stages + 30) / 32), FlipFlops: width)
                : new(Lut: width * ((stages + 31) / 32))
            : new(FlipFlops: width * stages);
    }

    /// <summary>
    /// Cost of the adders of an offset: a LUT for each bit of each sum, which the carry chain passes through, and registers for the offset and, where sums are wider than elements, the sign. Carry cells of
    /// ECP5 hold two bits and come from five bits on; the sign's inverter is a LUT beside them.
    /// </summary>
    public static CellCost OffsetAdder(ModuleValues v, SynthesisTarget target)
    {
        long sum = v["SumWidth"];
        bool extends = sum > v["ElementWidth"];
        long luts = !ModuleModels.HasPairedCarry(target) ? sum : sum <= PairedCarry.Length ? PairedCarry[(int)sum - 1] : (2 * ((sum + 1) / 2)) + (extends ? 1 : 0);
        return new(Lut: v["Elements"] * luts, FlipFlops: sum + (extends ? 1 : 0));
    }

    /// <summary>LUTs of sums of one to four bits without carry cells, of ECP5.</summary>
    private static readonly ImmutableArray<long> PairedCarry = [1, 2, 6, 6];
}

/// <summary>How a family multiplies: parts of at most these widths become a block each.</summary>
/// <param name="LongWidth">Most bits of the longer factor.</param>
/// <param name="ShortWidth">Most bits of the shorter factor.</param>
/// <param name="PartWidth">Bits of the lower parts where a factor is longer.</param>
/// <param name="LeastProduct">Fewest bits of a product that becomes a block.</param>
/// <param name="Signed">Whether blocks multiply signed numbers alone, so that an unsigned factor takes one bit more.</param>
/// <param name="Held">Which registers before and behind a product the mapper takes into its blocks; null: none.</param>
internal sealed record MultiplierRule(int LongWidth, int ShortWidth, int PartWidth, int LeastProduct, bool Signed, HeldRegisters? Held)
{
    public static MultiplierRule Of(SynthesisTarget target) => target.Name switch
    {
        "xc7" => new(25, 18, 17, 9, true, new(17, 0)),
        "xcup" => new(27, 18, 17, 9, true, null),
        "ecp5" => new(18, 18, 18, 0, false, null),
        _ => new(16, 16, 16, 11, false, new(0, 16, Chained: true)),
    };

    public long Unsigned(long width) => Signed ? width + 1 : width;

    /// <summary>Bits of an unsigned number that meets a signed one.</summary>
    public long Factor(long unsignedWidth) => unsignedWidth + 1;

    /// <summary>The parts of a product, longest first: 1 for a block, 0 for LUTs.</summary>
    public long[] Tiles(long a, long b, long product = 64)
    {
        (long longer, long shorter) = a >= b ? (a, b) : (b, a);
        return
        [
            .. Parts(longer, LongWidth).SelectMany(
                x => Parts(shorter, ShortWidth),
                (x, y) => x.Width >= 2 && y.Width >= 2 && Math.Min(x.Width + y.Width, product) >= LeastProduct && x.Lsb + y.Lsb < product ? 1L : 0L),
        ];
    }

    /// <summary>Blocks of a product of unsigned numbers.</summary>
    public long UnsignedTiles(long a, long b, long product) => a >= 2 && b >= 2 && product >= LeastProduct ? Tiles(Unsigned(a), Unsigned(b), product).Sum() : 0;

    /// <summary>Registers outside the blocks of a product of <paramref name="a"/> by <paramref name="b"/> bits, of which all are registered.</summary>
    public long ProductRegisters(long a, long b)
    {
        long bits = Math.Min(64, a + b);
        if (Held is null)
        {
            return bits;
        }

        long[] tiles = Tiles(a, b);
        long blocks = tiles.Sum();
        if (blocks <= 1 && (tiles.Length == 1 || !Held.Chained))
        {
            return 0;
        }

        // In a chain of blocks along one factor each one holds the bits that the next one leaves; what LUTs add to it is outside.
        return Held.Chained && Math.Min(a, b) <= ShortWidth
            ? blocks == tiles.Length ? 0 : bits - (PartWidth * blocks)
            : blocks == 2 && !Held.Chained ? Held.OutsideOfTwo : bits - Held.InsideOfMore;
    }

    /// <summary>The parts of a factor, with the place of their lowest bit: parts whose product lies above the bits that are kept are left out.</summary>
    private IEnumerable<(long Width, long Lsb)> Parts(long width, long most)
    {
        if (width <= most)
        {
            return [(width, 0)];
        }

        // As many parts as leave no more than a block takes.
        int parts = (int)((width - most + PartWidth - 1) / PartWidth);
        return [.. Enumerable.Range(0, parts).Select(part => ((long)PartWidth, (long)part * PartWidth)), (width - (parts * PartWidth), (long)parts * PartWidth)];
    }
}

/// <summary>Registers of a product that are in its blocks. One block holds all of its own.</summary>
/// <param name="OutsideOfTwo">Lower bits of a product of two blocks that are outside.</param>
/// <param name="InsideOfMore">Lower bits of a product of more blocks that are inside; the others are sums in LUTs.</param>
/// <param name="Chained">Whether blocks along one factor hold all of a product.</param>
internal sealed record HeldRegisters(int OutsideOfTwo, int InsideOfMore, bool Chained = false);

/// <summary>How a family stores: of all shapes that hold a memory, the mapper takes the cheapest.</summary>
internal sealed record MemoryRule
{
    public required ImmutableArray<MemoryShape> Shapes { get; init; }

    public bool HasShiftRegisters { get; init; }

    /// <summary>
    /// Whether blocks give no word of before where a word is written as it is read, so that the mapper keeps the word, what was written, the address and two flags in registers.
    /// </summary>
    public bool KeepsWrites { get; init; }

    /// <summary>Inputs of the multiplexer that one LUT makes between memories that share a bit; two LUTs of four inputs make one of four.</summary>
    public int MuxInputs { get; init; } = 4;

    public static MemoryRule Of(SynthesisTarget target) => target.Name switch
    {
        "xc7" => Xilinx7,
        "xcup" => UltraScale,
        "ecp5" => Ecp5,
        _ => Ice40,
    };

    // Yosys 0.23, share/xilinx/lutrams_xc5v.txt and brams_xc4v.txt: a slice of LUTs costs 1 and 7 by its used share, half a block 129, a whole one 257.
    private static readonly MemoryRule Xilinx7 = new()
    {
        HasShiftRegisters = true,
        Shapes =
        [
            new(32, 6, 1, 7, Lut: 4), new(64, 3, 1, 7, Lut: 4),
            .. Blocks([(512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2), (16384, 1)], 129, 1),
            .. Blocks([(512, 72), (1024, 36), (2048, 18), (4096, 9), (8192, 4), (16384, 2), (32768, 1)], 257, 2),
            .. Blocks([(65536, 1)], 513, 4),
        ],
    };

    // lutrams_xcu.txt: a slice of eight LUTs costs 1 and 15 by its used share.
    private static readonly MemoryRule UltraScale = Xilinx7 with
    {
        Shapes = [new(32, 14, 1, 15, Lut: 8), new(64, 7, 1, 15, Lut: 8), .. Xilinx7.Shapes.Skip(2)],
    };

    private static readonly MemoryRule Ecp5 = new()
    {
        KeepsWrites = true,
        MuxInputs = 2,
        Shapes = [new(16, 4, 4, 0, Lut: 6), .. Blocks([(512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2), (16384, 1)], 128, 1, 9, EmulatedPortPrice)],
    };

    private static readonly MemoryRule Ice40 = new()
    {
        KeepsWrites = true,
        MuxInputs = 2,
        Shapes = [.. Blocks([(256, 16), (512, 8), (1024, 4), (2048, 2)], 64, 1, 1, EmulatedPortPrice)],
    };

    /// <summary>Cost of <paramref name="depth"/> words of <paramref name="width"/> bits. LUT memories are read without a clock, so that a register follows.</summary>
    public CellCost Cost(long width, long depth)
    {
        MemoryLayout layout = LayoutOf(width, depth);
        long banks = layout.Banks, muxes = banks == 1 ? 0 : (width * Mux(banks)) + banks;
        if (layout.Shape is not MemoryShape shape)
        {
            return new(Lut: muxes, FlipFlops: (width * depth) + width);
        }

        // A register holds what is read: the word in front of LUTs, the bank behind blocks.
        return shape.Lut > 0
            ? new(Lut: (shape.Lut * layout.Count) + muxes, FlipFlops: width)
            : new(Lut: muxes, FlipFlops: ModuleModels.Log2(banks) + (KeepsWrites ? (2 * width) + Math.Max(1, ModuleModels.Log2(depth)) + 2 : 0), BlockRam: layout.Count * shape.Blocks);
    }

    /// <summary>How <paramref name="depth"/> words of <paramref name="width"/> bits are stored: in registers, word by word, where no shape is cheaper than one for each bit.</summary>
    public MemoryLayout LayoutOf(long width, long depth)
    {
        MemoryShape best = Shapes.MinBy(shape => shape.Price(width, depth))!;
        return width * depth <= best.Price(width, depth)
            ? new(null, 0, depth)
            : new(best, best.Count(width, depth), best.Banks(depth));
    }

    /// <summary>LUTs for each bit that is chosen from <paramref name="sources"/>.</summary>
    public long Mux(long sources)
    {
        if (MuxInputs == 4)
        {
            return sources == 1 ? 0 : (sources + 3) / 4;
        }

        long luts = 0;
        for (long left = sources; left > 1; left = (left + 3) / 4)
        {
            luts += (2 * (left / 4)) + (left % 4 == 0 ? 0 : left % 4 - 1);
        }

        return luts;
    }

    /// <summary>Price of a block's ports where a word that is written as it is read is kept outside (seven points at two each, <c>FACTOR_EMU</c>); 2 otherwise.</summary>
    private const double EmulatedPortPrice = 14;

    private static IEnumerable<MemoryShape> Blocks((int Depth, int Width)[] shapes, int price, int blocks, int part = 9, double ports = 2) =>
        shapes.Select(shape => new MemoryShape(shape.Depth, shape.Width, price, 0, Blocks: blocks, Byte: part, PortPrice: ports));
}

/// <summary>How a memory is stored.</summary>
/// <param name="Shape">The form; null: registers.</param>
/// <param name="Count">How many of them.</param>
/// <param name="Banks">How many stand one behind the other; of registers the words.</param>
internal sealed record MemoryLayout(MemoryShape? Shape, long Count, long Banks);

/// <summary>A form of memory.</summary>
/// <param name="Depth">Words.</param>
/// <param name="Width">Bits of a word.</param>
/// <param name="BasePrice">Price of one, whatever its used share.</param>
/// <param name="WidthPrice">Price of its used width on top.</param>
/// <param name="Lut">LUTs of one.</param>
/// <param name="Blocks">Memory blocks of one.</param>
/// <param name="Byte">Bits that are written together, so that words of several banks stand side by side in one at such distances; 0: all of its width.</param>
/// <param name="PortPrice">Price of its ports and of what they lack.</param>
internal sealed record MemoryShape(long Depth, long Width, double BasePrice, double WidthPrice, int Lut = 0, int Blocks = 0, int Byte = 0, double PortPrice = 2)
{
    /// <summary>How many hold a memory.</summary>
    public long Count(long width, long depth)
    {
        long part = Byte == 0 ? Width : Math.Min(Byte, Width), bits = (width + part - 1) / part * part * Banks(depth);
        return (bits + Width - 1) / Width;
    }

    /// <summary>How many stand one behind the other.</summary>
    public long Banks(long depth) => (depth + Depth - 1) / Depth;

    /// <summary>Price of a memory in this form: half a LUT each for a bit that is chosen between two banks, and for the write enable of a bank (<c>FACTOR_MUX</c>, <c>FACTOR_DEMUX</c>).</summary>
    public double Price(long width, long depth)
    {
        long banks = Banks(depth);
        return (Count(width, depth) * BasePrice) + (banks * WidthPrice * width / Width) + (banks > 1 ? (((banks - 1) * width) + banks) / 2.0 : 0) + PortPrice;
    }
}
