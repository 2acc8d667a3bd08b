// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Scheduling;

/// <summary>The four in-order units; the order is that of files and reports.</summary>
public enum UnitKind
{
    /// <summary>External memory to buffers.</summary>
    Load,

    /// <summary>Buffers through the array to the accumulators.</summary>
    Array,

    /// <summary>Accumulators through the requantiser to the output buffer.</summary>
    Vector,

    /// <summary>Output buffer to external memory.</summary>
    Store,
}

/// <summary>Counting semaphores between units; numbers are those of the hardware (docs/architecture.md, section 2).</summary>
public enum Semaphore
{
    /// <summary>Load to array: an activation tile is in its slot.</summary>
    ActivationReady = 0,

    /// <summary>Load to array: a chunk of weights is in its slot.</summary>
    WeightReady = 1,

    /// <summary>Load to vector: a parameter line is in its slot.</summary>
    ParameterReady = 2,

    /// <summary>Array to vector: accumulators are final.</summary>
    AccumulatorReady = 3,

    /// <summary>Vector to store: output words are written.</summary>
    OutputReady = 4,

    /// <summary>Store to load: a tensor is complete in external memory.</summary>
    Stored = 5,

    /// <summary>Array to load: an activation slot may be overwritten.</summary>
    ActivationFree = 6,

    /// <summary>Array to load: a weight slot may be overwritten.</summary>
    WeightFree = 7,

    /// <summary>Vector to load: a parameter slot may be overwritten.</summary>
    ParameterFree = 8,

    /// <summary>Vector to array: an accumulator slot may be overwritten.</summary>
    AccumulatorFree = 9,

    /// <summary>Store to vector: an output slot may be overwritten.</summary>
    OutputFree = 10,

    /// <summary>Load to vector: operands are in their slot.</summary>
    OperandReady = 11,

    /// <summary>Vector to load: an operand slot may be overwritten.</summary>
    OperandFree = 12,

    /// <summary>Load to vector: a lookup table is in its slot.</summary>
    LookupReady = 13,

    /// <summary>Vector to load: a lookup slot may be overwritten.</summary>
    LookupFree = 14,

    /// <summary>Store to array: a tensor was forwarded into an activation slot.</summary>
    Forwarded = 15,

    /// <summary>Array to store: an activation slot may be overwritten by a forwarded tensor.</summary>
    ForwardFree = 16,
}

/// <summary>A set of semaphores as a bit mask: bit i stands for semaphore i.</summary>
public readonly record struct SemaphoreSet(int Mask)
{
    /// <summary>Number of semaphores.</summary>
    public const int Count = 17;

    /// <summary>The empty set.</summary>
    public static SemaphoreSet None => default;

    /// <summary>Whether <paramref name="semaphore"/> is in the set.</summary>
    public bool Contains(Semaphore semaphore) => (Mask >> (int)semaphore & 1) != 0;

    /// <summary>The set with <paramref name="semaphore"/> added.</summary>
    public SemaphoreSet With(Semaphore semaphore) => new(Mask | 1 << (int)semaphore);

    /// <summary>The set with <paramref name="semaphore"/> taken out.</summary>
    public SemaphoreSet Without(Semaphore semaphore) => new(Mask & ~(1 << (int)semaphore));

    /// <summary>Signalled at completion: <c>*_ready</c>, <c>stored</c>, <c>forwarded</c> and <c>lookup_free</c>.</summary>
    public SemaphoreSet AtCompletion => new(Mask & 0x0E83F);

    /// <summary>Signalled at the end of the occupancy: the other <c>*_free</c>.</summary>
    public SemaphoreSet AtEnd => new(Mask & 0x117C0);

    /// <summary>The names, joined by <c>+</c>, or <c>-</c>. (The text that a record makes of itself would print the sets inside this one, and so on for ever.)</summary>
    public override string ToString()
    {
        SemaphoreSet set = this;
        return Mask == 0 ? "-" : string.Join('+', Enum.GetValues<Semaphore>().Where(semaphore => set.Contains(semaphore)));
    }
}

/// <summary>What every instruction carries.</summary>
public abstract record Instruction
{
    /// <summary>Index of the network layer that the instruction works for.</summary>
    public required int Layer { get; init; }

    /// <summary>Semaphores waited for and decremented at the start.</summary>
    public required SemaphoreSet Waits { get; init; }

