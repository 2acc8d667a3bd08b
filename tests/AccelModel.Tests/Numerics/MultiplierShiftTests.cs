// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

public sealed class MultiplierShiftTests
{
    [Fact]
    public void A_multiplier_uses_its_full_width_and_is_within_the_documented_error()
    {
        var random = new Random(17);
        for (int i = 0; i < 20_000; i++)
        {
            int width = random.Next(1, 33);
            double scale = Math.ScaleB(1 + random.NextDouble(), random.Next(-29, width - 2));
            MultiplierShift result = MultiplierShift.FromScale(scale, width);
            double limit = Math.ScaleB(1.0, width);
            Assert.InRange(result.Multiplier, limit / 2, limit - 1);
            Assert.InRange(Math.Abs(result.Scale - scale), 0, Math.ScaleB(1.0, -result.Shift - 1));
            Assert.InRange(Math.Abs(result.Scale - scale) / scale, 0, Math.ScaleB(1.0, -width));
            Assert.True(result.Shift == 63 || Math.Round(Math.ScaleB(scale, result.Shift + 1)) >= limit, "a larger shift would have fitted");
        }
    }

    [Fact]
    public void Powers_of_two_are_exact_at_every_width_and_are_shifts()
    {
        for (int width = 1; width <= 32; width++)
        {
            for (int exponent = -31; exponent < width; exponent++)
            {
                double scale = Math.ScaleB(1.0, exponent);
                MultiplierShift result = MultiplierShift.FromScale(scale, width);
                Assert.Equal(scale, result.Scale);
                Assert.Equal(exponent <= 0, result.TryAsShift(out int shift));
                Assert.Equal(-exponent, shift);
            }
        }
    }

    [Fact]
    public void A_power_of_two_rounds_like_its_shift_in_every_mode_stochastic_included()
    {
        var random = new Random(23);
        var range = new OutputRange(0, int.MinValue, int.MaxValue);
        for (int i = 0; i < 5_000; i++)
        {
            long accumulator = random.Next(-5000, 5000);
            uint word = (uint)random.NextInt64(1L << 32);
            MultiplierShift scale = MultiplierShift.FromScale(Math.ScaleB(1.0, -random.Next(0, 20)), random.Next(1, 17));
            Assert.True(scale.TryAsShift(out int shift));
            Assert.Equal(Requantizer.ByShift<RoundFloor>(accumulator, 0, shift, range), Requantizer.ByMultiplierShift<RoundFloor>(accumulator, 0, scale, range));
            Assert.Equal(Requantizer.ByShift<RoundHalfUp>(accumulator, 0, shift, range), Requantizer.ByMultiplierShift<RoundHalfUp>(accumulator, 0, scale, range));
            Assert.Equal(Requantizer.ByShift<RoundHalfAway>(accumulator, 0, shift, range), Requantizer.ByMultiplierShift<RoundHalfAway>(accumulator, 0, scale, range));
            Assert.Equal(Requantizer.ByShift<RoundHalfEven>(accumulator, 0, shift, range), Requantizer.ByMultiplierShift<RoundHalfEven>(accumulator, 0, scale, range));
            Assert.Equal(Requantizer.ByShift<RoundTowardZero>(accumulator, 0, shift, range), Requantizer.ByMultiplierShift<RoundTowardZero>(accumulator, 0, scale, range));
            Assert.Equal(Requantizer.ByShift<RoundStochastic>(accumulator, 0, shift, range, word), Requantizer.ByMultiplierShift<RoundStochastic>(accumulator, 0, scale, range, word));
        }
    }

    [Theory]
    [InlineData(0.1, 8, 205, 11)]
    [InlineData(1.0 / 3, 4, 11, 5)]
    [InlineData(0.998, 8, 255, 8)]
    [InlineData(0.999, 8, 128, 7)]
    [InlineData(200, 8, 200, 0)]
    [InlineData(255.4, 8, 255, 0)]
    [InlineData(0, 8, 0, 0)]
    public void Known_scales_have_known_multipliers(double scale, int width, uint multiplier, int shift) =>
        Assert.Equal(new MultiplierShift(multiplier, shift), MultiplierShift.FromScale(scale, width));

    [Fact]
    public void A_shift_that_is_limited_loses_precision_and_nothing_else()
    {
        Assert.Equal(new MultiplierShift(26, 8), MultiplierShift.FromScale(0.1, 16, maxShift: 8));
        Assert.Equal(new MultiplierShift(0, 8), MultiplierShift.FromScale(0.001, 16, maxShift: 8));
        Assert.Equal(new MultiplierShift(1, 63), MultiplierShift.FromScale(Math.ScaleB(1.0, -63), 16));
        Assert.Equal(new MultiplierShift(0, 63), MultiplierShift.FromScale(double.Epsilon, 16));
    }

