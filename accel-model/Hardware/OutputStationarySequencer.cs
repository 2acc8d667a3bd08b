// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace AccelModel.Hardware;

/// <summary>
/// Sums of a group of pixels, one per row, stay for a pass: all segments of one digit. In each segment the rows' vectors are read one after the other, while a weight line is read for each step of a
/// row's vector.
/// </summary>
public sealed class OutputStationarySequencer : ArraySequencer
{
    private readonly int _rows;

    // Digit, kernel row, kernel column, tile; the weight lines of a pass; the pixels of a group, for each segment.
    private readonly AddressLoop _segments = new(4);
    private readonly AddressLoop _lines = new(2);
    private readonly PixelBlocks _groups;

    // Step of the segment (row of weight lines), cycle of the step's product, rows that have still to read; number of the addition in the pass; the group's first pixel. The walk over pixels is at the
    // next group's before the sums are where products take several cycles.
    private readonly Register<int> _step = new();
    private readonly Register<int> _cycle = new();
    private readonly Register<int> _readsLeft = new();
    private readonly Register<int> _addition = new();
    private readonly Register<int> _firstPixel = new();

    /// <param name="connections">What it is connected to.</param>
    public OutputStationarySequencer(ArrayConnections connections)
        : base(connections)
    {
        _rows = Spec.Array.Rows;
        _groups = new(_rows);
    }

    private int PixelsLeft => Instruction.Vectors - _firstPixel.Current;

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _segments.Advance();
        _lines.Advance();
        _groups.Advance();
        _step.Advance();
        _cycle.Advance();
        _readsLeft.Advance();
        _addition.Advance();
        _firstPixel.Advance();
    }

    /// <inheritdoc/>
    private protected override void BeginSums()
    {
        MatmulInstruction matmul = Instruction;
        _segments.Load(
            0,
            (matmul.Digits, 0),
            (matmul.KernelRows, matmul.KernelRowStride),
            (matmul.KernelColumns, matmul.KernelColumnStride),
            (matmul.Tiles, Spec.VectorElements));
        _lines.Load(FirstWeightLine, (matmul.KernelRows * matmul.KernelColumns * matmul.Tiles, SegmentStride(_rows)), (_rows, LineStride));
        _groups.Load(matmul);
        _step.Next = _cycle.Next = _addition.Next = _firstPixel.Next = 0;
        _readsLeft.Next = _rows;
    }

    /// <inheritdoc/>
    private protected override CycleKind RunSums(ref ArrayControl control, out bool ends)
    {
        ProductStep step = Step(_cycle.Current);
        bool isLastStep = _step.Current == _rows - 1;
        bool isLastAddition = isLastStep && _segments.IsLastOf(3);
        bool endsSegment = isLastStep && step.IsLast;
        ends = endsSegment && _segments.IsLast && PixelsLeft <= _rows;

        control = control with { Vector = Enter(Tag(step, isLastAddition)) };
        if (step.IsFirst)
        {
            ReadLine(_lines.Address);
            _lines.Step();
        }
        bool reads = _readsLeft.Current > 0 && _groups.Exists;
        if (reads)
        {
            ReadVector(_segments.Address + _groups.Address);
            control = control with { Activation = Activation(_segments.IsLastOf(1), _segments.Index(0)) };
        }
        if (_readsLeft.Current > 0)
        {
            _groups.Step(_segments.IsLast);
        }

        _readsLeft.Next = endsSegment ? _rows : Math.Max(_readsLeft.Current - 1, 0);
        _cycle.Next = step.IsLast ? 0 : _cycle.Current + 1;
        if (step.IsLast)
        {
            _step.Next = isLastStep ? 0 : _step.Current + 1;
            _addition.Next = isLastAddition ? 0 : _addition.Current + 1;
        }
        if (endsSegment)
        {
            _firstPixel.Next = _segments.IsLast ? _firstPixel.Current + _rows : _firstPixel.Current;
            _segments.Step();
        }
        return reads ? CycleKind.Busy : CycleKind.Fill;
    }

    private VectorTag Tag(in ProductStep step, bool isLastAddition) => new()
    {
        Step = step,
        Group = _step.Current,
        Addition = _addition.Current,
        EndsPass = isLastAddition,
        Target = new()
        {
            Address = Instruction.AccumulatorAddress + _firstPixel.Current,
            Words = Math.Min(_rows, PixelsLeft),
            Accumulates = Instruction.Accumulate || _segments.Index(0) > 0,
            DigitShift = _segments.Index(0) * Spec.DigitWidth,
            IsLast = _segments.IsLast && PixelsLeft <= _rows,
            Signals = Instruction.Signals.AtCompletion,
            Place = Place(_segments.Index(0), _firstPixel.Current, 0),
            LastAddition = _addition.Current,
        },
    };
}
