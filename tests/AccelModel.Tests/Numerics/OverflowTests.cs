// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

public sealed class OverflowTests
{
    public static TheoryData<OverflowMode> Modes => [.. Enum.GetValues<OverflowMode>()];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_pair_of_6_bit_words_adds_as_stated_at_every_width_1_to_8(OverflowMode mode)
    {
        for (int width = 1; width <= 8; width++)
        {
            for (long a = -32; a < 32; a++)
            {
                for (long b = -32; b < 32; b++)
                {
                    CheckAddition(mode, a, b, width);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Both_edges_of_every_width_up_to_62_are_exact(OverflowMode mode)
    {
        for (int width = 1; width <= 62; width++)
        {
            long min = -(1L << (width - 1));
            long max = (1L << (width - 1)) - 1;
            foreach ((long a, long b) in ((long, long)[])[(max, 0), (max, 1), (max, max), (min, 0), (min, -1), (min, min), (min, max)])
            {
                CheckAddition(mode, a, b, width);
            }
        }
    }

    [Fact]
    public void Each_overflow_type_names_its_own_mode()
    {
        Assert.Equal(OverflowMode.Saturate, SaturateOnOverflow.Mode);
        Assert.Equal(OverflowMode.Wrap, WrapOnOverflow.Mode);
        Assert.Throws<ArgumentOutOfRangeException>(() => Overflow.Add((OverflowMode)2, 1, 1, 8, out _));
    }

    private static void CheckAddition(OverflowMode mode, long a, long b, int width)
    {
        BigInteger min = -(BigInteger.One << (width - 1));
        BigInteger max = (BigInteger.One << (width - 1)) - 1;
        BigInteger exact = (BigInteger)a + b;
        BigInteger expected = exact;
        if (mode == OverflowMode.Saturate)
        {
            expected = BigInteger.Min(BigInteger.Max(exact, min), max);
        }
        else
        {
            BigInteger period = BigInteger.One << width;
            while (expected > max)
            {
                expected -= period;
            }
            while (expected < min)
            {
                expected += period;
            }
        }
        Assert.Equal(expected, Overflow.Add(mode, a, b, width, out bool overflowed));
        Assert.Equal(exact < min || exact > max, overflowed);
    }
}
