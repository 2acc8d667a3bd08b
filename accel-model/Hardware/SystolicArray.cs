// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// Rows by columns of PEs. Activations and swaps enter at the left, row r delayed by r registers, and move east a PE a cycle; partial sums move south;
/// weights enter at the top, column c delayed by c registers, and move down a chain. Below, column c is delayed by C - 1 - c registers, so that the sums of one
/// vector leave together.
/// </summary>
public sealed class SystolicArray : IStage, IClocked
{
    private readonly ArraySpec _spec;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _lanes;
    private readonly int _digitMask;
    private readonly int _elementWidth;
    private readonly ActivationBuffer _activations;
    private readonly LineBuffer _weights;
    private readonly VectorsInFlight _vectors;
    private readonly OverflowLog _overflows;

    // Row r: r registers of skew, then the inputs of its PEs. Place 0 is a wire: the front end's output in this cycle.
    private readonly ShiftLine<int>[] _operands;
    private readonly ShiftLine<int>[] _numbers;
    private readonly ShiftLine<bool>[] _swaps;

    // Column c: c registers of skew, then the input of the chain. Place 0 is a wire. The shift enable goes along row 0.
    private readonly ShiftLine<int>[] _lines;
    private readonly ShiftLine<bool> _shifts;

    // PE (r, c), lane l at (r * columns + c) * lanes + l. Without shadow weights the chain itself is multiplied.
    private readonly int[] _chain;
    private readonly int[] _active;
    private readonly long[] _noSums;
    private long[] _sums;
    private long[] _nextSums;

    // Column c: the PE's register, then C - 1 - c more.
    private readonly ShiftLine<long>[] _deskew;

    // Cycles until everything that entered has left; at 0 nothing in here changes.
    private int _cyclesToDrain;
    private bool _clockEnable;

    /// <summary>An array of zeros.</summary>
    public SystolicArray(AcceleratorSpec spec, ActivationBuffer activations, LineBuffer weights, VectorsInFlight vectors, OverflowLog overflows)
    {
        _spec = spec.Array;
        _rows = spec.Array.Rows;
        _columns = spec.Array.Columns;
        _lanes = spec.Array.Lanes;
        _digitMask = (1 << spec.DigitWidth) - 1;
        _elementWidth = spec.Requantizer.ElementWidth;
        _activations = activations;
        _weights = weights;
        _vectors = vectors;
        _overflows = overflows;

        _operands = [.. Enumerable.Range(0, _rows).Select(row => new ShiftLine<int>(row + _columns, _lanes))];
        _numbers = [.. Enumerable.Range(0, _rows).Select(row => new ShiftLine<int>(row + _columns, 1))];
        _swaps = [.. Enumerable.Range(0, _rows).Select(row => new ShiftLine<bool>(row + _columns, 1))];
        _lines = [.. Enumerable.Range(0, _columns).Select(column => new ShiftLine<int>(column + 1, _lanes))];
        _shifts = new(_columns, 1);
        _chain = new int[_rows * _columns * _lanes];
        _active = _spec.WeightDoubleBuffering ? new int[_chain.Length] : _chain;
        _noSums = new long[_columns];
        _sums = new long[_rows * _columns];
        _nextSums = new long[_rows * _columns];
        _deskew = [.. Enumerable.Range(0, _columns).Select(column => new ShiftLine<long>(_columns - column, 1))];
    }

    /// <summary>Where the sequencer sends what goes with the buffers' next outputs.</summary>
    public Latch<ArrayControl> Control { get; } = new();

    /// <summary>Number of the vector that the last PE (bottom right) works on in this cycle, 0 if none: its sums leave together in the next cycle.</summary>
    public int LastPeVector => _rows + _columns == 2 ? Control.Current.Vector : _numbers[_rows - 1][_rows + _columns - 2][0];

    /// <summary>The sum that leaves column <paramref name="column"/> in this cycle.</summary>
    public long Sum(int column) => column == _columns - 1 ? _sums[^1] : _deskew[column][_columns - 1 - column][0];

    /// <inheritdoc/>
    public void Evaluate()
    {
        if (Control.Current != default)
        {
            // From the top left PE to the bottom right one, both included.
            _cyclesToDrain = _rows + _columns - 1;
        }
        _clockEnable = _cyclesToDrain > 0;
        if (!_clockEnable)
        {
            return;
        }
        _cyclesToDrain--;
        TakeInputs();
        if (_spec.Overflow == OverflowMode.Saturate)
        {
            AddProducts<MultiplyProduct, SaturateOnOverflow>();
        }
        else
        {
            AddProducts<MultiplyProduct, WrapOnOverflow>();
        }
    }

