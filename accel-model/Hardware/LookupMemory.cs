// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>
/// Two tables of 256 codes, written by the memory word, read by every lane at an entry of its own (in hardware each lane, or each pair of lanes, has a copy). One cycle from
/// address to <see cref="Output"/>.
/// </summary>
/// <param name="lanes">Lanes that read.</param>
/// <param name="wordBytes">Bytes of a memory word, each an entry.</param>
public sealed class LookupMemory(int lanes, int wordBytes) : IClocked
{
    /// <summary>Entries of one table.</summary>
    public const int TableEntries = 256;

    /// <summary>Entries of both tables.</summary>
    public const int Entries = 2 * TableEntries;

    private readonly byte[] _content = new byte[Entries];
    private readonly byte[] _output = new byte[lanes];
    private readonly byte[] _written = new byte[wordBytes];
    private readonly MemoryPort[] _read = [.. Enumerable.Range(0, lanes).Select(lane => new MemoryPort($"the lookup memory's read port of lane {lane}"))];
    private MemoryPort _write = new("the lookup memory's write port");

    /// <summary>The entries whose addresses were given in the last cycle that gave any, lane by lane.</summary>
    public ReadOnlySpan<byte> Output => _output;

    /// <summary>Gives the address of a lane's entry.</summary>
    public void Read(int lane, int entry) => _read[lane].Drive(entry, Entries);

    /// <summary>Writes the entries of one memory word from <paramref name="entry"/> on, a multiple of their number.</summary>
    public void Write(int entry, ReadOnlySpan<byte> word)
    {
        _write.Drive(entry, Entries);
        word.CopyTo(_written);
    }

    /// <inheritdoc/>
    public void Advance()
    {
        for (int lane = 0; lane < _read.Length; lane++)
        {
            if (_read[lane].Sample(out int entry))
            {
                _output[lane] = _content[entry];
            }
        }
        if (_write.Sample(out int first))
        {
            _written.CopyTo(_content, first);
        }
    }
}
