// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>
/// Words of one accumulator per column. Written by the array; read by the array, which adds to a word, and by the vector unit, through a read port each.
/// One cycle from address to output.
/// </summary>
public sealed class AccumulatorBuffer(int words, int columns) : IClocked
{
    private readonly long[] _content = new long[words * columns];
    private readonly long[] _arrayOutput = new long[columns];
    private readonly long[] _vectorOutput = new long[columns];
    private readonly long[] _written = new long[columns];
    private MemoryPort _arrayRead = new("the accumulator buffer's read port of the array");
    private MemoryPort _vectorRead = new("the accumulator buffer's read port of the vector unit");
    private MemoryPort _write = new("the accumulator buffer's write port");

    /// <summary>The word that the array asked for last.</summary>
    public ReadOnlySpan<long> ArrayOutput => _arrayOutput;

    /// <summary>The word that the vector unit asked for last.</summary>
    public ReadOnlySpan<long> VectorOutput => _vectorOutput;

    /// <summary>Gives the address of a word to be added to.</summary>
    public void ReadForArray(int word) => _arrayRead.Drive(word, words);

    /// <summary>Gives the address of a word to be requantised.</summary>
    public void ReadForVector(int word) => _vectorRead.Drive(word, words);

    /// <summary>Writes a word: its data wires, to be set before the clock edge.</summary>
    public Span<long> Write(int word)
    {
        _write.Drive(word, words);
        return _written;
    }

    /// <inheritdoc/>
    public void Advance()
    {
        if (_arrayRead.Sample(out int word))
        {
            _content.AsSpan(word * columns, columns).CopyTo(_arrayOutput);
        }
        if (_vectorRead.Sample(out word))
        {
            _content.AsSpan(word * columns, columns).CopyTo(_vectorOutput);
        }
        if (_write.Sample(out word))
        {
            _written.CopyTo(_content, word * columns);
        }
    }
}
