// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Specification;

/// <summary>Which operand stays in the array while the other streams.</summary>
public enum Dataflow
{
    /// <summary>Weights stay in the PEs, activation vectors stream through (the stationary-operand array).</summary>
    WeightStationary,

    /// <summary>Sums stay in the PEs, activations and weights stream through (the stationary-output array).</summary>
    OutputStationary,

    /// <summary>Activations stay in the PEs, weight vectors stream through (the stationary-operand array with its operands swapped).</summary>
    InputStationary,
}

/// <summary>The product inside a PE's shell.</summary>
public enum ProcessingElementKind
{
    /// <summary>Two's-complement multiplication.</summary>
    Multiply,

    /// <summary>Two lanes share one wide multiplier: the middle field of <c>(a1*2^s + a0)(w0*2^s + w1)</c>, corrected by the low field's borrow, is their dot product.</summary>
    DspPacked,

    /// <summary>Weights of {-1, +1} in one bit; activations of {-1, +1} in one bit, or unsigned digits of one bit.</summary>
    XnorPopcount,

    /// <summary>Weights of {-1, 0, +1} in two bits: add, skip or subtract.</summary>
    TernaryAdd,

    /// <summary>Weights that are zero or signed powers of two, or sums of two of them: shift and add.</summary>
    ShiftAdd,

    /// <summary>One bit of the activation a cycle: as many cycles per vector as the activation's format has bits.</summary>
    BitSerial,

    /// <summary>Weights are indices into a table of values that is loaded with each chunk of weights.</summary>
    Codebook,
}

/// <summary>How a convolution becomes segments of a matrix product.</summary>
public enum ConvolutionMapping
{
    /// <summary>Pixels are packed without gaps; a kernel row is one run of kernel_columns * channels elements, cut into tiles.</summary>
    Im2col,

    /// <summary>Pixels are padded to whole vectors of rows * lanes channels; every kernel offset is a segment of its own per channel tile.</summary>
    ChannelTiles,
}

/// <summary>One complete hardware design: everything the RTL has as a parameter, and its clock.</summary>
public sealed record AcceleratorSpec
{
    /// <summary>Name in reports and generated headers.</summary>
    public required string Name { get; init; }

    /// <summary>Clock in MHz; an assumption unless it was measured.</summary>
    public required double ClockMhz { get; init; }

    /// <summary>The PE array.</summary>
    public required ArraySpec Array { get; init; }

    /// <summary>The accumulator memory below the array.</summary>
    public required AccumulatorSpec Accumulator { get; init; }

    /// <summary>The vector unit's requantiser.</summary>
    public required RequantizerSpec Requantizer { get; init; }

    /// <summary>What the vector unit can do beyond requantising and max pooling.</summary>
    public VectorSpec Vector { get; init; } = new();

    /// <summary>On-chip buffers.</summary>
    public required BuffersSpec Buffers { get; init; }

    /// <summary>External memory and its port.</summary>
    public required MemorySpec Memory { get; init; }

    /// <summary>How networks are laid onto the design.</summary>
    public required MappingSpec Mapping { get; init; }

    /// <summary>Elements of one activation vector: <c>rows * lanes</c>.</summary>
    public int VectorElements => Array.Rows * Array.Lanes;

    /// <summary>Elements that one read of the activation buffer gives: a vector, or what a column filter reads, if that is more.</summary>
    public int ActivationReadElements => Math.Max(VectorElements, Array.ColumnFilter ? Array.Columns : 0);

    /// <summary>Weights of one line of the weight buffer: <c>columns * lanes</c>, or <c>rows * lanes</c> on an input-stationary array.</summary>
    public int WeightLineElements => (Array.Dataflow == Dataflow.InputStationary ? Array.Rows : Array.Columns) * Array.Lanes;

    /// <summary>Steps that the stationary operand takes to fill the array: <c>rows</c>, or <c>columns</c> on an input-stationary array; 0 where sums are stationary.</summary>
    public int StationaryDepth => Array.Dataflow switch
    {
        Dataflow.WeightStationary => Array.Rows,
        Dataflow.InputStationary => Array.Columns,
        _ => 0,
    };

    /// <summary>Most multiply-accumulates of one cycle: <c>rows * lanes * columns</c>.</summary>
    public int ProductsPerCycle => VectorElements * Array.Columns;

    /// <summary>Bytes that one element occupies in external memory: <c>element_width / 8</c>.</summary>
    public int ElementBytes => Requantizer.ElementWidth / 8;

    /// <summary>Elements in one word of external memory.</summary>
    public int ElementsPerWord => Memory.BytesPerCycle / ElementBytes;

