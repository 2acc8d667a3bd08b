// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

/// <summary>Every form against its formula in exact arithmetic, at ties, at both output limits and at the widest operands.</summary>
public sealed class RequantizerTests
{
    private static readonly OutputRange Unlimited = new(0, int.MinValue, int.MaxValue);

    public static TheoryData<int, int> Widths => new()
    {
        { 16, 8 }, { 24, 16 }, { 32, 31 }, { 32, 32 }, { 48, 14 }, { 48, 16 }, { 48, 32 },
    };

    [Theory]
    [MemberData(nameof(Widths))]
    public void Multiplier_and_shift_equal_the_formula_at_ties_and_limits_of_every_width(int accumulatorWidth, int multiplierWidth)
    {
        var random = new Random(accumulatorWidth + multiplierWidth);
        long limit = 1L << (accumulatorWidth - 1);
        uint greatest = (uint)((1L << multiplierWidth) - 1);
        uint[] multipliers = [0, 1, 2, 3, greatest - 1, greatest, (uint)random.NextInt64(greatest), 1u << (multiplierWidth - 1)];
        long[] accumulators = [-limit, -limit + 1, -3, -2, -1, 0, 1, 2, 3, limit - 2, limit - 1, random.NextInt64(-limit, limit)];
        OutputRange[] ranges = [new(0, -128, 127), new(-128, -128, 127), new(7, 0, 15), Unlimited];
        foreach (long accumulator in accumulators)
        {
            foreach (long bias in accumulators)
            {
                foreach (uint multiplier in multipliers)
                {
                    int shift = random.Next(64);
                    OutputRange range = ranges[random.Next(ranges.Length)];
                    CheckMultiplierShift(accumulator, bias, new MultiplierShift(multiplier, shift), range);
                    CheckMultiplierShift(accumulator, bias, new MultiplierShift(multiplier, 0), range);
                    CheckMultiplierShift(accumulator, bias, new MultiplierShift(multiplier, 63), range);
                }
            }
        }
    }

    [Fact]
    public void Every_product_of_a_small_requantiser_equals_the_formula_in_all_modes()
    {
        for (int shift = 0; shift <= 6; shift++)
        {
            for (uint multiplier = 0; multiplier < 8; multiplier++)
            {
                for (long accumulator = -64; accumulator < 64; accumulator++)
                {
                    CheckMultiplierShift(accumulator, 5, new MultiplierShift(multiplier, shift), new OutputRange(-1, -8, 7));
                }
            }
        }
    }

    [Theory]
    [InlineData(-129, -128)]
    [InlineData(-128, -128)]
    [InlineData(-127, -127)]
    [InlineData(126, 126)]
    [InlineData(127, 127)]
    [InlineData(128, 127)]
    public void Both_edges_of_the_output_saturate(long rounded, int code)
    {
        var range = OutputRange.Of(new FixedPointFormat(true, 8, 0));
        Assert.Equal(code, range.Clamp(rounded));
        Assert.Equal(code, Requantizer.ByShift<RoundHalfUp>((rounded << 4) - 8, 0, 4, range));
        Assert.Equal(code, Requantizer.ByShift<RoundFloor>(rounded << 4, 15, 4, range));
    }

    [Fact]
    public void The_zero_point_is_added_before_the_clamp()
    {
        var relu = new OutputRange(ZeroPoint: -128, Minimum: -128, Maximum: 127);
        Assert.Equal([-128, -128, -127, 127, 127], ((long[])[-1, 0, 1, 255, 256]).Select(relu.Clamp));
        Assert.Throws<OverflowException>(() => OutputRange.Of(new FixedPointFormat(false, 32, 0)));

        var farthest = new OutputRange(int.MinValue, -1, int.MaxValue);
        Assert.Equal([-1, -1, 0, int.MaxValue], ((long[])[long.MinValue, 0, 1L << 31, long.MaxValue]).Select(farthest.Clamp));
    }