    /// <inheritdoc/>
    public void Advance()
    {
        Control.Advance();
        if (!_clockEnable)
        {
            return;
        }
        // A swap would take what the chain held before this edge.
        Swap();
        ShiftChain();
        for (int row = 0; row < _rows; row++)
        {
            _operands[row].Advance();
            _numbers[row].Advance();
            _swaps[row].Advance();
        }
        for (int column = 0; column < _columns; column++)
        {
            _lines[column].Advance();
            _deskew[column].Advance();
        }
        _shifts.Advance();
        (_sums, _nextSums) = (_nextSums, _sums);
    }

    /// <summary>Empties the array of vectors; weights and sums stay as they are.</summary>
    public void Reset()
    {
        Control.Reset();
        _cyclesToDrain = 0;
        _clockEnable = false;
        _shifts.Clear();
        for (int row = 0; row < _rows; row++)
        {
            _numbers[row].Clear();
            _swaps[row].Clear();
        }
    }

    /// <summary>The front end: operands out of the activation buffer's elements, weights out of the weight buffer's line.</summary>
    private void TakeInputs()
    {
        ArrayControl control = Control.Current;
        for (int row = 0; row < _rows; row++)
        {
            _numbers[row][0][0] = control.Vector;
            _swaps[row][0][0] = control.Swaps;
            if (control.Vector != 0)
            {
                SelectOperands(row, control);
            }
        }
        _shifts[0][0] = control.ShiftsWeights;
        for (int column = 0; column < _columns; column++)
        {
            _deskew[column][0][0] = _sums[((_rows - 1) * _columns) + column];
            if (control.ShiftsWeights)
            {
                SelectWeights(column);
            }
        }
    }

    private void SelectOperands(int row, in ArrayControl control)
    {
        Span<int> operands = _operands[row][0];
        ReadOnlySpan<ushort> elements = _activations.Output.Slice(row * _lanes, _lanes);
        for (int lane = 0; lane < _lanes; lane++)
        {
            operands[lane] = control.IsSigned ? (int)TwosComplement.Wrap(elements[lane], _elementWidth) : elements[lane] >> control.DigitShift & _digitMask;
        }
    }

    private void SelectWeights(int column)
    {
        Span<int> weights = _lines[column][0];
        for (int lane = 0; lane < _lanes; lane++)
        {
            weights[lane] = (int)BitSlice.Signed(_weights.Output, ((column * _lanes) + lane) * _spec.WeightWidth, _spec.WeightWidth);
        }
    }

    private void AddProducts<TProduct, TOverflow>()
        where TProduct : struct, IProduct
        where TOverflow : struct, IOverflowMode
    {
        for (int row = 0; row < _rows; row++)
        {
            AddProductsOfRow<TProduct, TOverflow>(row);
        }
    }

    private void AddProductsOfRow<TProduct, TOverflow>(int row)
        where TProduct : struct, IProduct
        where TOverflow : struct, IOverflowMode
    {
        // Behind its registers of skew, place row + c is the input of the PE in column c.
        ReadOnlySpan<int> vectors = _numbers[row].From(row);
        ReadOnlySpan<int> operands = _operands[row].From(row);
        ReadOnlySpan<int> weights = _active.AsSpan(row * _columns * _lanes, _columns * _lanes);
        ReadOnlySpan<long> north = row == 0 ? _noSums : _sums.AsSpan((row - 1) * _columns, _columns);
        Span<long> sums = _nextSums.AsSpan(row * _columns, _columns);
        for (int column = 0; column < sums.Length; column++)
        {
            if (vectors[column] == 0)
            {
                continue;
            }
            int first = column * _lanes;
            sums[column] = ProcessingElement<TProduct, TOverflow>.Add(
                north[column], weights.Slice(first, _lanes), operands.Slice(first, _lanes), _spec.PartialSumWidth, out bool overflowed);
            if (overflowed)
            {
                _overflows.Count(_vectors[vectors[column]], column, row, OverflowStage.PartialSum);
            }
        }
    }

    private void Swap()
    {
        for (int row = 0; row < _rows; row++)
        {
            ReadOnlySpan<bool> swaps = _swaps[row].From(row);
            for (int column = swaps.IndexOf(true); column >= 0 && column < _columns; column++)
            {
                if (swaps[column])
                {
                    int pe = ((row * _columns) + column) * _lanes;
                    _chain.AsSpan(pe, _lanes).CopyTo(_active.AsSpan(pe));
                }
            }
        }
    }

    private void ShiftChain()
    {
        for (int column = 0; column < _columns; column++)
        {
            if (!_shifts[column][0])
            {
                continue;
            }
            for (int row = _rows - 1; row > 0; row--)
            {
                _chain.AsSpan((((row - 1) * _columns) + column) * _lanes, _lanes).CopyTo(_chain.AsSpan(((row * _columns) + column) * _lanes));
            }
            _lines[column][column].CopyTo(_chain.AsSpan(column * _lanes));
        }
    }
}
