// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>The weight or the parameter buffer: written by the memory word, read by the line. One cycle from address to <see cref="Output"/>.</summary>
/// <param name="name">Name in messages.</param>
/// <param name="lines">Lines.</param>
/// <param name="wordsPerLine">Memory words of one line.</param>
/// <param name="wordBytes">Bytes of a memory word.</param>
public sealed class LineBuffer(string name, int lines, int wordsPerLine, int wordBytes) : IClocked
{
    private readonly byte[] _content = new byte[lines * wordsPerLine * wordBytes];
    private readonly byte[] _output = new byte[wordsPerLine * wordBytes];
    private readonly byte[] _written = new byte[wordBytes];
    private MemoryPort _read = new($"the {name} buffer's read port");
    private MemoryPort _write = new($"the {name} buffer's write port");

    /// <summary>Memory words of one line.</summary>
    public int WordsPerLine => wordsPerLine;

    /// <summary>The line whose address was given in the last cycle that gave one.</summary>
    public ReadOnlySpan<byte> Output => _output;

    /// <summary>Gives the address of a line.</summary>
    public void Read(int line) => _read.Drive(line, lines);

    /// <summary>Writes one memory word of a line.</summary>
    public void Write(int line, int word, ReadOnlySpan<byte> bytes)
    {
        _write.Drive((line * wordsPerLine) + word, lines * wordsPerLine);
        bytes.CopyTo(_written);
    }

    /// <inheritdoc/>
    public void Advance()
    {
        if (_read.Sample(out int line))
        {
            _content.AsSpan(line * _output.Length, _output.Length).CopyTo(_output);
        }
        if (_write.Sample(out int word))
        {
            _written.CopyTo(_content, word * wordBytes);
        }
    }
}
