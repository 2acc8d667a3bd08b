// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// The array in which one operand stays: weights, that enter down the columns, or activations, that enter along the rows (<see cref="OperandChain"/>). The other one streams: it enters at the left
/// with its swaps, row r delayed by r registers, and moves east a PE a cycle; partial sums move south. Activations of a column filter reach all rows of a column at once, column c delayed by c registers.
/// </summary>
internal sealed class StationaryOperandArray<TProduct, TOverflow> : SystolicArray
    where TProduct : struct, IProduct
    where TOverflow : struct, IOverflowMode
{
    private readonly ProcessingElement<TProduct, TOverflow> _element;
    private readonly IOperandSource _stationary;
    private readonly IOperandSource _streamed;
    private readonly OperandChain _chain;

    // Row r: r registers of skew, then the inputs of its PEs. Place 0 is a wire: the edge's output in this cycle.
    private readonly ShiftLine<int>[] _operands;
    private readonly ShiftLine<int>[] _numbers;
    private readonly ShiftLine<bool>[] _swaps;

    // Column c of a column filter: c registers, then the inputs of all its PEs.
    private readonly ShiftLine<int>[] _filtered;
    private readonly int[] _filterOperands;

    // PE (r, c) at r * columns + c.
    private readonly long[] _noSums;
    private readonly long[] _products;
    private long[] _sums;
    private long[] _nextSums;

    /// <summary>An array of zeros.</summary>
    public StationaryOperandArray(ArraySurroundings surroundings, ProcessingElement<TProduct, TOverflow> element)
        : base(surroundings)
    {
        _element = element;
        bool weightsStay = Spec.Dataflow == Dataflow.WeightStationary;
        (_stationary, _streamed) = weightsStay ? ((IOperandSource)Weights, (IOperandSource)Activations) : (Activations, Weights);
        _chain = new(Rows, Columns, Lanes, weightsStay, Spec.WeightDoubleBuffering);
        _operands = [.. Enumerable.Range(0, Rows).Select(row => new ShiftLine<int>(row + Columns, Lanes))];
        _numbers = [.. Enumerable.Range(0, Rows).Select(row => new ShiftLine<int>(row + Columns, 1))];
        _swaps = [.. Enumerable.Range(0, Rows).Select(row => new ShiftLine<bool>(row + Columns, 1))];
        _filtered = Spec.ColumnFilter ? [.. Enumerable.Range(0, Columns).Select(column => new ShiftLine<int>(column + 1, 1))] : [];
        _filterOperands = new int[Lanes];
        _noSums = new long[Columns];
        _products = new long[Rows * Columns];
        _sums = new long[Rows * Columns];
        _nextSums = new long[Rows * Columns];
    }

    /// <summary>From the top left PE to the bottom right one, both included.</summary>
    private protected override int CyclesToDrain => Rows + Columns - 1;

    /// <summary>While a vector is in the last PE (bottom right) for the last time: its sums leave together in the next cycle.</summary>
    public override bool IsLeaving(out SumTarget target)
    {
        int last = Rows + Columns == 2 ? Control.Current.Vector : _numbers[Rows - 1][Rows + Columns - 2][0];
        ref readonly VectorTag tag = ref Vectors[last];
        target = tag.Target;
        return last != 0 && tag.Step.IsLast;
    }

    /// <inheritdoc/>
    public override PeRegisters Pe(int row, int column, int lane)
    {
        int number = _numbers[row][row + column][0];
        int stays = _chain.Active[(((row * Columns) + column) * Lanes) + lane];
        int streams = number != 0 && _filtered.Length > 0 && Vectors[number].Filters ? Filtered(Vectors[number], row, column)[lane] : _operands[row][row + column][lane];
        (int weight, int activation) = Spec.Dataflow == Dataflow.WeightStationary ? (stays, streams) : (streams, stays);
        return new(number != 0, weight, activation, _sums[(row * Columns) + column]);
    }

    private protected override long Bottom(int column) => _sums[((Rows - 1) * Columns) + column];

    private protected override void TakeInputs(in ArrayControl control)
    {
        for (int row = 0; row < Rows; row++)
        {
            _numbers[row][0][0] = control.Vector;
            _swaps[row][0][0] = control.Swaps;
            if (control.Vector != 0)
            {
                _streamed.Select(control, row * Lanes, _operands[row][0]);
            }
        }
        for (int column = 0; column < _filtered.Length; column++)
        {
            if (control.Vector != 0)
            {
                _streamed.Select(control, column, _filtered[column][0]);
            }
        }
        _chain.Drive(control.Shifts, _stationary, control);
    }

    private protected override void Work()
    {
        for (int row = 0; row < Rows; row++)
        {
            WorkRow(row);
        }
    }

    private protected override void AdvanceRegisters()
    {
        // A swap takes what the chain held before this edge.
        Swap();
        _chain.Advance();
        for (int row = 0; row < Rows; row++)
        {
            _operands[row].Advance();
            _numbers[row].Advance();
            _swaps[row].Advance();
        }
        foreach (ShiftLine<int> line in _filtered)
        {
            line.Advance();
        }
        (_sums, _nextSums) = (_nextSums, _sums);
    }

    private protected override void ResetControls()
    {
        _chain.Reset();
        for (int row = 0; row < Rows; row++)
        {
            _numbers[row].Clear();
            _swaps[row].Clear();
        }
    }

    private void WorkRow(int row)
    {
        // Behind its registers of skew, place row + c is the input of the PE in column c.
        ReadOnlySpan<int> numbers = _numbers[row].From(row);
        ReadOnlySpan<int> operands = _operands[row].From(row);
        ReadOnlySpan<int> stationary = _chain.Active.Slice(row * Columns * Lanes, Columns * Lanes);
        ReadOnlySpan<long> north = row == 0 ? _noSums : _sums.AsSpan((row - 1) * Columns, Columns);
        Span<long> sums = _nextSums.AsSpan(row * Columns, Columns);
        for (int column = 0; column < sums.Length; column++)
        {
            if (numbers[column] == 0)
            {
                continue;
            }
            ref readonly VectorTag tag = ref Vectors[numbers[column]];
            int first = column * Lanes;
            ReadOnlySpan<int> streamed = _filtered.Length > 0 && tag.Filters ? Filtered(tag, row, column) : operands.Slice(first, Lanes);
            _element.Work(
                tag.Step, stationary.Slice(first, Lanes), streamed, ref _products[(row * Columns) + column], north[column], ref sums[column], out bool overflowed);
            if (overflowed)
            {
                CountOverflow(tag.Target.Place, row, column);
            }
        }
    }

    /// <summary>Lane 0: the element that is in the column now, in the rows that take part; the other lanes are masked.</summary>
    private ReadOnlySpan<int> Filtered(in VectorTag tag, int row, int column)
    {
        _filterOperands[0] = row < tag.FilterRows ? _filtered[column][column][0] : 0;
        return _filterOperands;
    }

    private void CountOverflow(in OutputPlace place, int row, int column)
    {
        (int pixel, int channel) = Spec.Dataflow == Dataflow.WeightStationary ? (0, column) : (Columns - 1 - column, 0);
        Overflows.Count(place, pixel, channel, row, OverflowStage.PartialSum);
    }

    private void Swap()
    {
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<bool> swaps = _swaps[row].From(row);
            for (int column = swaps.IndexOf(true); column >= 0 && column < Columns; column++)
            {
                if (swaps[column])
                {
                    _chain.Swap((row * Columns) + column);
                }
            }
        }
    }
}
