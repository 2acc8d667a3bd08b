// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks.Generation;

/// <summary>
/// Random words of 64 bits: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), <c>s += 0x9E3779B97F4A7C15</c>, then two multiplications and shifts of <c>s</c>. The first
/// <c>s</c> is the seed xor the FNV-1a hash (64 bits, of UTF-8) of a name, so that what is drawn for one layer does not depend on the others.
/// </summary>
public sealed class SplitMix
{
    private ulong _state;

    /// <summary>The words of a name.</summary>
    public SplitMix(ulong seed, string name)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte value in System.Text.Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ value) * 0x100_0000_01B3);
        }

        _state = seed ^ hash;
    }

    /// <summary>The next word.</summary>
    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E37_79B9_7F4A_7C15;
            ulong word = (_state ^ (_state >> 30)) * 0xBF58_476D_1CE4_E5B9;
            word = (word ^ (word >> 27)) * 0x94D0_49BB_1331_11EB;
            return word ^ (word >> 31);
        }
    }

    /// <summary>A number of 0..<paramref name="count"/> - 1: the upper 32 bits of the next word, times count, over <c>2^32</c>.</summary>
    public int Below(int count) => (int)((Next() >> 32) * (ulong)count >> 32);

    /// <summary>A number of <paramref name="least"/>..<paramref name="most"/>, fewer than <c>2^31</c> of them.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);
}
