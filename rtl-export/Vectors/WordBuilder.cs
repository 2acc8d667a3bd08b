// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Vectors;

/// <summary>Packs fields into one word of <paramref name="bits"/> bits, lowest first, kept as 32-bit parts.</summary>
internal sealed class WordBuilder(int bits)
{
    private readonly uint[] _parts = new uint[(bits + 31) / 32];
    private int _position;

    /// <summary>Appends the low <paramref name="width"/> bits of <paramref name="value"/>, sign-extended where wider than 64.</summary>
    public WordBuilder Add(long value, int width)
    {
        for (int i = 0; i < width; i++, _position++)
        {
            long bit = value >> Math.Min(i, 63) & 1;
            _parts[_position / 32] |= (uint)bit << (_position % 32);
        }

        return this;
    }

    /// <summary>Appends bytes.</summary>
    public WordBuilder Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            Add(value, 8);
        }

        return this;
    }

    /// <summary>The word's parts, lowest first.</summary>
    public uint[] ToParts() => _position == bits ? _parts : throw new InvalidOperationException($"{_position} bits of {bits}");
}
