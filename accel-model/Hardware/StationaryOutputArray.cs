// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Simulation;

namespace AccelModel.Hardware;

/// <summary>
/// The array in which sums stay. Row r takes the vector of its pixel when the control, that comes down one row a cycle, tells it to, and sends it east in groups of a PE's lanes. Weights move down, one
/// row a cycle, column c delayed by c registers. Finished sums leave through <see cref="DrainChain"/>.
/// </summary>
internal sealed class StationaryOutputArray<TProduct, TOverflow> : SystolicArray
    where TProduct : struct, IProduct
    where TOverflow : struct, IOverflowMode
{
    private readonly ProcessingElement<TProduct, TOverflow> _element;

    // Row r: r registers of the way down, then the inputs of its PEs. Place 0 is a wire.
    private readonly ShiftLine<int>[] _numbers;

    // Row r: the vector that is sent, and the inputs of its PEs; place 0 is a wire.
    private readonly int[][] _held;
    private readonly ShiftLine<int>[] _operands;

    // Column c: c registers of skew, then the inputs of its PEs from the top. Place 0 is a wire.
    private readonly ShiftLine<int>[] _weights;

    // PE (r, c) at r * columns + c: nobody but the PE itself reads these.
    private readonly long[] _products;
    private readonly long[] _sums;
    private readonly DrainChain _drain;

    // What the sums of working PEs were before the cycle, for observers: the PEs write theirs at once.
    private readonly long[] _before;

    // The rows of the pass that drains that have still to be announced.
    private readonly Register<SumTarget> _pass = new();
    private readonly Register<int> _rowsLeft = new();

    /// <summary>An array of zeros.</summary>
    public StationaryOutputArray(ArraySurroundings surroundings, ProcessingElement<TProduct, TOverflow> element)
        : base(surroundings)
    {
        _element = element;
        _numbers = [.. Enumerable.Range(0, Rows).Select(row => new ShiftLine<int>(row + Columns, 1))];
        _held = [.. Enumerable.Range(0, Rows).Select(_ => new int[Rows * Lanes])];
        _operands = [.. Enumerable.Range(0, Rows).Select(_ => new ShiftLine<int>(Columns, Lanes))];
        _weights = [.. Enumerable.Range(0, Columns).Select(column => new ShiftLine<int>(column + Rows, Lanes))];
        _products = new long[Rows * Columns];
        _sums = new long[Rows * Columns];
        _drain = new(Rows, Columns);
        _before = new long[Rows * Columns];
    }

    /// <summary>From the top left PE to the bottom right one, then row 0's sum down to the last.</summary>
    private protected override int CyclesToDrain => Rows + Columns - 1 + Rows - 1;

    private int LastNumber => _numbers[Rows - 1][Rows + Columns - 2][0];

    private bool IsPassEnding => LastNumber != 0 && Vectors[LastNumber].EndsPass && Vectors[LastNumber].Step.IsLast;

    /// <summary>When the last PE (bottom right) ends a pass the last row leaves in the next cycle; the others follow it.</summary>
    public override bool IsLeaving(out SumTarget target)
    {
        bool ends = IsPassEnding;
        int row = (ends ? Rows : _rowsLeft.Current) - 1;
        SumTarget pass = ends ? Vectors[LastNumber].Target : _pass.Current;
        target = pass with { Address = pass.Address + row, Place = pass.Place with { Pixel = pass.Place.Pixel + row }, IsLast = pass.IsLast && row == 0 };
        return row >= 0 && row < pass.Words;
    }

    /// <inheritdoc/>
    public override PeRegisters Pe(int row, int column, int lane)
    {
        bool works = _numbers[row][row + column][0] != 0;
        int pe = (row * Columns) + column;
        return new(works, _weights[column][column + row][lane], _operands[row][column][lane], works ? _before[pe] : _sums[pe]);
    }

    private protected override long Bottom(int column) => _drain.Bottom(column);

    private protected override void TakeInputs(in ArrayControl control)
    {
        for (int row = 0; row < Rows; row++)
        {
            _numbers[row][0][0] = control.Vector;
            if (_numbers[row][row][0] is not 0 and int number)
            {
                Send(row, Vectors[number], control);
            }
        }
        if (control.Vector != 0)
        {
            for (int column = 0; column < Columns; column++)
            {
                Weights.Select(control, column * Lanes, _weights[column][0]);
            }
        }
        _pass.Next = IsPassEnding ? Vectors[LastNumber].Target : _pass.Current;
        _rowsLeft.Next = IsPassEnding ? Rows - 1 : Math.Max(_rowsLeft.Current - 1, 0);
    }

    private protected override void Work()
    {
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<int> numbers = _numbers[row].From(row);
            for (int column = 0; column < Columns; column++)
            {
                if (numbers[column] != 0)
                {
                    WorkElement(row, column, Vectors[numbers[column]]);
                }
            }
        }
    }

    private protected override void AdvanceRegisters()
    {
        for (int row = 0; row < Rows; row++)
        {
            _numbers[row].Advance();
            _operands[row].Advance();
        }
        foreach (ShiftLine<int> line in _weights)
        {
            line.Advance();
        }
        _drain.Advance();
        _pass.Advance();
        _rowsLeft.Advance();
    }

    private protected override void ResetControls()
    {
        foreach (ShiftLine<int> numbers in _numbers)
        {
            numbers.Clear();
        }
        _drain.Reset();
        _rowsLeft.Reset();
    }

    /// <summary>A row takes its vector in the first cycle that it sends it.</summary>
    private void Send(int row, in VectorTag tag, in ArrayControl control)
    {
        if (tag.Group == 0 && tag.Step.IsFirst)
        {
            Activations.Select(control, 0, _held[row]);
        }
        Span<int> sent = _operands[row][0];
        for (int lane = 0; lane < Lanes; lane++)
        {
            int operand = _held[row][(tag.Group * Lanes) + lane];
            sent[lane] = TProduct.IsSerial ? operand & 1 << tag.Step.Bit : operand;
        }
    }

    private void WorkElement(int row, int column, in VectorTag tag)
    {
        int pe = (row * Columns) + column;
        _before[pe] = _sums[pe];
        long addend = tag.Addition == 0 ? 0 : _sums[pe];
        bool adds = _element.Work(
            tag.Step, _weights[column][column + row], _operands[row][column], ref _products[pe], addend, ref _sums[pe], out bool overflowed);
        if (overflowed)
        {
            Overflows.Count(tag.Target.Place, row, column, tag.Addition, OverflowStage.PartialSum);
        }
        if (adds && tag.EndsPass)
        {
            _drain.Take(row, column, _sums[pe]);
        }
    }
}
