// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>
/// A register beside each PE of a stationary-output array, which takes the PE's finished sum and then moves it down the column: row R - 1 leaves first, the others follow, one a cycle, while the
/// PEs are at their next sums. A column begins to move when its last row has its sum.
/// </summary>
internal sealed class DrainChain(int rows, int columns) : IClocked
{
    // Register (r, c) at r * columns + c.
    private readonly long[] _sums = new long[rows * columns];
    private readonly long[] _taken = new long[rows * columns];
    private readonly bool[] _takes = new bool[rows * columns];

    // Moves that a column has still to make. The move with k left moves rows R - 1 - k and below; rows above have made theirs, and may hold new sums.
    private readonly int[] _movesLeft = new int[columns];

    /// <summary>The register of the last row.</summary>
    public long Bottom(int column) => _sums[((rows - 1) * columns) + column];

    /// <summary>At the clock edge: the register takes a sum.</summary>
    public void Take(int row, int column, long sum)
    {
        _taken[(row * columns) + column] = sum;
        _takes[(row * columns) + column] = true;
    }

    /// <inheritdoc/>
    public void Advance()
    {
        for (int column = 0; column < columns; column++)
        {
            Move(column);
            for (int row = 0; row < rows; row++)
            {
                int register = (row * columns) + column;
                if (_takes[register])
                {
                    _sums[register] = _taken[register];
                    _takes[register] = false;
                    _movesLeft[column] = row == rows - 1 ? rows - 1 : _movesLeft[column];
                }
            }
        }
    }

    /// <summary>No column moves.</summary>
    public void Reset()
    {
        Array.Clear(_takes);
        Array.Clear(_movesLeft);
    }

    private void Move(int column)
    {
        if (_movesLeft[column] == 0)
        {
            return;
        }
        int topmost = rows - 1 - _movesLeft[column];
        for (int row = rows - 1; row > topmost; row--)
        {
            _sums[(row * columns) + column] = _sums[((row - 1) * columns) + column];
        }
        _movesLeft[column]--;
    }
}