    [Theory]
    [InlineData(-0.5, 8, 63)]
    [InlineData(double.NaN, 8, 63)]
    [InlineData(double.PositiveInfinity, 8, 63)]
    [InlineData(255.5, 8, 63)]
    [InlineData(256, 8, 63)]
    [InlineData(1e300, 8, 63)]
    [InlineData(0.5, 0, 63)]
    [InlineData(0.5, 33, 63)]
    [InlineData(0.5, 8, 64)]
    [InlineData(0.5, 8, -1)]
    public void Scales_and_widths_without_a_multiplier_are_refused(double scale, int width, int maxShift) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MultiplierShift.FromScale(scale, width, maxShift));

    [Fact]
    public void Only_powers_of_two_are_shifts()
    {
        Assert.True(new MultiplierShift(8, 5).TryAsShift(out int shift));
        Assert.Equal(2, shift);
        Assert.False(new MultiplierShift(3, 5).TryAsShift(out _));
        Assert.False(new MultiplierShift(8, 2).TryAsShift(out _));
        Assert.False(new MultiplierShift(0, 2).TryAsShift(out _));
    }

    [Fact]
    public void An_average_by_multiplier_equals_the_exact_quotient_for_every_sum()
    {
        // 8-bit codes of windows up to 8 x 8, every sum; the quotient rounded half away from zero.
        for (int count = 1; count <= 64; count++)
        {
            long greatest = 128L * count;
            MultiplierShift average = MultiplierShift.ForAverage(count, greatest);
            for (long sum = -greatest; sum <= greatest; sum++)
            {
                CheckAverage(sum, count, average);
            }
        }
    }

    [Fact]
    public void An_average_is_exact_beside_every_tie_and_at_the_largest_sums_of_large_windows()
    {
        foreach (int count in (int[])[49, 196, 255, 256, 1000, 1023, 3136, 65535])
        {
            long greatest = 32767L * count;
            if (greatest > int.MaxValue / 2)
            {
                greatest = int.MaxValue / 2;
            }
            MultiplierShift average = MultiplierShift.ForAverage(count, greatest);
            for (long quotient = 0; quotient * count < greatest; quotient += Math.Max(1, greatest / count / 500))
            {
                for (long beside = -1; beside <= 2; beside++)
                {
                    long sum = Math.Min((quotient * count) + (count / 2) + beside, greatest);
                    CheckAverage(sum, count, average);
                    CheckAverage(-sum, count, average);
                }
            }
            CheckAverage(greatest, count, average);
            CheckAverage(-greatest, count, average);
        }
    }

    [Fact]
    public void An_average_with_one_bit_of_shift_less_would_be_wrong_somewhere()
    {
        // The bound is not decoration: for 7 x 7 windows of 8-bit codes the next smaller shift fails.
        const int count = 49;
        const long greatest = 128 * count;
        MultiplierShift average = MultiplierShift.ForAverage(count, greatest);
        int failures = 0;
        for (int less = 1; less <= 4; less++)
        {
            int shift = average.Shift - less;
            var smaller = new MultiplierShift((uint)(((1L << shift) + count - 1) / count), shift);
            for (long sum = -greatest; sum <= greatest; sum++)
            {
                failures += Average(sum, smaller) == ExactAverage(sum, count) ? 0 : 1;
            }
        }
        Assert.NotEqual(0, failures);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(4, -1)]
    [InlineData(4, long.MaxValue)]
    public void Averages_without_a_multiplier_are_refused(int count, long greatest) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MultiplierShift.ForAverage(count, greatest));

    [Theory]
    [InlineData(1.0, 1 << 30, 1)]
    [InlineData(0.5, 1 << 30, 0)]
    [InlineData(0.25, 1 << 30, -1)]
    [InlineData(0.75, 3 << 29, 0)]
    [InlineData(0.9999999999, 1 << 30, 1)]
    [InlineData(0.0, 0, 0)]
    [InlineData(1e-12, 0, 0)]
    public void Scales_in_tflites_form_have_their_known_multipliers(double scale, int multiplier, int shift) =>
        Assert.Equal(new QuantizedMultiplier(multiplier, shift), QuantizedMultiplier.FromScale(scale));

    [Fact]
    public void Scales_in_tflites_form_are_within_half_a_unit_of_31_bits()
    {
        var random = new Random(41);
        for (int i = 0; i < 10_000; i++)
        {
            double scale = Math.ScaleB(1 + random.NextDouble(), random.Next(-32, 13));
            QuantizedMultiplier result = QuantizedMultiplier.FromScale(scale);
            Assert.InRange(result.Multiplier, 1 << 30, int.MaxValue);
            Assert.InRange(result.Shift, QuantizedMultiplier.MinShift, QuantizedMultiplier.MaxShift);
            Assert.InRange(Math.Abs(result.Scale - scale), 0, Math.ScaleB(1.0, result.Shift - 32));
        }
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(16384.0)]
    public void Scales_without_tflites_form_are_refused(double scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => QuantizedMultiplier.FromScale(scale));

    private static void CheckAverage(long sum, int count, MultiplierShift average) =>
        Assert.Equal(ExactAverage(sum, count), Average(sum, average));

    private static int Average(long sum, MultiplierShift average) =>
        Requantizer.ByMultiplierShift<RoundHalfAway>(sum, 0, average, new OutputRange(0, int.MinValue, int.MaxValue));

    private static int ExactAverage(long sum, int count) =>
        (int)Math.Round((decimal)sum / count, MidpointRounding.AwayFromZero);
}
