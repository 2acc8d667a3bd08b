// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Scheduling;

/// <summary>Packs fields into a little-endian bit string, least significant bit first.</summary>
internal sealed class BitWriter(int bits)
{
    private readonly byte[] _bytes = new byte[(bits + 7) / 8];
    private int _position;

    /// <summary>Appends the low <paramref name="width"/> bits of <paramref name="value"/>.</summary>
    public void Write(long value, int width)
    {
        for (int i = 0; i < width; i++, _position++)
        {
            // A shift of a long by 64 or more would wrap around; sign bits go on for ever.
            long bit = (i < 64 ? value >> i : value >> 63) & 1;
            _bytes[_position >> 3] |= (byte)(bit << (_position & 7));
        }
    }

    /// <summary>Leaves <paramref name="width"/> zeros.</summary>
    public void Skip(int width) => _position += width;

    /// <summary>The bytes; unused bits are zero.</summary>
    public byte[] ToBytes() => _bytes;
}
