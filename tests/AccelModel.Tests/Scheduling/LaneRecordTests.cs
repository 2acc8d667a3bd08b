// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
using AccelModel.Tests.Hardware;
using Xunit;

namespace AccelModel.Tests.Scheduling;

/// <summary>Lane records: their bits, what they stand for, and what a design cannot hold (docs/architecture.md, section 5).</summary>
public sealed class LaneRecordTests
{
    [Theory]
    [InlineData(false, 0, null, false)]
    [InlineData(true, 0, null, false)]
    [InlineData(false, 3, null, false)]
    [InlineData(true, 5, 12, false)]
    [InlineData(false, 3, null, true)]
    [InlineData(true, 3, null, true)]
    public void A_records_bits_are_those_of_the_table(bool elementwise, int levels, int? fixedShift, bool twice)
    {
        AcceleratorSpec spec = Spec(elementwise, levels, fixedShift);
        spec = spec with { Requantizer = spec.Requantizer with { DoubleRounding = twice } };
        LaneRecord record = new(-12345, 389, fixedShift ?? 17, -3, -100, 99, true)
        {
            DoubleRounding = twice,
            SecondShift = twice ? 21 : 0,
            PostDoubleRounding = elementwise && twice,
            PostSecondShift = elementwise && twice ? 11 : 0,
            PostMultiplier = elementwise ? 77 : 0,
            PostShift = elementwise ? 5 : 0,
            PostZeroPoint = elementwise ? -7 : 0,
            PostMinimum = elementwise ? -20 : 0,
            PostMaximum = elementwise ? 30 : 0,
            PostHalfAway = elementwise,
            ThresholdStep = levels > 0 ? 2 : 0,
            Thresholds = levels > 0 ? [-(1L << 28), (1L << 28) - 1] : [],
        };
        BitWriter line = new(2 * spec.ParameterRecordWidth);
        line.Skip(spec.ParameterRecordWidth);
        record.Write(line, spec);

        int term = !elementwise ? 9 : twice ? 32 : 24;
        List<(long, int)> fields = [(0, spec.ParameterRecordWidth), (-12345, 28), (389, 9)];
        fields.AddRange(fixedShift is null ? [(17, 6)] : []);
        fields.AddRange([(-3, term), (-100, term), (99, term), (1, 1)]);
        fields.AddRange(twice ? [(1, 1), (21, 5)] : []);
        fields.AddRange(elementwise ? [(77, 9), (5, 6), (-7, 9), (-20, 9), (30, 9), (1, 1)] : []);
        fields.AddRange(elementwise && twice ? [(1, 1), (11, 5)] : []);
        fields.AddRange(levels > 0 ? [(2, 8), (2, 8), (-(1L << 28), 29), ((1L << 28) - 1, 29)] : []);
        byte[] bytes = line.ToBytes();
        Assert.Equal(Bench.Pack(bytes.Length, fields), bytes);
        Assert.Equal(2 * spec.ParameterRecordWidth, fields.Sum(field => field.Item2) + (levels > 0 ? (levels - 2) * 29 : 0));
    }

    [Fact]
    public void With_a_fixed_shift_every_scale_that_can_be_held_rounds_as_before_and_the_others_are_named()
    {
        AcceleratorSpec spec = Spec(false, 0, 6);
        int held = 0;
        for (long multiplier = 0; multiplier < 512; multiplier++)
        {
            for (int shift = 0; shift < 16; shift++)
            {
                // multiplier * 2^(6 - shift) is a whole number of at most 9 bits.
                BigInteger numerator = multiplier * BigInteger.Pow(2, 16);
                BigInteger whole = BigInteger.DivRem(numerator, BigInteger.Pow(2, 10 + shift), out BigInteger rest);
                bool fits = rest == 0 && whole < 512;
                Assert.Equal(fits, LaneRecord.HoldsScale(multiplier, shift, spec));
                LaneRecord record = LaneRecord.Of(Scale(RequantizationKind.MultiplierShift, multiplier, shift), 0, spec);
                Assert.Equal(fits, !record.Misfits(spec).Any());
                if (fits)
                {
                    Assert.Equal(((long)whole, 6), (record.Multiplier, record.Shift));
                    held++;
                }
            }
        }
        Assert.InRange(held, 1000, 512 * 16);
        Assert.Equal(new LaneRecord(5, 16, 6, 1, -8, 7, false), LaneRecord.Of(Scale(RequantizationKind.Shift, 0, 2), 0, spec));
    }

