// SPDX-License-Identifier: Apache-2.0
namespace TorchSharp.Serialization;

/// <summary>
/// Unsigned LEB128 numbers: seven bits a byte, lowest first, the top bit set on all bytes but the last
/// (DWARF 5, section 7.6).
/// </summary>
internal static class Leb128
{
    private const int BitsPerByte = 7;
    private const int MaxBits = 63;

    internal static void WriteLeb128(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value > 0x7F; value >>= BitsPerByte)
        {
            writer.Write((byte)(value & 0x7F | 0x80));
        }
        writer.Write((byte)value);
    }

    /// <exception cref="InvalidDataException">The number does not fit 63 bits.</exception>
    internal static long ReadLeb128(this BinaryReader reader)
    {
        long value = 0;
        for (var shift = 0; shift < MaxBits; shift += BitsPerByte)
        {
            var next = reader.ReadByte();
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new InvalidDataException("A number in the file is longer than 63 bits.");
    }
}
