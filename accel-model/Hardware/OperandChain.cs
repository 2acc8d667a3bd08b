// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>
/// The stationary operands of an array. They enter as chains, one place a cycle, chain k being k cycles later than chain 0 (its operands pass k registers of skew, the enable moves on one chain a
/// cycle); a swap makes what a chain holds the operands that are multiplied. Chains run down the columns, or along the rows.
/// </summary>
internal sealed class OperandChain
{
    private readonly int _chains;
    private readonly int _places;
    private readonly int _lanes;
    private readonly int _chainStride;
    private readonly int _placeStride;

    // Chain k: k registers of skew, then the wire into its first place. Place 0 of the line is a wire.
    private readonly ShiftLine<int>[] _lines;
    private readonly ShiftLine<bool> _enables;

    // PE (r, c), lane l at (r * columns + c) * lanes + l. Without shadow registers the chain itself is multiplied.
    private readonly int[] _chain;
    private readonly int[] _active;

    /// <param name="rows">Rows of PEs.</param>
    /// <param name="columns">Columns of PEs.</param>
    /// <param name="lanes">Operands of a PE.</param>
    /// <param name="runsDown">A chain for each column, first place in row 0; else one for each row, first place in column 0.</param>
    /// <param name="hasShadow">Whether the operands that are multiplied have registers of their own.</param>
    public OperandChain(int rows, int columns, int lanes, bool runsDown, bool hasShadow)
    {
        (_chains, _places) = runsDown ? (columns, rows) : (rows, columns);
        (_chainStride, _placeStride) = runsDown ? (lanes, columns * lanes) : (columns * lanes, lanes);
        _lanes = lanes;
        _lines = [.. Enumerable.Range(0, _chains).Select(chain => new ShiftLine<int>(chain + 1, lanes))];
        _enables = new(_chains, 1);
        _chain = new int[rows * columns * lanes];
        _active = hasShadow ? new int[_chain.Length] : _chain;
    }

    /// <summary>The operands that are multiplied.</summary>
    public ReadOnlySpan<int> Active => _active;

    /// <summary>Drives the wires into all chains.</summary>
    public void Drive(bool shifts, IOperandSource source, in ArrayControl control)
    {
        _enables[0][0] = shifts;
        if (!shifts)
        {
            return;
        }
        for (int chain = 0; chain < _chains; chain++)
        {
            source.Select(control, chain * _lanes, _lines[chain][0]);
        }
    }

    /// <summary>At the clock edge, before the chains move: one PE takes what its place of the chain held.</summary>
    public void Swap(int pe) => _chain.AsSpan(pe * _lanes, _lanes).CopyTo(_active.AsSpan(pe * _lanes));

    /// <summary>The clock edge.</summary>
    public void Advance()
    {
        for (int chain = 0; chain < _chains; chain++)
        {
            if (_enables[chain][0])
            {
                Shift(chain);
            }
            _lines[chain].Advance();
        }
        _enables.Advance();
    }

    /// <summary>No chain moves; operands stay as they are.</summary>
    public void Reset() => _enables.Clear();

    private void Shift(int chain)
    {
        int first = chain * _chainStride;
        for (int place = _places - 1; place > 0; place--)
        {
            int to = first + (place * _placeStride);
            _chain.AsSpan(to - _placeStride, _lanes).CopyTo(_chain.AsSpan(to));
        }
        _lines[chain][chain].CopyTo(_chain.AsSpan(first));
    }
}