    /// <summary>Semaphores incremented at the end or at completion.</summary>
    public required SemaphoreSet Signals { get; init; }

    /// <summary>The unit that executes it.</summary>
    public abstract UnitKind Unit { get; }
}

/// <summary>Destination of a load.</summary>
public enum LoadTarget
{
    /// <summary>Activation buffer; addresses in elements.</summary>
    Activation,

    /// <summary>Weight buffer; addresses in lines.</summary>
    Weight,

    /// <summary>Parameter buffer; addresses in lines.</summary>
    Parameter,

    /// <summary>Operand buffer; addresses in elements.</summary>
    Operand,

    /// <summary>Lookup memory; addresses in entries.</summary>
    Lookup,

    /// <summary>Factor buffer; addresses in elements.</summary>
    Factor,
}

/// <summary>
/// Copies memory into a buffer (docs/architecture.md, section 3). Into the activation, operand and factor buffers: a rectangle of runs of elements, or a constant
/// (<see cref="Fill"/>). Into the others: <see cref="Beats"/> consecutive memory words.
/// </summary>
public sealed record LoadInstruction : Instruction
{
    /// <inheritdoc/>
    public override UnitKind Unit => UnitKind.Load;

    /// <summary>The buffer.</summary>
    public required LoadTarget Target { get; init; }

    /// <summary>
    /// Where the data lies: the element address of run (0, 0) for activations and operands, the first memory word (not byte) for the other targets. Unused by a fill.
    /// </summary>
    public required int MemoryAddress { get; init; }

    /// <summary>Memory words to copy where the target is weight, parameter or lookup: whole lines; else 0 (the runs say it).</summary>
    public required int Beats { get; init; }

    /// <summary>First address in the buffer.</summary>
    public required int BufferAddress { get; init; }

    /// <summary>Whether <see cref="FillCode"/> is written to all runs instead of data from memory.</summary>
    public bool Fill { get; init; }

    /// <summary>The code that a fill writes.</summary>
    public int FillCode { get; init; }

    /// <summary>Rows of runs.</summary>
    public int Rows { get; init; } = 1;

    /// <summary>Runs in a row.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>Consecutive elements of one run.</summary>
    public int Run { get; init; }

    /// <summary>Elements of external memory from one row to the next.</summary>
    public int MemoryRowPitch { get; init; }

    /// <summary>Elements of external memory from one run to the next.</summary>
    public int MemoryColumnPitch { get; init; }

    /// <summary>Elements of the buffer from one row to the next.</summary>
    public int BufferRowPitch { get; init; }

    /// <summary>Elements of the buffer from one run to the next.</summary>
    public int BufferColumnPitch { get; init; }

    /// <summary>Whether the memory address moves on with each frame by <see cref="Schedule.FrameStride"/>: runs of the network's input or output.</summary>
    public bool PerFrame { get; init; }

    /// <summary>Whether the buffer is addressed in elements.</summary>
    public bool IsElementwise => Target is LoadTarget.Activation or LoadTarget.Operand or LoadTarget.Factor;
}

/// <summary>Multiplies activation vectors with a rectangle of weight segments (docs/architecture.md, section 4).</summary>
public sealed record MatmulInstruction : Instruction
{
    /// <inheritdoc/>
    public override UnitKind Unit => UnitKind.Array;

    /// <summary>Element address of vector (0, 0) of the first segment.</summary>
    public required int ActivationAddress { get; init; }

    /// <summary>Whether operands are two's complement: stored elements, or their sums with an offset.</summary>
    public required bool ActivationSigned { get; init; }

    /// <summary>With operand offsets: whether the elements to which <see cref="ActivationOffset"/> is added are two's complement.</summary>
    public bool ActivationCodesSigned { get; init; }

    /// <summary>With operand offsets: added to each element before it is an operand.</summary>
    public int ActivationOffset { get; init; }

    /// <summary>Rows of output pixels.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of output pixels.</summary>
    public required int Columns { get; init; }

    /// <summary>Elements from one output row to the next.</summary>
    public required int RowStride { get; init; }

    /// <summary>Elements from one output column to the next.</summary>
    public required int ColumnStride { get; init; }

    /// <summary>Digit passes.</summary>
    public required int Digits { get; init; }

    /// <summary>Kernel rows (second loop of segments).</summary>
    public required int KernelRows { get; init; }

