// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// Elements in <c>N</c> banks, element <c>e</c> in bank <c>e mod N</c>, <c>N</c> the smallest power of two that holds a vector and a memory word: a vector from any
/// element on, and an aligned memory word, touch each bank once. One cycle from address to <see cref="Output"/>.
/// </summary>
public sealed class ActivationBuffer : IClocked
{
    private readonly ushort[][] _banks;
    private readonly int _rows;
    private readonly int _elementBytes;
    private readonly ushort[] _output;
    private readonly ushort[] _written;
    private MemoryPort _read = new("the activation buffer's read port");
    private MemoryPort _write = new("the activation buffer's write port");

    /// <summary>A buffer of zeros.</summary>
    public ActivationBuffer(AcceleratorSpec spec)
    {
        Size = spec.Buffers.Activation.Size;
        int banks = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(spec.VectorElements, spec.ElementsPerWord));
        _rows = (Size + banks - 1) / banks;
        _banks = new ushort[banks][];
        for (int bank = 0; bank < banks; bank++)
        {
            _banks[bank] = new ushort[_rows];
        }
        _elementBytes = spec.ElementBytes;
        _output = new ushort[spec.VectorElements];
        _written = new ushort[spec.ElementsPerWord];
    }

    /// <summary>Elements.</summary>
    public int Size { get; }

    /// <summary>The vector whose address was given in the last cycle that gave one: raw elements.</summary>
    public ReadOnlySpan<ushort> Output => _output;

    /// <summary>Gives the address of a vector's first element.</summary>
    public void Read(int address) => _read.Drive(address, Size);

    /// <summary>Writes one memory word of elements at <paramref name="address"/>, a multiple of the elements of a word.</summary>
    public void Write(int address, ReadOnlySpan<byte> word)
    {
        if (address % _written.Length != 0)
        {
            throw new InvalidOperationException($"activation address {address} is not a multiple of {_written.Length}");
        }
        _write.Drive(address, Size);
        for (int i = 0; i < _written.Length; i++)
        {
            _written[i] = _elementBytes == 1 ? word[i] : (ushort)(word[2 * i] | word[(2 * i) + 1] << 8);
        }
    }

    /// <inheritdoc/>
    public void Advance()
    {
        // Read before write: an access of the same cycle sees the old content, as a block RAM's does.
        if (_read.Sample(out int address))
        {
            for (int i = 0; i < _output.Length; i++)
            {
                (int row, int bank) = Math.DivRem(address + i, _banks.Length);
                _output[i] = _banks[bank][row < _rows ? row : 0];
            }
        }
        if (_write.Sample(out address))
        {
            for (int i = 0; i < _written.Length; i++)
            {
                (int row, int bank) = Math.DivRem(address + i, _banks.Length);
                _banks[bank][row] = _written[i];
            }
        }
    }
}
