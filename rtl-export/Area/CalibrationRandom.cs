// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace RtlExport.Area;

/// <summary>G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003): the same numbers on every machine.</summary>
internal sealed class CalibrationRandom(uint seed)
{
    private uint _state = seed == 0 ? 1 : seed;

    public int Between(int least, int most)
    {
        for (int i = 0; i < 2; i++)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
        }

        return least + (int)((ulong)_state * (uint)(most - least + 1) >> 32);
    }

    public bool OneIn(int number) => Between(1, number) == 1;

    /// <summary>Powers of two and what lies between them, each octave as often as another.</summary>
    public int Around(int least, int most)
    {
        int octave = Between(BitOperations.Log2((uint)least), BitOperations.Log2((uint)most));
        int value = 1 << octave;
        return Math.Clamp(OneIn(2) ? value : value + Between(0, value - 1), least, most);
    }
}