    [Fact]
    public void A_shift_is_a_multiplier_of_one()
    {
        for (long accumulator = -300; accumulator <= 300; accumulator++)
        {
            for (int shift = 0; shift <= 10; shift++)
            {
                Assert.Equal(
                    Requantizer.ByMultiplierShift<RoundHalfEven>(accumulator, 3, new MultiplierShift(1, shift), Unlimited),
                    Requantizer.ByShift<RoundHalfEven>(accumulator, 3, shift, Unlimited));
            }
        }
    }

    [Fact]
    public void The_sign_of_zero_is_plus_one_and_equals_one_threshold_on_the_bipolar_grid()
    {
        for (long accumulator = -5; accumulator <= 5; accumulator++)
        {
            for (long bias = -5; bias <= 5; bias++)
            {
                int sign = Requantizer.BySign(accumulator, bias);
                Assert.Equal(accumulator + bias < 0 ? -1 : 1, sign);
                Assert.Equal(sign, Requantizer.ByThresholds(accumulator, 0, [-bias], baseCode: -1, step: 2));
            }
        }
    }

    [Fact]
    public void The_code_counts_the_thresholds_reached()
    {
        long[] thresholds = [-5, 0, 0, 7];
        foreach ((long value, int code) in ((long, int)[])[(-6, 0), (-5, 1), (-1, 1), (0, 3), (6, 3), (7, 4), (long.MaxValue >> 16, 4)])
        {
            Assert.Equal(code, Requantizer.ByThresholds(value, 0, thresholds, 0, 1));
            Assert.Equal(code - 2, Requantizer.ByThresholds(value - 9, 9, thresholds, -2, 1));
        }
        Assert.Equal(4, Requantizer.ByThresholds(0, 0, [], 4, 1));
    }

    [Fact]
    public void Thresholds_of_a_uniform_quantiser_equal_multiplier_and_shift_with_half_up()
    {
        // round(t * M / 2^s) >= k for half up exactly when t * M >= k * 2^s - 2^(s-1), so T_k = ceil(that / M).
        const int bits = 3;
        var scale = new MultiplierShift(37, 9);
        long[] thresholds =
        [
            .. Enumerable.Range(1, (1 << bits) - 1).Select(k => (long)Math.Ceiling(((k * 512.0) - 256) / scale.Multiplier)),
        ];
        var range = new OutputRange(0, 0, (1 << bits) - 1);
        for (long accumulator = -200; accumulator <= 200; accumulator++)
        {
            Assert.Equal(
                Requantizer.ByMultiplierShift<RoundHalfUp>(accumulator, 11, scale, range),
                Requantizer.ByThresholds(accumulator, 11, thresholds, 0, 1));
        }
    }

    [Fact]
    public void Two_roundings_equal_their_formula_at_ties_of_both_and_beyond_32_bits()
    {
        var random = new Random(31);
        int[] multipliers = [0, 1, 1 << 30, (1 << 30) + 1, int.MaxValue - 1, int.MaxValue];
        long[] special = [0, 1, -1, 2, -2, 3, -3, int.MaxValue, int.MinValue, (1L << 47) - 1, -(1L << 47)];
        for (int shift = QuantizedMultiplier.MinShift; shift <= QuantizedMultiplier.MaxShift; shift++)
        {
            for (int i = 0; i < 400; i++)
            {
                int multiplier = i < 200 ? multipliers[i % multipliers.Length] : random.Next(1 << 30, int.MaxValue);
                long tie = (random.Next(-50, 50) << 1 | 1) * (1L << Math.Max(-shift - 1 + random.Next(-1, 2), 0));
                long accumulator = i % 4 == 0 ? special[random.Next(special.Length)] : i % 4 == 1 ? tie : random.NextInt64(-(1L << 47), 1L << 47) >> random.Next(48);
                long bias = i % 3 == 0 ? special[random.Next(special.Length)] : random.Next(-4, 5);
                var range = i % 2 == 0 ? Unlimited : new OutputRange(-3, -128, 127);
                var scale = new QuantizedMultiplier(multiplier, shift);

                BigInteger high = Floor(((BigInteger)(accumulator + bias) * BigInteger.Pow(2, Math.Max(shift, 0)) * multiplier) + (1 << 30), BigInteger.Pow(2, 31));
                BigInteger divisor = BigInteger.Pow(2, Math.Max(-shift, 0));
                BigInteger away = high.Sign * Floor((2 * BigInteger.Abs(high)) + divisor, 2 * divisor);
                Assert.Equal(Clamped(away, range), Requantizer.ByDoubleRounding(accumulator, bias, scale, range));
            }
        }
    }

