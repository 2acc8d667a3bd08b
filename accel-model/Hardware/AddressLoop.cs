// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>
/// A nest of counters that makes addresses by adding strides: <c>base + sum of index[i] * stride[i]</c>, the last counter innermost.
/// One register per counter for the index and one for the address at which its current round began; no multiplier. A second set of registers remembers one position.
/// </summary>
public sealed class AddressLoop(int depth) : IClocked
{
    private readonly int[] _count = new int[depth];
    private readonly int[] _stride = new int[depth];
    private readonly int[] _index = new int[depth];
    private readonly int[] _address = new int[depth];
    private readonly int[] _markedIndex = new int[depth];
    private readonly int[] _markedAddress = new int[depth];
    private int _base;
    private bool _load;
    private bool _step;
    private bool _mark;
    private bool _return;

    /// <summary>The address in this cycle.</summary>
    public int Address => _address[^1];

    /// <summary>Whether this is the last address of all.</summary>
    public bool IsLast => IsLastOf(depth);

    /// <summary>The index of one counter in this cycle.</summary>
    public int Index(int counter) => _index[counter];

    /// <summary>Whether the innermost <paramref name="counters"/> counters all stand at zero.</summary>
    public bool IsFirstOf(int counters)
    {
        for (int i = depth - counters; i < depth; i++)
        {
            if (_index[i] != 0)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether the innermost <paramref name="counters"/> counters all stand at their last value.</summary>
    public bool IsLastOf(int counters)
    {
        for (int i = depth - counters; i < depth; i++)
        {
            if (_index[i] != _count[i] - 1)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>At the clock edge: takes a new nest, and stands at its first address, which it marks.</summary>
    public void Load(int address, params ReadOnlySpan<(int Count, int Stride)> counters)
    {
        for (int i = 0; i < depth; i++)
        {
            (_count[i], _stride[i]) = counters[i];
        }
        _base = address;
        _load = true;
    }

    /// <summary>At the clock edge: goes on by one; after the last address comes the first.</summary>
    public void Step() => _step = true;

    /// <summary>At the clock edge: remembers the position that the loop takes.</summary>
    public void Mark() => _mark = true;

    /// <summary>At the clock edge: stands at the marked position.</summary>
    public void Return() => _return = true;

    /// <inheritdoc/>
    public void Advance()
    {
        if (_load)
        {
            Array.Clear(_index);
            Array.Fill(_address, _base);
        }
        else if (_return)
        {
            _markedIndex.CopyTo(_index, 0);
            _markedAddress.CopyTo(_address, 0);
        }
        else if (_step)
        {
            StepCounters();
        }
        if (_load || _mark)
        {
            _index.CopyTo(_markedIndex, 0);
            _address.CopyTo(_markedAddress, 0);
        }
        _load = _step = _mark = _return = false;
    }

    private void StepCounters()
    {
        int counter = depth - 1;
        while (counter >= 0 && _index[counter] == _count[counter] - 1)
        {
            _index[counter--] = 0;
        }
        int address = _base;
        if (counter >= 0)
        {
            _index[counter]++;
            address = _address[counter] + _stride[counter];
        }
        Array.Fill(_address, address, Math.Max(counter, 0), depth - Math.Max(counter, 0));
    }
}
