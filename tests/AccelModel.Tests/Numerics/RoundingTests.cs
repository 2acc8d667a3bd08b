// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

/// <summary>Every mode against its statement in exact arithmetic.</summary>
public sealed class RoundingTests
{
    public static TheoryData<RoundingMode> Modes => [.. Enum.GetValues<RoundingMode>()];

    public static TheoryData<RoundingMode> DeterministicModes =>
        [.. Enum.GetValues<RoundingMode>().Where(mode => mode != RoundingMode.Stochastic)];

    [Theory]
    [MemberData(nameof(DeterministicModes))]
    public void Every_value_of_13_bits_rounds_as_its_mode_states_at_every_shift_0_to_14(RoundingMode mode)
    {
        for (int shift = 0; shift <= 14; shift++)
        {
            for (long value = -4096; value < 4096; value++)
            {
                Assert.Equal(Stated(mode, value, shift), Rounding.ShiftRight(mode, value, shift));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Values_around_every_tie_and_every_limit_of_64_bits_round_as_stated_at_every_shift(RoundingMode mode)
    {
        uint[] words = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1234_5678];
        for (int shift = 0; shift <= 63; shift++)
        {
            foreach (long value in Corners(shift))
            {
                foreach (uint word in words)
                {
                    BigInteger stated = Stated(mode, value, shift, word);
                    Assert.Equal(stated, Rounding.ShiftRight(mode, value, shift, word));
                    Assert.Equal(stated, (BigInteger)ShiftRightWide(mode, value, shift, word));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Products_of_up_to_100_bits_round_as_stated(RoundingMode mode)
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            int shift = random.Next(0, 64);
            Int128 value = ((Int128)random.NextInt64(long.MinValue, long.MaxValue) << 36 | (Int128)random.NextInt64(1L << 36)) >> random.Next(0, 90);
            if (random.Next(3) == 0 && shift > 0)
            {
                value = value >> shift << shift | (Int128)1 << (shift - 1);
            }
            uint word = (uint)random.NextInt64(1L << 32);
            Assert.Equal(Stated(mode, (BigInteger)value, shift, word), (BigInteger)ShiftRightWide(mode, value, shift, word));
        }
    }

    [Theory]
    [InlineData(RoundingMode.Floor, -3, -2, -1, 0, 1, 2)]
    [InlineData(RoundingMode.HalfUp, -2, -1, 0, 1, 2, 3)]
    [InlineData(RoundingMode.HalfAway, -3, -2, -1, 1, 2, 3)]
    [InlineData(RoundingMode.HalfEven, -2, -2, 0, 0, 2, 2)]
    [InlineData(RoundingMode.TowardZero, -2, -1, 0, 0, 1, 2)]
    public void Ties_from_minus_two_and_a_half_to_two_and_a_half_go_where_the_table_says(RoundingMode mode, params int[] expected)
    {
        int[] halves = [-5, -3, -1, 1, 3, 5];
        Assert.Equal(expected, halves.Select(half => (int)Rounding.ShiftRight(mode, half, 1)));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_shift_of_zero_changes_nothing(RoundingMode mode)
    {
        foreach (long value in (long[])[long.MinValue, -7, -1, 0, 1, 7, long.MaxValue])
        {
            Assert.Equal(value, Rounding.ShiftRight(mode, value, 0, uint.MaxValue));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    public void Stochastic_rounding_over_all_addends_rounds_up_exactly_as_often_as_the_remainder_says(int shift)
    {
        for (int remainder = 0; remainder < 1 << shift; remainder++)
        {
            int up = 0;
            for (long addend = 0; addend < 1L << shift; addend++)
            {
                uint word = (uint)(addend << (32 - shift)) | (uint)remainder;
                up += (int)(Rounding.ShiftRight(RoundingMode.Stochastic, (-3L << shift) + remainder, shift, word) + 3);
            }
            Assert.Equal(remainder, up);
        }
    }

    [Fact]
    public void The_dispatcher_refuses_shifts_outside_0_to_63_and_unknown_modes()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Rounding.ShiftRight(RoundingMode.Floor, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rounding.ShiftRight(RoundingMode.Floor, 1, 64));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rounding.ShiftRight((RoundingMode)99, 1, 1));
    }

    [Fact]
    public void Each_rounding_type_names_its_own_mode()
    {
        Assert.Equal(
            Enum.GetValues<RoundingMode>(),
            [RoundFloor.Mode, RoundHalfUp.Mode, RoundHalfAway.Mode, RoundHalfEven.Mode, RoundTowardZero.Mode, RoundStochastic.Mode]);
    }

    private static IEnumerable<long> Corners(int shift)
    {
        long half = shift == 0 ? 0 : 1L << (shift - 1);
        long[] quotients = [-3, -2, -1, 0, 1, 2, 3];
        long[] offsets = [-half, -1, 0, 1, half - 1, half, half + 1];
        foreach (long quotient in quotients)
        {
            foreach (long offset in offsets)
            {
                Int128 value = ((Int128)quotient << shift) + offset;
                if (value >= long.MinValue && value <= long.MaxValue)
                {
                    yield return (long)value;
                }
            }
        }
        long[] limits =
        [
            long.MinValue, long.MinValue + 1, -(1L << 62) - 1, -(1L << 62), -(1L << 62) + 1,
            (1L << 62) - 1, 1L << 62, (1L << 62) + 1, long.MaxValue - 1, long.MaxValue,
        ];
        foreach (long limit in limits)
        {
            yield return limit;
        }
    }

    /// <summary>The definition of each mode, on the rational number value / 2^shift.</summary>
    private static BigInteger Stated(RoundingMode mode, BigInteger value, int shift, uint word = 0)
    {
        BigInteger unit = BigInteger.One << shift;
        switch (mode)
        {
            case RoundingMode.Floor:
                return Floor(value, unit);
            case RoundingMode.HalfUp:
                return Floor(2 * value + unit, 2 * unit);
            case RoundingMode.HalfAway:
                return value.Sign * Floor(2 * BigInteger.Abs(value) + unit, 2 * unit);
            case RoundingMode.HalfEven:
                BigInteger up = Floor(2 * value + unit, 2 * unit);
                BigInteger down = -Floor(-2 * value + unit, 2 * unit);
                return up.IsEven ? up : down;
            case RoundingMode.TowardZero:
                return BigInteger.Divide(value, unit);
            case RoundingMode.Stochastic:
                // The addend is the word as a fraction of 2^32, cut to a multiple of 2^-shift.
                return Floor(value + Floor(word * unit, BigInteger.One << 32), unit);
            default:
                throw new ArgumentOutOfRangeException(nameof(mode));
        }
    }

    private static BigInteger Floor(BigInteger numerator, BigInteger denominator)
    {
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    private static Int128 ShiftRightWide(RoundingMode mode, Int128 value, int shift, uint word) => mode switch
    {
        RoundingMode.Floor => Rounding.ShiftRight<RoundFloor>(value, shift, word),
        RoundingMode.HalfUp => Rounding.ShiftRight<RoundHalfUp>(value, shift, word),
        RoundingMode.HalfAway => Rounding.ShiftRight<RoundHalfAway>(value, shift, word),
        RoundingMode.HalfEven => Rounding.ShiftRight<RoundHalfEven>(value, shift, word),
        RoundingMode.TowardZero => Rounding.ShiftRight<RoundTowardZero>(value, shift, word),
        _ => Rounding.ShiftRight<RoundStochastic>(value, shift, word),
    };
}