    /// <summary>Kernel columns (third loop).</summary>
    public required int KernelColumns { get; init; }

    /// <summary>Vector tiles of one run (innermost loop of segments).</summary>
    public required int Tiles { get; init; }

    /// <summary>Elements from one kernel row to the next.</summary>
    public required int KernelRowStride { get; init; }

    /// <summary>Elements from one kernel column to the next.</summary>
    public required int KernelColumnStride { get; init; }

    /// <summary>First line of the weights; with <see cref="ActivationWeights"/> the first element of that line.</summary>
    public required int WeightAddress { get; init; }

    /// <summary>Whether lines come from the factor buffer: element <c>c * lanes + l</c> of a line is <c>address + c * column_pitch + l * lane_pitch</c> there.</summary>
    public bool ActivationWeights { get; init; }

    /// <summary>With operand offsets: whether elements of the factor buffer are two's complement; without they are.</summary>
    public bool WeightCodesSigned { get; init; }

    /// <summary>With operand offsets: added to each element of the factor buffer before it is a weight.</summary>
    public int WeightOffset { get; init; }

    /// <summary>Factor buffer: elements from one column of a line to the next (on an input-stationary array: from one element to the next).</summary>
    public int WeightColumnPitch { get; init; }

    /// <summary>Factor buffer: elements from lane to lane of a column.</summary>
    public int WeightLanePitch { get; init; }

    /// <summary>Factor buffer: elements from one line to the next of a segment.</summary>
    public int WeightLineStride { get; init; }

    /// <summary>Factor buffer: elements from one segment to the next.</summary>
    public int WeightSegmentStride { get; init; }

    /// <summary>First accumulator word.</summary>
    public required int AccumulatorAddress { get; init; }

    /// <summary>Whether the first segment adds to what the accumulators hold.</summary>
    public required bool Accumulate { get; init; }

    /// <summary>Cycles from one streamed vector to the next: 1, or the bits of the operands on bit-serial PEs.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>
    /// Elements of the last tile (<c>t = Tiles - 1</c>) that take part; the others of its <c>rows * lanes</c> enter as the operand whose product is zero. 0 stands for all.
    /// </summary>
    public int LastTileElements { get; init; }

    /// <summary>Lines of the codebook at <see cref="WeightAddress"/>, in front of the weights; 0 unless the PEs are of the codebook kind.</summary>
    public int TableLines { get; init; }

    /// <summary>
    /// Output channels of the tile. On an input-stationary array: the weight vectors streamed per segment, 1 or more. Elsewhere seen by no hardware: the columns whose channel exists, so that an overflow in
    /// another one is no overflow of the layer; 0 stands for all columns.
    /// </summary>
    public int Channels { get; init; }

    /// <summary>Whether each column filters a channel of its own (depthwise; docs/architecture.md, section 4.5).</summary>
    public bool ColumnFilter { get; init; }

    /// <summary>Where the tile lies in its layer. No hardware sees it: it names the output, and the addition, of an overflow.</summary>
    public MatmulOrigin Origin { get; init; }

    /// <summary>Activation vectors per segment.</summary>
    public int Vectors => Rows * Columns;

    /// <summary>Segments.</summary>
    public int Segments => Digits * KernelRows * KernelColumns * Tiles;
}

/// <summary>Place of a matmul in its layer's un-pooled output and plan.</summary>
/// <param name="Row">Output row of vector (0, 0).</param>
/// <param name="Column">Output column of vector (0, 0).</param>
/// <param name="Channel">Output channel of array column 0; of the first streamed channel on an input-stationary array.</param>
/// <param name="Segment">
/// Index in <see cref="AccumulationPlan.Segments"/> of the instruction's first segment; the others follow. On an output-stationary array a segment of the plan is a whole pass: the index of the first
/// digit's, the other digits follow.
/// </param>
public readonly record struct MatmulOrigin(int Row, int Column, int Channel, int Segment)
{
    /// <summary>Column filter only: stream positions from one output column to the next; the positions between are no outputs. 0 stands for 1.</summary>
    public int ColumnStep { get; init; }

    /// <summary>Column filter only: output columns of the tile; stream positions past them are no outputs. 0: as many as there are.</summary>
    public int Columns { get; init; }
}

