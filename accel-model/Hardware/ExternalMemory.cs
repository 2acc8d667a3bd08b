// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// Byte-addressed memory behind the port, one word a cycle: its latency passes without data, the cycle in which a burst starts included, then it is ready for a beat in every cycle.
/// </summary>
public sealed class ExternalMemory(MemorySpec spec, byte[] content) : IClocked
{
    private readonly byte[] _written = new byte[spec.BytesPerCycle];
    private readonly bool[] _strobes = new bool[spec.BytesPerCycle];
    private readonly int _words = content.Length / spec.BytesPerCycle;
    private MemoryPort _write = new("the external memory's port");
    private bool _burstStarts;
    private int _latencyLeft;

    /// <summary>Bytes of a word.</summary>
    public int WordBytes => spec.BytesPerCycle;

    /// <summary>All bytes.</summary>
    public Span<byte> Content => content;

    /// <summary>Whether a beat can pass in this cycle, given that a burst is open.</summary>
    public bool Ready => _latencyLeft == 0;

    /// <summary>Opens a burst: this is the first cycle of its latency.</summary>
    public void StartBurst() => _burstStarts = true;

    /// <summary>The word of a read beat.</summary>
    /// <exception cref="InvalidOperationException">The address is outside the memory.</exception>
    public ReadOnlySpan<byte> Read(int word) =>
        (uint)word < (uint)_words
            ? content.AsSpan(word * WordBytes, WordBytes)
            : throw new InvalidOperationException($"address {word} in an external memory of {_words} words");

    /// <summary>Data wires of a write beat, to be set before the clock edge.</summary>
    public Span<byte> WriteData => _written;

    /// <summary>Byte strobes of a write beat, to be set before the clock edge.</summary>
    public Span<bool> WriteStrobes => _strobes;

    /// <summary>Gives the address of a write beat; no strobe is set yet.</summary>
    public void Write(int word)
    {
        _write.Drive(word, _words);
        Array.Clear(_strobes);
    }

    /// <inheritdoc/>
    public void Advance()
    {
        if (_write.Sample(out int word))
        {
            for (int i = 0; i < WordBytes; i++)
            {
                if (_strobes[i])
                {
                    content[(word * WordBytes) + i] = _written[i];
                }
            }
        }
        if (_burstStarts)
        {
            _latencyLeft = spec.LatencyCycles - 1;
        }
        else if (_latencyLeft > 0)
        {
            _latencyLeft--;
        }
        _burstStarts = false;
    }
}
