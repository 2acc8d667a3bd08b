// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;

namespace AccelModel.Networks.Generation;

/// <summary>Scales <c>multiplier * 2^-shift</c> that bring sums of one deviation to codes of another, in integers.</summary>
internal static class ScaleChoice
{
    /// <summary>Deviations from 0 to the greatest code: one sum in 740 is clamped.</summary>
    public const int DeviationsInRange = 3;

    /// <summary>The nearest multiplier with the greatest shift that formats allow for <c>wanted / found</c>; 0 where nothing was found.</summary>
    /// <param name="formats">Width of multipliers, greatest shift.</param>
    /// <param name="wanted">Above 0.</param>
    /// <param name="found">In the same unit.</param>
    public static (long Multiplier, int Shift) Of(NetworkFormats formats, long wanted, long found)
    {
        if (found == 0)
        {
            return (0, 0);
        }

        long most = (1L << formats.MultiplierWidth) - 1;
        for (int shift = formats.MaximumShift; shift > 0; shift--)
        {
            Int128 multiplier = (((Int128)wanted << shift) + (found / 2)) / found;
            if (multiplier <= most)
            {
                return ((long)multiplier, shift);
            }
        }

        return (Math.Min((wanted + (found / 2)) / found, most), 0);
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
    public static (long Multiplier, int Shift) Add(NetworkFormats formats, long wanted, long found, ImmutableArray<long>.Builder multipliers, ImmutableArray<int>.Builder shifts)
    {
        (long multiplier, int shift) = formats.Scale == ScaleKind.Shift ? (1, ShiftOf(wanted, found)) : Of(formats, wanted, found);
        if (formats.Scale == ScaleKind.MultiplierShift)
        {
            multipliers.Add(multiplier);
        }

        shifts.Add(shift);
        return (multiplier, shift);
    }
}
