// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>Codes of two values as the bit product takes them: bit i of four is whether code i is the greater value, in the upper half of a byte.</summary>
internal static unsafe class BitPacking
{
    /// <param name="codes">Codes.</param>
    /// <param name="count">Number of codes.</param>
    /// <param name="low">The lesser value.</param>
    /// <param name="destination">Result, <c>ceil(count / 4)</c> bytes.</param>
    public static void Run(int* codes, int count, int low, byte* destination)
    {
        int i = 0;
        Vector128<int> least = Vector128.Create(low);
        for (; i + 4 <= count; i += 4)
        {
            *destination++ = (byte)(Vector128.GreaterThan(Vector128.Load(codes + i), least).ExtractMostSignificantBits() << 4);
        }
        if (i < count)
        {
            int bits = 0;
            for (int bit = 4; i < count; i++, bit++)
            {
                bits |= codes[i] > low ? 1 << bit : 0;
            }
            *destination = (byte)bits;
        }
    }
}
