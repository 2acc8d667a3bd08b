// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>Wires out of a wide word: bit <c>i</c> is bit <c>i mod 8</c> of byte <c>i / 8</c>.</summary>
internal static class BitSlice
{
    /// <summary>Bits <c>first .. first + width - 1</c> as an unsigned number, width 1..56.</summary>
    public static long Unsigned(ReadOnlySpan<byte> word, int first, int width)
    {
        ulong bits = 0;
        for (int i = first >> 3, position = 0; i <= (first + width - 1) >> 3; i++, position += 8)
        {
            bits |= (ulong)word[i] << position;
        }
        return (long)(bits >> (first & 7) & ((1UL << width) - 1));
    }

    /// <summary>The same bits as a two's-complement number.</summary>
    public static long Signed(ReadOnlySpan<byte> word, int first, int width) => Numerics.TwosComplement.Wrap(Unsigned(word, first, width), width);
}
