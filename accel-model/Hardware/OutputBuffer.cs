// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>Words of one raw element per column, from the vector unit to the store. One cycle from address to <see cref="Output"/>.</summary>
public sealed class OutputBuffer(int words, int columns) : IClocked
{
    private readonly ushort[] _content = new ushort[words * columns];
    private readonly ushort[] _output = new ushort[columns];
    private readonly ushort[] _written = new ushort[columns];
    private MemoryPort _read = new("the output buffer's read port");
    private MemoryPort _write = new("the output buffer's write port");

    /// <summary>The word whose address was given in the last cycle that gave one.</summary>
    public ReadOnlySpan<ushort> Output => _output;

    /// <summary>Gives the address of a word.</summary>
    public void Read(int word) => _read.Drive(word, words);

    /// <summary>Writes a word: its data wires, to be set before the clock edge.</summary>
    public Span<ushort> Write(int word)
    {
        _write.Drive(word, words);
        return _written;
    }

    /// <inheritdoc/>
    public void Advance()
    {
        if (_read.Sample(out int word))
        {
            _content.AsSpan(word * columns, columns).CopyTo(_output);
        }
        if (_write.Sample(out word))
        {
            _written.CopyTo(_content, word * columns);
        }
    }
}
