// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

public sealed class LfsrTests
{
    [Fact]
    public void The_words_of_lane_0_begin_with_its_seed()
    {
        // By hand: three even words are only halved; the fourth is odd, 0x01234567 ^ 0x80200003.
        Lfsr lane = Lfsr.ForLane(0);
        uint[] words = [lane.Next(), lane.Next(), lane.Next(), lane.Next(), lane.Next()];
        Assert.Equal([0x1234_5678u, 0x091A_2B3Cu, 0x048D_159Eu, 0x0246_8ACFu, 0x8103_4564u], words);
        Assert.Equal(Lfsr.Advance(0x8103_4564u), lane.State);
    }

    [Theory]
    [InlineData(0, 0x1234_5678u)]
    [InlineData(1, 0xB06B_D031u)]
    [InlineData(2, 0x4EA3_49EAu)]
    public void Seeds_of_lanes_step_by_the_golden_ratio(int lane, uint seed) =>
        Assert.Equal(seed, Lfsr.LaneSeed(lane));

    [Fact]
    public void The_lane_whose_seed_would_be_zero_starts_at_one()
    {
        // Solve 0x12345678 + lane * 0x9E3779B9 = 0 modulo 2^32 with the inverse of the odd step (Newton's iteration).
        uint step = 0x9E37_79B9;
        uint inverse = step;
        for (int i = 0; i < 5; i++)
        {
            inverse = unchecked(inverse * (2 - (step * inverse)));
        }
        int lane = unchecked((int)(0u - 0x1234_5678u) * (int)inverse);
        Assert.Equal(0u, unchecked(0x1234_5678u + ((uint)lane * step)));
        Assert.Equal(1u, Lfsr.LaneSeed(lane));
    }

    [Fact]
    public void The_register_is_the_galois_form_of_its_polynomial()
    {
        // Bit k of the state stands for x^k; a step divides by x modulo x^32 + x^22 + x^2 + x + 1.
        const ulong polynomial = (1UL << 32) | (1UL << 22) | (1UL << 2) | (1UL << 1) | 1;
        var random = new Random(11);
        for (int i = 0; i < 1000; i++)
        {
            uint state = (uint)random.NextInt64(1, 1L << 32);
            ulong element = state;
            ulong divided = (element & 1) == 0 ? element >> 1 : (element ^ polynomial) >> 1;
            Assert.Equal((uint)divided, Lfsr.Advance(state));
        }
    }

    [Fact]
    public void The_period_is_two_to_the_32_minus_one()
    {
        // The step is linear over GF(2). Its order divides n = 2^32 - 1 when step^n is the identity, and is no proper
        // divisor when step^(n/p) is not, for each prime p of n = 3 * 5 * 17 * 257 * 65537.
        const uint n = uint.MaxValue;
        Assert.Equal(n, 3u * 5 * 17 * 257 * 65537);
        uint[] step = [.. Enumerable.Range(0, 32).Select(bit => Lfsr.Advance(1u << bit))];
        uint[] identity = [.. Enumerable.Range(0, 32).Select(bit => 1u << bit)];
        Assert.Equal(identity, Power(step, n));
        foreach (uint prime in (uint[])[3, 5, 17, 257, 65537])
        {
            Assert.NotEqual(identity, Power(step, n / prime));
        }
    }

    [Fact]
    public void The_step_is_linear_over_exclusive_or()
    {
        var random = new Random(5);
        for (int i = 0; i < 1000; i++)
        {
            uint a = (uint)random.NextInt64(1L << 32);
            uint b = (uint)random.NextInt64(1L << 32);
            Assert.Equal(Lfsr.Advance(a) ^ Lfsr.Advance(b), Lfsr.Advance(a ^ b));
        }
    }

    [Fact]
    public void A_seed_of_zero_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Lfsr(0));

    /// <summary>A matrix over GF(2) as the images of the 32 unit words.</summary>
    private static uint[] Power(uint[] matrix, uint exponent)
    {
        uint[] result = [.. Enumerable.Range(0, 32).Select(bit => 1u << bit)];
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = [.. result.Select(column => Apply(matrix, column))];
            }
            matrix = [.. matrix.Select(column => Apply(matrix, column))];
        }
        return result;
    }

    private static uint Apply(uint[] matrix, uint word)
    {
        uint image = 0;
        for (int bit = 0; bit < 32; bit++)
        {
            image ^= (word >> bit & 1) != 0 ? matrix[bit] : 0;
        }
        return image;
    }
}
