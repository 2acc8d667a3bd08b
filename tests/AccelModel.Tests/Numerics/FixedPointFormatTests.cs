// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

public sealed class FixedPointFormatTests
{
    public static IEnumerable<FixedPointFormat> AllWidths =>
        from signed in (bool[])[false, true]
        from width in Enumerable.Range(1, 32)
        select new FixedPointFormat(signed, width, 0);

    [Fact]
    public void The_range_of_every_format_holds_exactly_two_to_the_width_words()
    {
        foreach (FixedPointFormat format in AllWidths)
        {
            Assert.Equal(BigInteger.One << format.Width, (BigInteger)format.MaxRaw - format.MinRaw + 1);
            Assert.Equal(format.Signed ? -(BigInteger.One << (format.Width - 1)) : 0, format.MinRaw);
        }
    }

    [Fact]
    public void At_both_edges_saturate_stops_and_wrap_continues_at_the_other_edge()
    {
        foreach (FixedPointFormat format in AllWidths)
        {
            Assert.True(format.Contains(format.MinRaw) && format.Contains(format.MaxRaw));
            Assert.False(format.Contains(format.MinRaw - 1) || format.Contains(format.MaxRaw + 1));
            Assert.Equal(format.MaxRaw, format.Saturate(format.MaxRaw + 1));
            Assert.Equal(format.MinRaw, format.Saturate(format.MinRaw - 1));
            Assert.Equal(format.MinRaw, format.Wrap(format.MaxRaw + 1));
            Assert.Equal(format.MaxRaw, format.Wrap(format.MinRaw - 1));
        }
    }

    [Fact]
    public void Wrap_is_congruent_modulo_two_to_the_width_and_inside_the_range()
    {
        var random = new Random(3);
        foreach (FixedPointFormat format in AllWidths)
        {
            for (int i = 0; i < 100; i++)
            {
                long raw = random.NextInt64(long.MinValue, long.MaxValue);
                long wrapped = format.Wrap(raw);
                Assert.True(format.Contains(wrapped));
                Assert.Equal(BigInteger.Zero, ((BigInteger)raw - wrapped) % (BigInteger.One << format.Width));
            }
        }
    }

    [Theory]
    [InlineData(true, 8, 4, "sfix8_En4")]
    [InlineData(false, 4, 0, "ufix4_En0")]
    [InlineData(true, 8, -2, "sfix8_E2")]
    [InlineData(true, 32, 40, "sfix32_En40")]
    [InlineData(false, 1, -128, "ufix1_E128")]
    public void A_format_prints_its_name_and_is_read_back_from_it(bool signed, int width, int fractionBits, string name)
    {
        var format = new FixedPointFormat(signed, width, fractionBits);
        Assert.Equal(name, format.ToString());
        Assert.Equal(format, FixedPointFormat.Parse(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sfix8")]
    [InlineData("sfix8_E")]
    [InlineData("sfix8_En")]
    [InlineData("sfix0_En4")]
    [InlineData("sfix33_En4")]
    [InlineData("sfix8_En129")]
    [InlineData("sfix08_En4")]
    [InlineData("sfix8_E0")]
    [InlineData("sfix8_En-4")]
    [InlineData("xfix8_En4")]
    [InlineData("sfix_En4")]
    [InlineData("sfix8_En4 ")]
    [InlineData("sfix99999999999_En4")]
    public void Anything_but_the_exact_name_of_a_format_is_refused(string text)
    {
        Assert.False(FixedPointFormat.TryParse(text, out _));
        Assert.Throws<FormatException>(() => FixedPointFormat.Parse(text));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(33, 0)]
    [InlineData(-1, 0)]
    [InlineData(8, 129)]
    [InlineData(8, -129)]
    public void Widths_outside_1_to_32_and_fractions_beyond_128_bits_cannot_be_constructed(int width, int fractionBits)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedPointFormat(true, width, fractionBits));
        var valid = new FixedPointFormat(true, 8, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => valid with { Width = width, FractionBits = fractionBits });
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(48)]
    public void An_accumulator_has_the_range_of_its_width(int width)
    {
        var accumulator = new AccumulatorFormat(width);
        BigInteger half = BigInteger.One << (width - 1);
        Assert.Equal(-half, accumulator.MinRaw);
        Assert.Equal(half - 1, accumulator.MaxRaw);
        Assert.Equal(accumulator.MaxRaw, accumulator.Saturate(accumulator.MaxRaw + 1));
        Assert.Equal(accumulator.MinRaw, accumulator.Wrap(accumulator.MaxRaw + 1));
        Assert.False(accumulator.Contains(accumulator.MinRaw - 1));
        Assert.Equal($"acc{width}", accumulator.ToString());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(49)]
    public void An_accumulator_of_fewer_than_4_or_more_than_48_bits_cannot_be_constructed(int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AccumulatorFormat(width));
}