/// <summary>Where the words of the vector unit come from.</summary>
public enum VectorSource
{
    /// <summary>The accumulator buffer.</summary>
    Accumulator,

    /// <summary>The operand buffer: <c>columns</c> consecutive elements per word.</summary>
    Operand,
}

/// <summary>How the words of one window become one.</summary>
public enum VectorCombine
{
    /// <summary>The greatest.</summary>
    Maximum,

    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The product.</summary>
    Product,
}

/// <summary>Requantises words, combines windows of them and requantises again (docs/architecture.md, section 5).</summary>
public sealed record VectorInstruction : Instruction
{
    /// <inheritdoc/>
    public override UnitKind Unit => UnitKind.Vector;

    /// <summary>The buffer that is read.</summary>
    public VectorSource Source { get; init; }

    /// <summary>Whether operand elements are two's complement.</summary>
    public bool OperandSigned { get; init; }

    /// <summary>First word of the accumulator buffer, or first element of the operand buffer.</summary>
    public required int SourceAddress { get; init; }

    /// <summary>Output rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Output columns.</summary>
    public required int Columns { get; init; }

    /// <summary>Source addresses from one output row to the next.</summary>
    public required int RowStride { get; init; }

    /// <summary>Source addresses from one output column to the next.</summary>
    public required int ColumnStride { get; init; }

    /// <summary>Rows of the window (1: no pooling).</summary>
    public required int PoolRows { get; init; }

    /// <summary>Columns of the window.</summary>
    public required int PoolColumns { get; init; }

    /// <summary>Source addresses from one window row to the next.</summary>
    public required int PoolRowStride { get; init; }

    /// <summary>Source addresses from one window column to the next.</summary>
    public required int PoolColumnStride { get; init; }

    /// <summary>What is made of a window.</summary>
    public VectorCombine Combine { get; init; }

    /// <summary>Whether the combined value is requantised once more.</summary>
    public bool Post { get; init; }

    /// <summary>Whether the result goes through the lookup table.</summary>
    public bool Lookup { get; init; }

    /// <summary>First entry of the lookup table.</summary>
    public int LookupAddress { get; init; }

    /// <summary>Parameter line of window column 0.</summary>
    public required int ParameterAddress { get; init; }

    /// <summary>Parameter lines from one window column to the next (0: one line for all words).</summary>
    public int ParameterStride { get; init; }

    /// <summary>First output word.</summary>
    public required int OutputAddress { get; init; }

    /// <summary>Words read from the source.</summary>
    public int Words => Rows * Columns * PoolRows * PoolColumns;
}

/// <summary>Destination of a store.</summary>
public enum StoreTarget
{
    /// <summary>External memory.</summary>
    Memory,

    /// <summary>The activation buffer: the tensor is forwarded to the next layer on chip.</summary>
    Activation,
}

/// <summary>Writes output words to external memory or forwards them into the activation buffer, pixel by pixel (docs/architecture.md, section 3).</summary>
public sealed record StoreInstruction : Instruction
{
    /// <inheritdoc/>
    public override UnitKind Unit => UnitKind.Store;

    /// <summary>First output word.</summary>
    public required int OutputAddress { get; init; }

    /// <summary>Rows of pixels.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of pixels.</summary>
    public required int Columns { get; init; }

    /// <summary>First element of each word that is stored.</summary>
    public int FirstChannel { get; init; }

    /// <summary>Elements of each word that are stored.</summary>
    public required int Channels { get; init; }

    /// <summary>The memory that is written.</summary>
    public StoreTarget Target { get; init; }

    /// <summary>Element address of pixel (0, 0) in the target.</summary>
    public required int MemoryAddress { get; init; }

    /// <summary>Elements from one row of pixels to the next.</summary>
    public required int RowPitch { get; init; }

    /// <summary>Elements from one pixel to the next.</summary>
    public required int PixelPitch { get; init; }

    /// <summary>Elements from one channel of a pixel to the next.</summary>
    public int ChannelPitch { get; init; } = 1;

    /// <summary>Whether <see cref="FillCode"/> is written to all elements instead of output words (no output word is read).</summary>
    public bool Fill { get; init; }

    /// <summary>The code that a fill writes.</summary>
    public int FillCode { get; init; }

    /// <summary>Whether the memory address moves on with each frame by <see cref="Schedule.FrameStride"/>: the network's output.</summary>
    public bool PerFrame { get; init; }
}