    /// <summary>Bits of an unsigned activation that one pass through the array consumes: one on <c>xnor_popcount</c> PEs, the whole element on <c>bit_serial</c> ones.</summary>
    public int DigitWidth => Array.ProcessingElement switch
    {
        ProcessingElementKind.XnorPopcount => 1,
        ProcessingElementKind.BitSerial => Requantizer.ElementWidth,
        _ => Array.ActivationSigned ? Array.ActivationWidth - 1 : Array.ActivationWidth,
    };

    /// <summary>Bits of an activation before its digit is taken: those of an element, or of its sum with an offset, which must hold every operand.</summary>
    public int ActivationCodeWidth => Array.HasOperandOffsets ? Math.Max(Requantizer.ElementWidth, Array.ActivationWidth) : Requantizer.ElementWidth;

    /// <summary>Memory words that one line of the weight buffer occupies: <c>ceil(weight_line_elements * weight_width / (8 * bytes_per_cycle))</c>.</summary>
    public int WeightLineWords => WordsFor(WeightLineElements * Array.WeightWidth);

    /// <summary>
    /// Bits of the first requantiser's result: <c>element_width + 1</c>, or <see cref="CombinedTermWidth"/> in an elementwise unit, whose terms keep fraction bits until they are combined.
    /// </summary>
    public int TermWidth => Vector.Elementwise ? CombinedTermWidth : Requantizer.ElementWidth + 1;

    /// <summary>Bits of a term that is combined with others: <see cref="VectorSpec.TermWidth"/>, or with double rounding, whose sums are TFLite's, <see cref="VectorSpec.CombinedWidth"/>.</summary>
    public int CombinedTermWidth => Requantizer.DoubleRounding ? VectorSpec.CombinedWidth : VectorSpec.TermWidth;

    /// <summary>Lines of a codebook in front of the weights: <c>ceil(2^weight_width * codebook_value_width / (weight_line_elements * weight_width))</c>; 0 for the other kinds.</summary>
    public int CodebookLines => Array.ProcessingElement == ProcessingElementKind.Codebook
        ? ((Array.CodebookValueWidth << Array.WeightWidth) + WeightLineElements * Array.WeightWidth - 1) / (WeightLineElements * Array.WeightWidth)
        : 0;

    /// <summary>Bits of the shift field: none where the shifter is fixed.</summary>
    public int ShiftFieldWidth => Requantizer.FixedShift is null ? RequantizerSpec.ShiftWidth : 0;

    /// <summary>Bits of a requantiser's fields for two roundings, flag and second shift; 0 without double rounding.</summary>
    public int DoubleRecordWidth => Requantizer.DoubleRounding ? 1 + RequantizerSpec.SecondShiftWidth : 0;

    /// <summary>Bit of a lane record at which the fields of the second requantiser begin.</summary>
    public int PostRecordLsb => Accumulator.Width + Requantizer.MultiplierWidth + ShiftFieldWidth + 3 * TermWidth + 1 + DoubleRecordWidth;

    /// <summary>Bits of the fields of the second requantiser: multiplier, shift, zero point, minimum, maximum, half-away flag, two roundings; 0 without an elementwise unit.</summary>
    public int PostRecordWidth => Vector.Elementwise
        ? Requantizer.MultiplierWidth + RequantizerSpec.ShiftWidth + 3 * (Requantizer.ElementWidth + 1) + 1 + DoubleRecordWidth
        : 0;

    /// <summary>Bits of the threshold fields: their number in use, their step, and the thresholds; 0 where there are none.</summary>
    public int ThresholdRecordWidth => Vector.ThresholdLevels == 0 ? 0 : VectorSpec.ThresholdCountWidth + VectorSpec.ThresholdStepWidth + Vector.ThresholdLevels * (Accumulator.Width + 1);

    /// <summary>Bits of one lane record in the parameter buffer (docs/architecture.md, section 5.1).</summary>
    public int ParameterRecordWidth => PostRecordLsb + PostRecordWidth + ThresholdRecordWidth;

    /// <summary>Cycles from the last word of a window to its output word: 4, two more with an elementwise unit, one more with a lookup table.</summary>
    public int VectorLatency => 4 + (Vector.Elementwise ? 2 : 0) + (Vector.Lookup ? 1 : 0);

    /// <summary>Memory words that one line of the parameter buffer occupies.</summary>
    public int ParameterLineWords => WordsFor(Array.Columns * ParameterRecordWidth);

    private int WordsFor(int bits) => (bits + 8 * Memory.BytesPerCycle - 1) / (8 * Memory.BytesPerCycle);
}

/// <summary>Shape, operands and partial sums of the PE array.</summary>
public sealed record ArraySpec
{
    /// <summary>Which operand is stationary.</summary>
    public required Dataflow Dataflow { get; init; }

    /// <summary>Rows of PEs; the sum runs down a column. 1..128.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of PEs; each makes one output channel. 1..128.</summary>
    public required int Columns { get; init; }

