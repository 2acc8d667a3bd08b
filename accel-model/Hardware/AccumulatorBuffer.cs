// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>
/// Words of one accumulator per column. Written by the array; read by the array, which adds to what is there, and by the vector unit, through a read port each.
/// An access of the array is one word, or one lane of consecutive words. One cycle from address to output.
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
    private Stretch _arrayStretch;
    private Stretch _writtenStretch;

    /// <summary>What the array asked for last: a word, or a lane of consecutive words.</summary>
    public ReadOnlySpan<long> ArrayOutput => _arrayOutput;

    /// <summary>The word that the vector unit asked for last.</summary>
    public ReadOnlySpan<long> VectorOutput => _vectorOutput;

    /// <summary>Gives the address of a word to be added to.</summary>
    public void ReadForArray(int word) => _arrayStretch = Word(ref _arrayRead, word);

    /// <summary>Gives the address of one lane of <paramref name="count"/> words, at most <c>columns</c>, to be added to.</summary>
    public void ReadLaneForArray(int word, int count, int lane) => _arrayStretch = Lane(ref _arrayRead, word, count, lane);

    /// <summary>Gives the address of a word to be requantised.</summary>
    public void ReadForVector(int word) => _vectorRead.Drive(word, words);

    /// <summary>Writes a word: its data wires, to be set before the clock edge.</summary>
    public Span<long> Write(int word)
    {
        _writtenStretch = Word(ref _write, word);
        return _written;
    }

    /// <summary>Writes one lane of <paramref name="count"/> words, at most <c>columns</c>: its data wires.</summary>
    public Span<long> WriteLane(int word, int count, int lane)
    {
        _writtenStretch = Lane(ref _write, word, count, lane);
        return _written.AsSpan(0, count);
    }

    /// <inheritdoc/>
    public void Advance()
    {
        if (_arrayRead.Sample(out _))
        {
            for (int i = 0; i < _arrayStretch.Count; i++)
            {
                _arrayOutput[i] = _content[_arrayStretch.First + (i * _arrayStretch.Step)];
            }
        }
        if (_vectorRead.Sample(out int word))
        {
            _content.AsSpan(word * columns, columns).CopyTo(_vectorOutput);
        }
        if (_write.Sample(out _))
        {
            for (int i = 0; i < _writtenStretch.Count; i++)
            {
                _content[_writtenStretch.First + (i * _writtenStretch.Step)] = _written[i];
            }
        }
    }

    private Stretch Word(ref MemoryPort port, int word)
    {
        port.Drive(word, words);
        return new(word * columns, columns, 1);
    }

    private Stretch Lane(ref MemoryPort port, int word, int count, int lane)
    {
        // The last word decides whether the access is inside the memory.
        port.Drive(word + count - 1, words);
        return new((word * columns) + lane, count, columns);
    }

    /// <summary>Accumulators of one access. Banks are no matter here: lane j of word a lies in bank (a + j) mod columns, so both kinds of stretch touch each at most once.</summary>
    private readonly record struct Stretch(int First, int Count, int Step);
}
