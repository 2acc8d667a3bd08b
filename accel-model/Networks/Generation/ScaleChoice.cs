// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;

namespace AccelModel.Networks.Generation;

/// <summary>Scales <c>multiplier * 2^-shift</c> that bring sums of one deviation to codes of another, in integers.</summary>
internal static class ScaleChoice
{
    /// <summary>Bits of a multiplier.</summary>
    public const int MultiplierWidth = 16;

    /// <summary>Deviations from 0 to the greatest code: one sum in 740 is clamped.</summary>
    public const int DeviationsInRange = 3;

    /// <summary>The nearest multiplier of 16 bits with the greatest shift that holds <c>wanted / found</c>; 0 where nothing was found.</summary>
    /// <param name="wanted">Above 0.</param>
    /// <param name="found">In the same unit.</param>
    public static (long Multiplier, int Shift) Of(long wanted, long found)
    {
        if (found == 0)
        {
            return (0, 0);
        }

        for (int shift = MultiplierShift.MaxShift; shift > 0; shift--)
        {
            Int128 multiplier = (((Int128)wanted << shift) + (found / 2)) / found;
            if (multiplier < 1 << MultiplierWidth)
            {
                return ((long)multiplier, shift);
            }
        }

        return (Math.Min((wanted + (found / 2)) / found, (1 << MultiplierWidth) - 1), 0);
    }

    /// <summary>The shift of 0..63 whose <c>2^-shift</c> is nearest to <c>wanted / found</c>, seen as ratios.</summary>
    public static int ShiftOf(long wanted, long found)
    {
        // Between two powers of two the limit is their geometric mean: found^2 = wanted^2 * 2^(2 shift + 1).
        int shift = 0;
        Int128 square = (Int128)(found >> 8) * (found >> 8), limit = 2 * (Int128)(wanted >> 8) * (wanted >> 8);
        while (shift < MultiplierShift.MaxShift && square > limit)
        {
            square >>= 2;
            shift++;
        }

        return shift;
    }

    /// <summary>Adds a channel's scale to those of a layer: a power of two, or a multiplier with a shift.</summary>
    /// <returns>The scale as numerator and power of two of the denominator.</returns>
    public static (long Multiplier, int Shift) Add(ScaleKind kind, long wanted, long found, ImmutableArray<long>.Builder multipliers, ImmutableArray<int>.Builder shifts)
    {
        (long multiplier, int shift) = kind == ScaleKind.Shift ? (1, ShiftOf(wanted, found)) : Of(wanted, found);
        if (kind == ScaleKind.MultiplierShift)
        {
            multipliers.Add(multiplier);
        }

        shifts.Add(shift);
        return (multiplier, shift);
    }
}