    [Fact]
    public void Two_roundings_differ_from_one_where_the_first_makes_a_tie()
    {
        // 1 * 0.75 becomes 1, and its half, a tie, goes away from zero to 1; in one step 0.375 is 0.
        var scale = new QuantizedMultiplier(3 << 29, -1);
        Assert.Equal(1, Requantizer.ByDoubleRounding(1, 0, scale, Unlimited));
        Assert.Equal(0, Requantizer.ByMultiplierShift<RoundHalfUp>(1, 0, new MultiplierShift(3 << 29, 32), Unlimited));
    }

    [Fact]
    public void The_reduced_multiplier_equals_its_formula_over_48_bits()
    {
        var random = new Random(16);
        int[] multipliers = [0, 1 << 30, 0x7FFE_7FFF, 0x7FFE_8000, 0x7FFE_FFFF, 0x7FFF_0000, int.MaxValue];
        for (int shift = QuantizedMultiplier.MinShift; shift <= QuantizedMultiplier.MaxShift; shift++)
        {
            for (int i = 0; i < 300; i++)
            {
                int multiplier = i < 150 ? multipliers[i % multipliers.Length] : random.Next(1 << 30, int.MaxValue);
                long accumulator = i % 5 == 0 ? (i % 2 == 0 ? (1L << 47) - 1 : -(1L << 47)) : random.NextInt64(-(1L << 47), 1L << 47) >> random.Next(48);
                long bias = i % 7 == 0 ? accumulator : random.Next(-9, 10);
                int reduced = Math.Min((int)((multiplier + 32768L) / 65536), 32767);
                BigInteger expected = Floor(Floor((BigInteger)(accumulator + bias) * reduced, BigInteger.Pow(2, 14 - shift)) + 1, 2);
                Assert.Equal(
                    Clamped(expected, Unlimited),
                    Requantizer.ByReducedMultiplier(accumulator, bias, new QuantizedMultiplier(multiplier, shift), Unlimited));
            }
        }
    }

    private static void CheckMultiplierShift(long accumulator, long bias, MultiplierShift scale, OutputRange range)
    {
        BigInteger product = ((BigInteger)accumulator + bias) * scale.Multiplier;
        BigInteger unit = BigInteger.Pow(2, scale.Shift);
        BigInteger up = Floor((2 * product) + unit, 2 * unit);
        BigInteger down = -Floor((-2 * product) + unit, 2 * unit);
        const uint word = 0xC000_0001;
        BigInteger addend = (BigInteger)word * unit / BigInteger.Pow(2, 32);
        Assert.Equal(Clamped(Floor(product, unit), range), Requantizer.ByMultiplierShift<RoundFloor>(accumulator, bias, scale, range));
        Assert.Equal(Clamped(up, range), Requantizer.ByMultiplierShift<RoundHalfUp>(accumulator, bias, scale, range));
        Assert.Equal(Clamped(product.Sign < 0 ? down : up, range), Requantizer.ByMultiplierShift<RoundHalfAway>(accumulator, bias, scale, range));
        Assert.Equal(Clamped(up.IsEven ? up : down, range), Requantizer.ByMultiplierShift<RoundHalfEven>(accumulator, bias, scale, range));
        Assert.Equal(Clamped(BigInteger.Divide(product, unit), range), Requantizer.ByMultiplierShift<RoundTowardZero>(accumulator, bias, scale, range));
        Assert.Equal(Clamped(Floor(product + addend, unit), range), Requantizer.ByMultiplierShift<RoundStochastic>(accumulator, bias, scale, range, word));
    }

    private static int Clamped(BigInteger rounded, OutputRange range) =>
        (int)BigInteger.Min(BigInteger.Max(rounded + range.ZeroPoint, range.Minimum), range.Maximum);

    private static BigInteger Floor(BigInteger numerator, BigInteger denominator)
    {
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }
}
