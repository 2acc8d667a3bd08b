// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>What the sequencer tells the array about the buffers' outputs of the next cycle; the default is a bubble.</summary>
public readonly record struct ArrayControl
{
    /// <summary>Number of the vector at the activation buffer's output, 0 if there is none.</summary>
    public int Vector { get; init; }

    /// <summary>Whether its elements are two's complement.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Lowest bit of the digit that is multiplied.</summary>
    public int DigitShift { get; init; }

    /// <summary>Whether a line is at the weight buffer's output, to be shifted into the chain.</summary>
    public bool ShiftsWeights { get; init; }

    /// <summary>Whether the weights of the chain become the active ones.</summary>
    public bool Swaps { get; init; }
}

/// <summary>The unit's layers as the tags need them.</summary>
/// <param name="Columns">Columns of the un-pooled output.</param>
/// <param name="Channels">Its channels.</param>
public readonly record struct LayerShape(int Columns, int Channels);

/// <summary>
/// Reads weight lines and activation vectors, segment by segment. With shadow weights a segment's lines are read while the previous segment's vectors are,
/// and a swap travels ahead of the vectors; without, lines and vectors take turns.
/// </summary>
public sealed class ArraySequencer : UnitSequencer<MatmulInstruction>
{
    private const int PixelCounters = 2;
    private readonly AcceleratorSpec _spec;
    private readonly ImmutableArray<LayerShape> _layers;
    private readonly ActivationBuffer _activations;
    private readonly LineBuffer _weights;
    private readonly TrafficLog _traffic;
    private readonly VectorsInFlight _vectors;
    private readonly Latch<ArrayControl> _control;
    private readonly bool _hasShadow;

    // Weight side: digit, segment of the digit, row (from the bottom up).
    private readonly AddressLoop _lines = new(3);
    private readonly Register<bool> _linesLeft = new();

    // The chain holds a whole segment that is not active yet.
    private readonly Register<bool> _chainIsFull = new();

    // Vector side: digit, kernel row, kernel column, tile; then row and column of the pixel.
    private readonly AddressLoop _segments = new(4);
    private readonly AddressLoop _pixels = new(PixelCounters);
    private readonly Register<int> _segment = new();
    private readonly Register<int> _accumulator = new();
    private readonly Register<bool> _streams = new();

    // Rows that what was last issued has still to reach before the chain may move: the swap or, without shadow weights, the vector.
    private readonly Register<int> _rowsToReach = new();

    /// <summary>The array's sequencer between its buffers and the array.</summary>
    public ArraySequencer(
        AcceleratorSpec spec,
        ImmutableArray<MatmulInstruction> program,
        ImmutableArray<LayerShape> layers,
        SemaphoreFile semaphores,
        UnitLog log,
        TrafficLog traffic,
        ActivationBuffer activations,
        LineBuffer weights,
        VectorsInFlight vectors,
        Latch<ArrayControl> control)
        : base(UnitKind.Array, program, semaphores, log)
    {
        _spec = spec;
        _layers = layers;
        _traffic = traffic;
        _activations = activations;
        _weights = weights;
        _vectors = vectors;
        _control = control;
        _hasShadow = spec.Array.WeightDoubleBuffering;
    }

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _lines.Advance();
        _linesLeft.Advance();
        _chainIsFull.Advance();
        _segments.Advance();
        _pixels.Advance();
        _segment.Advance();
        _accumulator.Advance();
        _streams.Advance();
        _rowsToReach.Advance();
    }

    /// <inheritdoc/>
    protected override void Begin()
    {
        MatmulInstruction matmul = Instruction;
        int rows = _spec.Array.Rows;
        _lines.Load(
            matmul.WeightAddress + rows - 1,
            (matmul.Digits, 0),
            (matmul.KernelRows * matmul.KernelColumns * matmul.Tiles, rows),
            (rows, -1));
        _linesLeft.Next = true;
        _chainIsFull.Next = false;
        _segments.Load(
            matmul.ActivationAddress,
            (matmul.Digits, 0),
            (matmul.KernelRows, matmul.KernelRowStride),
            (matmul.KernelColumns, matmul.KernelColumnStride),
            (matmul.Tiles, _spec.VectorElements));
        _pixels.Load(0, (matmul.Rows, matmul.RowStride), (matmul.Columns, matmul.ColumnStride));
        _segment.Next = 0;
        _accumulator.Next = matmul.AccumulatorAddress;
        _streams.Next = false;
        _rowsToReach.Next = 0;
    }

    /// <inheritdoc/>
    protected override CycleKind Run(out bool ends)
    {
        bool streams = _streams.Current;
        bool endsSegment = streams && _pixels.IsLast;
        bool readsLine = _linesLeft.Current && !_chainIsFull.Current && (!_lines.IsFirstOf(1) || ChainMayMove);
        bool fillsChain = readsLine && _lines.IsLastOf(1);
        bool swaps = _hasShadow && _chainIsFull.Current && (!streams || endsSegment);

        int vector = streams ? ReadVector(endsSegment) : 0;
        if (readsLine)
        {
            ReadLine();
        }
        _control.Send(new()
        {
            Vector = vector,
            IsSigned = Instruction.ActivationSigned,
            DigitShift = _segments.Index(0) * _spec.DigitWidth,
            ShiftsWeights = readsLine,
            Swaps = swaps,
        });

        bool beginsSegment = _hasShadow ? swaps : fillsChain;
        _chainIsFull.Next = _hasShadow && (fillsChain || (_chainIsFull.Current && !swaps));
        _streams.Next = beginsSegment || (streams && !endsSegment);
        _rowsToReach.Next = (_hasShadow ? swaps : streams) ? _spec.Array.Rows - 1 : Math.Max(_rowsToReach.Current - 1, 0);
        ends = !_linesLeft.Next && !_chainIsFull.Next && !_streams.Next && _rowsToReach.Next == 0;
        return streams ? CycleKind.Busy : CycleKind.Fill;
    }

    private bool ChainMayMove => _rowsToReach.Current == 0 && (_hasShadow || !_streams.Current);

    private void ReadLine()
    {
        _traffic.Count(Layer, Access.WeightRead);
        _weights.Read(_lines.Address);
        _lines.Step();
        _linesLeft.Next = !_lines.IsLast;
    }

    private int ReadVector(bool endsSegment)
    {
        MatmulInstruction matmul = Instruction;
        _traffic.Count(Layer, Access.ActivationRead);
        _activations.Read(_segments.Address + _pixels.Address);
        _pixels.Step();
        _accumulator.Next = endsSegment ? matmul.AccumulatorAddress : _accumulator.Current + 1;
        if (endsSegment)
        {
            _segments.Step();
            _segment.Next = _segment.Current + 1;
        }

        int pixel = ((matmul.Origin.Row + _pixels.Index(0)) * _layers[Layer].Columns) + matmul.Origin.Column + _pixels.Index(1);
        return _vectors.Enter(new()
        {
            AccumulatorAddress = _accumulator.Current,
            Accumulates = matmul.Accumulate || _segment.Current > 0,
            DigitShift = _segments.Index(0) * _spec.DigitWidth,
            IsLast = endsSegment && _segments.IsLast,
            Signals = matmul.Signals.AtCompletion,
            Instruction = InstructionIndex,
            Layer = Layer,
            Output = (pixel * _layers[Layer].Channels) + matmul.Origin.Channel,
            Segment = matmul.Origin.Segment + _segment.Current,
        });
    }
}
