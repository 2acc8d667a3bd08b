// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>What travels with a word through the vector unit; the default is a bubble.</summary>
public readonly record struct WordTag
{
    /// <summary>False in a bubble.</summary>
    public bool IsValid { get; init; }

    /// <summary>The buffer that the word comes from.</summary>
    public VectorSource Source { get; init; }

    /// <summary>Whether elements of the operand buffer are two's complement.</summary>
    public bool OperandSigned { get; init; }

    /// <summary>Whether the word is its frame's first: the lanes' random words begin anew.</summary>
    public bool BeginsFrame { get; init; }

    /// <summary>Whether the word is its window's first.</summary>
    public bool BeginsWindow { get; init; }

    /// <summary>Whether the word is its window's last.</summary>
    public bool EndsWindow { get; init; }

    /// <summary>What is made of the window.</summary>
    public VectorCombine Combine { get; init; }

    /// <summary>Whether the combined value is requantised once more.</summary>
    public bool Post { get; init; }

    /// <summary>Whether the result goes through the lookup table.</summary>
    public bool Lookup { get; init; }

    /// <summary>First entry of that table.</summary>
    public int LookupAddress { get; init; }

    /// <summary>Output word of the window.</summary>
    public int OutputAddress { get; init; }

    /// <summary>Whether this is its instruction's last word.</summary>
    public bool IsLast { get; init; }

    /// <summary>Signalled when the last word is written.</summary>
    public SemaphoreSet Signals { get; init; }

    /// <summary>Position in the vector unit's program.</summary>
    public int Instruction { get; init; }

    /// <summary>Scheduled layer.</summary>
    public int Layer { get; init; }
}

/// <summary>Where a stage of the vector unit sends a word.</summary>
internal interface IWordSink
{
    /// <summary>A word: its tag, a value for each lane, and its parameter line.</summary>
    void Take(in WordTag tag, ReadOnlySpan<long> values, ReadOnlySpan<byte> line);
}

/// <summary>The registers between two stages of the vector unit.</summary>
internal sealed class WordRegister(int lanes, int lineBytes) : IWordSink, IClocked
{
    private readonly Latch<WordTag> _tag = new();
    private readonly LaneLatch<long> _values = new(lanes);
    private readonly LaneLatch<byte> _line = new(lineBytes);

    /// <summary>The word in this cycle.</summary>
    public WordTag Tag => _tag.Current;

    /// <summary>Its values, one for each lane.</summary>
    public ReadOnlySpan<long> Values => _values.Current;

    /// <summary>Its parameter line.</summary>
    public ReadOnlySpan<byte> Line => _line.Current;

    /// <inheritdoc/>
    public void Take(in WordTag tag, ReadOnlySpan<long> values, ReadOnlySpan<byte> line)
    {
        _tag.Send(tag);
        values.CopyTo(_values.Next);
        line.CopyTo(_line.Next);
    }

    /// <inheritdoc/>
    public void Advance()
    {
        _tag.Advance();
        _values.Advance();
        _line.Advance();
    }

    /// <summary>Empties it.</summary>
    public void Reset() => _tag.Reset();
}
