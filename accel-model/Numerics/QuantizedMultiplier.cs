// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>
/// A positive real scale in TFLite's form: <c>Multiplier * 2^(Shift - 31)</c> with a 31-bit multiplier in
/// <c>[2^30, 2^31)</c>. A positive shift is to the left, as there.
/// </summary>
/// <param name="Multiplier">0..2^31 - 1.</param>
/// <param name="Shift">-31..14; positive is left.</param>
public readonly record struct QuantizedMultiplier(int Multiplier, int Shift)
{
    /// <summary>The least shift: a right shift of 31.</summary>
    public const int MinShift = -31;

    /// <summary>The greatest shift.</summary>
    public const int MaxShift = 14;

    /// <summary>The right shift that rounds half up: 31, less a left shift.</summary>
    public int FirstShift => 31 - Math.Max(Shift, 0);

    /// <summary>The right shift that rounds half away from zero.</summary>
    public int SecondShift => Math.Max(-Shift, 0);

    /// <summary>The scale it stands for.</summary>
    public double Scale => Math.ScaleB(Multiplier, Shift - 31);

    /// <summary>
    /// The multiplier for 16-bit data: <c>floor((Multiplier + 2^15) / 2^16)</c>, at most <c>0x7FFF</c>; the scale is
    /// then <c>ReducedMultiplier * 2^(Shift - 15)</c>.
    /// </summary>
    public int ReducedMultiplier => Multiplier < 0x7FFF_0000 ? (Multiplier + (1 << 15)) >> 16 : 0x7FFF;

    /// <summary>
    /// <c>scale = q * 2^Shift</c> with q in [1/2, 1) and <c>Multiplier = round(q * 2^31)</c>, half away from zero; a
    /// scale below <c>2^-32</c> becomes 0, as in TFLite's <c>QuantizeMultiplier</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The scale is negative, not finite or at least <c>2^14</c>.</exception>
    public static QuantizedMultiplier FromScale(double scale)
    {
        if (!double.IsFinite(scale) || scale < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "a scale is finite and not negative");
        }
        if (scale == 0)
        {
            return new QuantizedMultiplier(0, 0);
        }
        int shift = Math.ILogB(scale) + 1;
        double multiplier = Math.Round(Math.ScaleB(scale, 31 - shift), MidpointRounding.AwayFromZero);
        if (multiplier == Math.ScaleB(1.0, 31))
        {
            multiplier /= 2;
            shift++;
        }
        if (shift > MaxShift)
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "a scale is below 2^14");
        }
        return shift < MinShift ? new QuantizedMultiplier(0, 0) : new QuantizedMultiplier((int)multiplier, shift);
    }
}