    [Fact]
    public void A_sign_goes_into_the_bias_or_where_there_are_threshold_fields_stays_a_threshold()
    {
        Requantization sign = new()
        {
            Kind = RequantizationKind.Thresholds, Bias = [3, 4], Rounding = RoundingMode.HalfUp, Minimum = -1, Maximum = 1, Thresholds = [10, -10], ThresholdsPerChannel = 1, ThresholdStep = 2,
        };
        AcceleratorSpec without = Spec(false, 0, null), with = Spec(false, 1, null);
        LaneRecord bias = LaneRecord.Of(sign, 1, without);
        Assert.Equal((14, true, 0), (bias.Bias, bias.SignOutput, bias.Thresholds.Length));
        LaneRecord threshold = LaneRecord.Of(sign, 1, with);
        Assert.Equal((4, false, 2, -1), (threshold.Bias, threshold.SignOutput, threshold.ThresholdStep, threshold.Minimum));
        Assert.Equal([-10L], threshold.Thresholds.AsEnumerable());
        Assert.Empty(bias.Misfits(without).Concat(threshold.Misfits(with)));
        Assert.Contains(threshold.Misfits(without), misfit => misfit.Path == "threshold_count");
        Assert.Throws<ArgumentException>(() => LaneRecord.Of(sign with { ThresholdStep = 1, Minimum = 0 }, 0, without));
    }

    [Fact]
    public void Thresholds_out_of_reach_are_brought_to_the_limit_that_is_never_or_always_reached()
    {
        AcceleratorSpec spec = Spec(false, 3, null);
        Requantization far = new()
        {
            Kind = RequantizationKind.Thresholds, Bias = [0], Rounding = RoundingMode.HalfUp, Minimum = 0, Maximum = 3, Thresholds = [-(1L << 40), 5, 1L << 40], ThresholdsPerChannel = 3,
        };
        LaneRecord record = LaneRecord.Of(far, 0, spec);

        // Accumulator and bias have 28 bits: their sum is -2^28 .. 2^28 - 2.
        Assert.Equal([-(1L << 28), 5, (1L << 28) - 1], record.Thresholds.AsEnumerable());
        Assert.Empty(record.Misfits(spec));
    }

    [Fact]
    public void Averages_divide_exactly_half_away_from_zero()
    {
        AcceleratorSpec spec = Spec(true, 0, null, multiplierWidth: 24);
        for (int count = 1; count <= 50; count++)
        {
            LaneRecord record = LaneRecord.Average(count, 15, (-100, 100), spec);
            Assert.Empty(record.Misfits(spec));
            Assert.True(record is { Bias: 0, Multiplier: 1, Shift: 0, ZeroPoint: 0, PostHalfAway: true, PostMinimum: -100, PostMaximum: 100 });
            for (int sum = -15 * count; sum <= 15 * count; sum++)
            {
                int quotient = Math.Sign(sum) * ((2 * Math.Abs(sum)) + count) / (2 * count);
                long product = sum * record.PostMultiplier;
                long half = record.PostShift == 0 ? 0 : 1L << (record.PostShift - 1);
                Assert.Equal(quotient, Math.Sign(product) * ((Math.Abs(product) + half) >> record.PostShift));
            }
        }
        Assert.Equal((1, 3), (LaneRecord.Average(8, 15, (0, 15), spec).PostMultiplier, LaneRecord.Average(8, 15, (0, 15), spec).PostShift));
        Assert.Contains(LaneRecord.Average(49, 255, (0, 255), Spec(true, 0, null)).Misfits(Spec(true, 0, null)), misfit => misfit.Path == "post_multiplier");
    }