    /// <summary>Products per PE and cycle, summed exactly before one addition to the partial sum. 1..8.</summary>
    public required int Lanes { get; init; }

    /// <summary>The product.</summary>
    public required ProcessingElementKind ProcessingElement { get; init; }

    /// <summary>Whether a shadow weight register lets the next tile load while this one streams.</summary>
    public required bool WeightDoubleBuffering { get; init; }

    /// <summary>Width of the activation operand in bits. 1..16 (2..16 if signed).</summary>
    public required int ActivationWidth { get; init; }

    /// <summary>Whether the activation operand is two's complement.</summary>
    public required bool ActivationSigned { get; init; }

    /// <summary>Bits that one weight occupies in the weight buffer. 2..16 (xnor_popcount 1, ternary_add 2, codebook 1..8).</summary>
    public required int WeightWidth { get; init; }

    /// <summary>Powers of two that a weight of shift_add is the sum of: 1 or 2.</summary>
    public int WeightTerms { get; init; } = 1;

    /// <summary>Width of the (two's-complement) values of a codebook. 2..16; 0 for the other kinds.</summary>
    public int CodebookValueWidth { get; init; }

    /// <summary>Whether each column can filter a channel of its own (weight_stationary only; docs/architecture.md, section 4.5).</summary>
    public bool ColumnFilter { get; init; }

    /// <summary>Whether weights can be elements of an activation tensor, from the factor buffer: products of two activation tensors (docs/architecture.md, section 4.6).</summary>
    public bool ActivationWeights { get; init; }

    /// <summary>
    /// Whether offsets are added to both operands of products of two activation tensors (docs/architecture.md, section 4.6); only with <see cref="ActivationWeights"/>. Null, which stands for false, rather than
    /// false in designs without, whose canonical texts then do not know it.
    /// </summary>
    public bool? OperandOffsets { get; init; }

    /// <summary>Whether <see cref="OperandOffsets"/> is true.</summary>
    public bool HasOperandOffsets => OperandOffsets == true;

    /// <summary>Bits of a weight inside the array: <c>weight_width</c>, of a codebook its values', and one more where offsets are added to weights.</summary>
    public int WeightValueWidth => ProcessingElement == ProcessingElementKind.Codebook ? CodebookValueWidth : WeightWidth + (HasOperandOffsets ? 1 : 0);

    /// <summary>Activation operands that one pass takes whole: <c>activation_width</c> bits, two's complement or not.</summary>
    public OperandRange Operands => ActivationSigned ? OperandRange.OfWidth(ActivationWidth) : new(0, (1L << ActivationWidth) - 1);

    /// <summary>Weights that there are inside the array: <see cref="WeightValueWidth"/> bits, two's complement.</summary>
    public OperandRange WeightValues => OperandRange.OfWidth(WeightValueWidth);

    /// <summary>Width of the partial sums that flow down the columns. 4..48.</summary>
    public required int PartialSumWidth { get; init; }

    /// <summary>What a partial sum does when it leaves its width.</summary>
    public required OverflowMode Overflow { get; init; }
}

/// <summary>Accumulator memory: one word per output position and column tile.</summary>
public sealed record AccumulatorSpec
{
    /// <summary>Width in bits. 8..48.</summary>
    public required int Width { get; init; }

    /// <summary>What an accumulator does when it leaves its width.</summary>
    public required OverflowMode Overflow { get; init; }
}

/// <summary>The requantiser of the vector unit.</summary>
public sealed record RequantizerSpec
{
    /// <summary>Bits of the shift field: shifts of 0..63.</summary>
    public const int ShiftWidth = 6;

    /// <summary>Bits of the field of the second shift of two roundings: 0..31.</summary>
    public const int SecondShiftWidth = 5;

    /// <summary>Rounding of the one shift.</summary>
    public required RoundingMode Rounding { get; init; }

    /// <summary>The one shift of a fixed shifter, or null where each layer has its own.</summary>
    public int? FixedShift { get; init; }

    /// <summary>Whether both requantisers can round twice, as TFLite and CMSIS-NN do (<see cref="Rounding.ShiftRightTwice(long, int, int)"/>); not with a fixed shift.</summary>
    public bool DoubleRounding { get; init; }

    /// <summary>Width of the unsigned multiplier. 1..32; accumulator width + multiplier width is at most 63.</summary>
    public required int MultiplierWidth { get; init; }

    /// <summary>Bits of a stored activation in the buffers and in external memory: 8 or 16.</summary>
    public required int ElementWidth { get; init; }
}

/// <summary>What the vector unit can do beyond requantising and max pooling.</summary>
public sealed record VectorSpec
{
    /// <summary>Width of a term before terms are combined, in an elementwise unit without double rounding.</summary>
    public const int TermWidth = 24;

    /// <summary>Width of a combined value (the sum, product or maximum of a window).</summary>
    public const int CombinedWidth = 32;

