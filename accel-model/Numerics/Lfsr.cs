// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>
/// The random words of stochastic rounding: a 32-bit Galois register of the primitive polynomial
/// <c>x^32 + x^22 + x^2 + x + 1</c>, shifted right, <c>next = (q &gt;&gt; 1) ^ (q[0] ? 0x80200003 : 0)</c>. Its period is
/// <c>2^32 - 1</c>: every word but zero. One register per output lane; each is set to its seed at the start of an
/// inference and advances once per rounded word.
/// </summary>
public sealed class Lfsr
{
    /// <summary>One bit per power of the polynomial: bit k stands for <c>x^(k+1)</c>.</summary>
    public const uint Taps = 0x8020_0003;

    private const uint FirstSeed = 0x1234_5678;

    /// <summary><c>2^32</c> divided by the golden ratio, so that neighbouring lanes start far apart.</summary>
    private const uint SeedStep = 0x9E37_79B9;

    /// <exception cref="ArgumentOutOfRangeException">The seed is zero, which the register never leaves.</exception>
    public Lfsr(uint seed)
    {
        ArgumentOutOfRangeException.ThrowIfZero(seed);
        State = seed;
    }

    /// <summary>The word that the next rounding uses.</summary>
    public uint State { get; private set; }

    /// <summary>The register of an output lane at the start of an inference.</summary>
    public static Lfsr ForLane(int lane) => new(LaneSeed(lane));

    /// <summary><c>0x12345678 + lane * 0x9E3779B9</c> modulo <c>2^32</c>, or 1 where that is zero.</summary>
    public static uint LaneSeed(int lane)
    {
        uint seed = unchecked(FirstSeed + ((uint)lane * SeedStep));
        return seed == 0 ? 1 : seed;
    }

    /// <summary>The state after <paramref name="state"/>.</summary>
    public static uint Advance(uint state) => (state >> 1) ^ ((state & 1) != 0 ? Taps : 0);

    /// <summary>The current word; the register then advances. The first word is the seed.</summary>
    public uint Next()
    {
        uint word = State;
        State = Advance(word);
        return word;
    }
}
