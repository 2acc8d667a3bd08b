// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// Elements in <c>N</c> banks, element <c>e</c> in bank <c>e mod N</c>, <c>N</c> the smallest power of two that holds what is read in one cycle and a memory word: consecutive
/// elements from any element on touch each bank at most once. One cycle from address to <see cref="Output"/>.
/// </summary>
public abstract class ElementBuffer : IClocked
{
    private readonly string _name;
    private readonly ushort[][] _banks;
    private readonly int _rows;
    private readonly ushort[] _output;
    private readonly int[] _offsets;
    private readonly ushort[] _written;
    private MemoryPort _read;
    private MemoryPort _write;
    private int _writtenCount;

    /// <summary>A buffer of zeros.</summary>
    /// <param name="name">Name in messages.</param>
    /// <param name="size">Elements.</param>
    /// <param name="readElements">Elements read in one cycle.</param>
    /// <param name="spec">The design: <see cref="AcceleratorSpec.ElementsPerWord"/> elements at most are written in one cycle.</param>
    protected ElementBuffer(string name, int size, int readElements, AcceleratorSpec spec)
    {
        _name = name;
        Size = size;
        int banks = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(readElements, spec.ElementsPerWord));
        _rows = (size + banks - 1) / banks;
        _banks = new ushort[banks][];
        for (int bank = 0; bank < banks; bank++)
        {
            _banks[bank] = new ushort[_rows];
        }
        _output = new ushort[readElements];
        _offsets = [.. Enumerable.Range(0, readElements)];
        _written = new ushort[spec.ElementsPerWord];
        _read = new($"the {name} buffer's read port");
        _write = new($"the {name} buffer's write port");
    }

    /// <summary>Elements.</summary>
    public int Size { get; }

    /// <summary>The elements whose address was given in the last cycle that gave one: raw.</summary>
    public ReadOnlySpan<ushort> Output => _output;

    /// <summary>What stands at an address, for an observer.</summary>
    public ushort this[int address] => _banks[address % _banks.Length][address / _banks.Length];

    /// <summary>From the address to each element that is read in its cycle: the one after the other, unless another buffer sets them with the address.</summary>
    private protected Span<int> Offsets => _offsets;

    /// <summary>Gives an address that may be past the end.</summary>
    private protected void ReadAnywhere(int address) => _read.Drive(address, int.MaxValue);

    /// <summary>Gives the address of the first element to be read.</summary>
    public void Read(int address) => _read.Drive(address, Size);

    /// <summary>Writes consecutive elements, at most those of a memory word: their data wires, to be set before the clock edge.</summary>
    /// <exception cref="InvalidOperationException">An element is outside the buffer, or the port is driven twice in one cycle.</exception>
    public Span<ushort> Write(int address, int count)
    {
        _write.Drive(address, Size);
        if (count > Size - address)
        {
            throw new InvalidOperationException($"{count} elements from address {address} on at the {_name} buffer's write port, which has {Size} addresses");
        }
        _writtenCount = count;
        return _written.AsSpan(0, count);
    }

    /// <inheritdoc/>
    public virtual void Advance()
    {
        // Read before write: an access of the same cycle sees the old content, as a block RAM's does.
        if (_read.Sample(out int address))
        {
            for (int i = 0; i < _output.Length; i++)
            {
                (int row, int bank) = Math.DivRem(address + _offsets[i], _banks.Length);
                _output[i] = _banks[bank][row < _rows ? row : 0];
            }
        }
        if (_write.Sample(out address))
        {
            for (int i = 0; i < _writtenCount; i++)
            {
                (int row, int bank) = Math.DivRem(address + i, _banks.Length);
                _banks[bank][row] = _written[i];
            }
        }
    }
}

/// <summary>From load and store to the array: <c>rows * lanes</c> consecutive elements in a cycle; at least one per column where columns filter.</summary>
public sealed class ActivationBuffer(AcceleratorSpec spec) : ElementBuffer(
    "activation",
    spec.Buffers.Activation.Size,
    spec.Array.ColumnFilter ? Math.Max(spec.VectorElements, spec.Array.Columns) : spec.VectorElements,
    spec);

/// <summary>From load to the vector unit: <c>columns</c> consecutive elements in a cycle. Of size 0 in a design without an elementwise vector unit.</summary>
public sealed class OperandBuffer(AcceleratorSpec spec) : ElementBuffer("operand", spec.Buffers.Operand.Size, spec.Array.Columns, spec);