    /// <summary>Bits of a record's number of thresholds in use.</summary>
    public const int ThresholdCountWidth = 8;

    /// <summary>Bits of a record's threshold step.</summary>
    public const int ThresholdStepWidth = 8;

    /// <summary>Entries of one lookup table.</summary>
    public const int LookupTableEntries = 256;

    /// <summary>Entries of the lookup memory: two tables.</summary>
    public const int LookupEntries = 2 * LookupTableEntries;

    /// <summary>Whether it has an operand buffer, sums and products, and a second requantiser: average pooling, add, multiply, and layers that no convolution precedes.</summary>
    public bool Elementwise { get; init; }

    /// <summary>Whether it has a lookup table per lane (element_width 8 only).</summary>
    public bool Lookup { get; init; }

    /// <summary>Thresholds of a lane, 0..255; 0 leaves the sign of one threshold, which needs no field of its own.</summary>
    public int ThresholdLevels { get; init; }
}

/// <summary>Sizes of the on-chip buffers; a double-buffered one is two slots of half the size.</summary>
public sealed record BuffersSpec
{
    /// <summary>Activation buffer, in elements; each slot a multiple of the elements of a memory word.</summary>
    public required BufferSpec Activation { get; init; }

    /// <summary>Weight buffer, in lines (one line feeds one row of PEs).</summary>
    public required BufferSpec Weight { get; init; }

    /// <summary>Parameter buffer, in lines (one line serves one tile of output channels).</summary>
    public required BufferSpec Parameter { get; init; }

    /// <summary>Accumulator buffer, in words of one accumulator per column.</summary>
    public required BufferSpec Accumulator { get; init; }

    /// <summary>Output buffer, in words of one element per column.</summary>
    public required BufferSpec Output { get; init; }

    /// <summary>Operand buffer of an elementwise vector unit, in elements; each slot a multiple of the elements of a memory word. Size 0 without one.</summary>
    public BufferSpec Operand { get; init; } = new() { Size = 0, DoubleBuffered = false };

    /// <summary>Factor buffer of an array whose weights can be activations, in elements; each slot a multiple of the elements of a memory word. Its slots take turns with the weight buffer's. Size 0 without.</summary>
    public BufferSpec Factor { get; init; } = new() { Size = 0, DoubleBuffered = false };
}

/// <summary>One on-chip buffer.</summary>
public sealed record BufferSpec
{
    /// <summary>Total size in the buffer's own unit of address.</summary>
    public required int Size { get; init; }

    /// <summary>Whether the buffer is two slots, one being filled while the other is read.</summary>
    public required bool DoubleBuffered { get; init; }

    /// <summary>Number of slots.</summary>
    public int Slots => DoubleBuffered ? 2 : 1;

    /// <summary>Addresses of one slot.</summary>
    public int SlotSize => Size / Slots;
}

/// <summary>External memory as the DMA port sees it.</summary>
public sealed record MemorySpec
{
    /// <summary>Bytes of one memory word, moved in one cycle: a power of two, 1..128, at least one element.</summary>
    public required int BytesPerCycle { get; init; }

    /// <summary>Cycles without data at the head of each burst. 1..1000.</summary>
    public required int LatencyCycles { get; init; }

    /// <summary>Most memory words in one burst. 1..4096.</summary>
    public required int BurstBeats { get; init; }

    /// <summary>
    /// Where not 0: a burst is consecutive words inside one block of this many bytes that begins at a multiple of it. A power of two, at least a memory word; AXI asks for 4096. 0: bursts know no addresses.
    /// </summary>
    public int BurstAlignmentBytes { get; init; }

    /// <summary>Memory words of such a block; 0 for none.</summary>
    public int BurstAlignmentWords => BurstAlignmentBytes / BytesPerCycle;

    /// <summary>Memory words that no burst exceeds.</summary>
    public int LongestBurst => BurstAlignmentBytes == 0 ? BurstBeats : Math.Min(BurstBeats, BurstAlignmentWords);

    /// <summary>The fewest cycles of the port that move so many bytes: whole words, and a latency for each of as few bursts as there can be.</summary>
    public long LeastCycles(long bytes) => LeastCyclesOfBeats(bytes / BytesPerCycle);

    /// <summary>The fewest cycles of the port that move so many words.</summary>
    public long LeastCyclesOfBeats(long beats) => beats + (beats + LongestBurst - 1) / LongestBurst * LatencyCycles;
}

/// <summary>Choices of the scheduler that change the layout of data.</summary>
public sealed record MappingSpec
{
    /// <summary>How convolutions become matrix products.</summary>
    public required ConvolutionMapping Convolution { get; init; }

    /// <summary>Whether all weights, parameters and tables are loaded once, before the first frame, and stay in their buffers, of which double-buffered ones then are one slot.</summary>
    public bool ResidentWeights { get; init; }
}
