// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>
/// The pixels of an instruction in blocks of a fixed size, the last one possibly of fewer: each block is walked as often as is wanted before the next. Two walks of the same counters, one of which stands
/// at the block's first pixel.
/// </summary>
internal sealed class PixelBlocks(int size) : IClocked
{
    private readonly AddressLoop _pixels = new(2);
    private readonly Register<int> _pixel = new();
    private readonly Register<int> _first = new();
    private readonly Register<int> _place = new();
    private int _count;

    /// <summary>Address of the pixel, counted from that of pixel 0.</summary>
    public int Address => _pixels.Address;

    /// <summary>Whether the block's place has a pixel.</summary>
    public bool Exists => _pixel.Current < _count;

    /// <summary>Whether this is the block's first place.</summary>
    public bool IsFirstPlace => _place.Current == 0;

    /// <summary>Whether this is its last.</summary>
    public bool IsLastPlace => _place.Current == size - 1;

    /// <summary>Whether no block comes after this one.</summary>
    public bool IsLastBlock => _first.Current + size >= _count;

    /// <summary>At the clock edge: stands at the first pixel of an instruction.</summary>
    public void Load(MatmulInstruction matmul)
    {
        _pixels.Load(0, (matmul.Rows, matmul.RowStride), (matmul.Columns, matmul.ColumnStride));
        _count = matmul.Vectors;
        _pixel.Next = _first.Next = _place.Next = 0;
    }

    /// <summary>At the clock edge: goes on by one place; from the last place to the first of the next block, or of this one again.</summary>
    public void Step(bool toNextBlock)
    {
        _place.Next = IsLastPlace ? 0 : _place.Current + 1;
        if (IsLastPlace && !toNextBlock)
        {
            _pixel.Next = _first.Current;
            _pixels.Return();
            return;
        }
        _pixel.Next = _pixel.Current + 1;
        _pixels.Step();
        if (IsLastPlace)
        {
            _first.Next = _pixel.Next;
            _pixels.Mark();
        }
    }

    /// <inheritdoc/>
    public void Advance()
    {
        _pixels.Advance();
        _pixel.Advance();
        _first.Advance();
        _place.Advance();
    }
}
