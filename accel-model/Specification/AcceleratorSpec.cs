// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Specification;

/// <summary>Which operand stays in the array while the other streams.</summary>
public enum Dataflow
{
    /// <summary>Weights stay in the PEs, activation vectors stream through (the stationary-operand array).</summary>
    WeightStationary,
}

/// <summary>The product inside a PE's shell.</summary>
public enum ProcessingElementKind
{
    /// <summary>Two's-complement multiplication.</summary>
    Multiply,
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

    /// <summary>On-chip buffers.</summary>
    public required BuffersSpec Buffers { get; init; }

    /// <summary>External memory and its port.</summary>
    public required MemorySpec Memory { get; init; }

    /// <summary>How networks are laid onto the design.</summary>
    public required MappingSpec Mapping { get; init; }

    /// <summary>Elements of one activation vector: <c>rows * lanes</c>.</summary>
    public int VectorElements => Array.Rows * Array.Lanes;

    /// <summary>Most multiply-accumulates of one cycle: <c>rows * lanes * columns</c>.</summary>
    public int ProductsPerCycle => VectorElements * Array.Columns;

    /// <summary>Bytes that one element occupies in external memory: <c>element_width / 8</c>.</summary>
    public int ElementBytes => Requantizer.ElementWidth / 8;

    /// <summary>Elements in one word of external memory.</summary>
    public int ElementsPerWord => Memory.BytesPerCycle / ElementBytes;

    /// <summary>Bits of an unsigned activation that one pass through the array consumes.</summary>
    public int DigitWidth => Array.ActivationSigned ? Array.ActivationWidth - 1 : Array.ActivationWidth;

    /// <summary>Memory words that one line of the weight buffer occupies: <c>ceil(columns * lanes * weight_width / (8 * bytes_per_cycle))</c>.</summary>
    public int WeightLineWords => WordsFor(Array.Columns * Array.Lanes * Array.WeightWidth);

    /// <summary>Bits of one lane record in the parameter buffer: bias, multiplier, shift, zero point, minimum, maximum, sign flag.</summary>
    public int ParameterRecordWidth => Accumulator.Width + Requantizer.MultiplierWidth + RequantizerSpec.ShiftWidth + 3 * (Requantizer.ElementWidth + 1) + 1;

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

    /// <summary>Width of the (two's-complement) weight operand in bits. 2..16.</summary>
    public required int WeightWidth { get; init; }

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

    /// <summary>Rounding of the one shift.</summary>
    public required RoundingMode Rounding { get; init; }

    /// <summary>Width of the unsigned multiplier. 1..32; accumulator width + multiplier width is at most 62.</summary>
    public required int MultiplierWidth { get; init; }

    /// <summary>Bits of a stored activation in the buffers and in external memory: 8 or 16.</summary>
    public required int ElementWidth { get; init; }
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
}

/// <summary>Choices of the scheduler that change the layout of data.</summary>
public sealed record MappingSpec
{
    /// <summary>How convolutions become matrix products.</summary>
    public required ConvolutionMapping Convolution { get; init; }
}