    [Fact]
    public void Terms_of_an_addition_take_the_left_shift_off_the_right_shift_and_the_sums_bias_into_the_first()
    {
        AcceleratorSpec spec = Spec(true, 0, null);
        AddLayer add = new()
        {
            Name = "add", Input = "a", SecondInput = "b", Output = new(1, 1, 2, new(true, 8, 0)), LeftShift = 4,
            First = Scale(RequantizationKind.MultiplierShift, 100, 9) with { Bias = [-2], ZeroPoint = 0, Minimum = -1000, Maximum = 1000 },
            Second = Scale(RequantizationKind.MultiplierShift, 20, 1) with { Bias = [8], ZeroPoint = 0, Minimum = -1000, Maximum = 1000 },
            Requantization = Scale(RequantizationKind.MultiplierShift, 300, 12) with { Bias = [6, 7], ZeroPoint = 3, Minimum = -128, Maximum = 127 },
        };
        LaneRecord first = LaneRecord.Add(add, 0, 1, spec), second = LaneRecord.Add(add, 1, 1, spec);
        Assert.Equal((-2, 100, 5, 7, -993, 1007), (first.Bias, first.Multiplier, first.Shift, first.ZeroPoint, first.Minimum, first.Maximum));
        Assert.Equal((8, 160, 0, 0, -1000, 1000), (second.Bias, second.Multiplier, second.Shift, second.ZeroPoint, second.Minimum, second.Maximum));
        Assert.True(second is { PostMultiplier: 300, PostShift: 12, PostZeroPoint: 3, PostMinimum: -128, PostMaximum: 127, PostHalfAway: false });
        Assert.Empty(first.Misfits(spec).Concat(second.Misfits(spec)));

        LaneRecord wide = LaneRecord.Add(add with { Second = add.Second with { Multiplier = [100] } }, 1, 0, spec);
        Assert.Equal("multiplier", Assert.Single(wide.Misfits(spec)).Path);
        Requantization other = add.Requantization with { Rounding = RoundingMode.HalfEven };
        Assert.Throws<ArgumentException>(() => LaneRecord.Add(add with { Requantization = other }, 0, 0, spec));
        Assert.True(LaneRecord.Add(add with { Requantization = other with { Rounding = RoundingMode.HalfAway } }, 0, 0, spec).PostHalfAway);
    }

    [Fact]
    public void Factors_are_code_and_offset_and_a_product_has_no_bias()
    {
        AcceleratorSpec spec = Spec(true, 0, null);
        MultiplyLayer multiply = new()
        {
            Name = "multiply", Input = "a", SecondInput = "b", Output = new(1, 1, 1, new(true, 8, 0)), FirstOffset = 5, SecondOffset = -6,
            Requantization = Scale(RequantizationKind.Shift, 0, 7) with { Bias = [0] },
        };
        LaneRecord second = LaneRecord.Multiply(multiply, 1, 0, spec);
        Assert.Equal((-6, 1, 0), (second.Bias, second.Multiplier, second.Shift));
        Assert.Equal((-(1 << 23), (1 << 23) - 1, 1, 7), (second.Minimum, second.Maximum, second.PostMultiplier, second.PostShift));
        Assert.Equal(5, LaneRecord.Multiply(multiply, 0, 0, spec).Bias);
        Assert.Throws<ArgumentException>(() => LaneRecord.Multiply(multiply with { Requantization = multiply.Requantization with { Bias = [1] } }, 0, 0, spec));
    }

    [Fact]
    public void A_record_that_does_not_fit_is_not_written()
    {
        AcceleratorSpec spec = Spec(false, 0, null);
        LaneRecord[] records =
        [
            LaneRecord.Zero with { Bias = 1L << 27 }, LaneRecord.Zero with { Multiplier = 512 }, LaneRecord.Zero with { Shift = 64 }, LaneRecord.Zero with { ZeroPoint = 256 },
            LaneRecord.Zero with { PostShift = 1 }, LaneRecord.Zero with { PostHalfAway = true }, LaneRecord.Zero with { ThresholdStep = 1 }, LaneRecord.Zero with { Thresholds = [0] },
        ];
        Assert.All(records, record => Assert.Throws<ArgumentException>(() => record.Write(new BitWriter(spec.ParameterRecordWidth), spec)));
        Assert.Equal(LaneRecord.Zero with { Thresholds = [1, 2] }, LaneRecord.Zero with { Thresholds = [1, 2] });
        Assert.NotEqual(LaneRecord.Zero with { Thresholds = [1, 2] }, LaneRecord.Zero with { Thresholds = [1, 3] });
    }

    private static Requantization Scale(RequantizationKind kind, long multiplier, int shift) => new()
    {
        Kind = kind,
        Bias = [5],
        Multiplier = kind == RequantizationKind.Shift ? [] : [multiplier],
        Shift = [shift],
        Rounding = RoundingMode.HalfUp,
        ZeroPoint = 1,
        Minimum = -8,
        Maximum = 7,
    };

    private static AcceleratorSpec Spec(bool elementwise, int levels, int? fixedShift, int multiplierWidth = 9)
    {
        AcceleratorSpec spec = Bench.Spec();
        return spec with
        {
            Requantizer = spec.Requantizer with { FixedShift = fixedShift, MultiplierWidth = multiplierWidth },
            Vector = new() { Elementwise = elementwise, ThresholdLevels = levels },
        };
    }
}
