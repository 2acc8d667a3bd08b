// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>What an adder does with a sum that its register cannot hold; in files <c>saturate</c> and <c>wrap</c>.</summary>
public enum OverflowMode
{
    /// <summary>The nearest word the register can hold (Vivado <c>AP_SAT</c>).</summary>
    Saturate,

    /// <summary>The low bits of the sum (Vivado <c>AP_WRAP</c>).</summary>
    Wrap,
}

/// <summary>The addition of an overflow mode, for kernels that are specialised by it.</summary>
public interface IOverflowMode
{
    static abstract OverflowMode Mode { get; }

    /// <summary>
    /// The exact sum brought into <paramref name="width"/> bits (two's complement, 1..63); <paramref name="overflowed"/>
    /// tells whether it had to be. Exact for |a|, |b| &lt; 2^62.
    /// </summary>
    static abstract long Add(long a, long b, int width, out bool overflowed);
}

/// <summary><c>min(max(a + b, -2^(width-1)), 2^(width-1) - 1)</c>.</summary>
public readonly struct SaturateOnOverflow : IOverflowMode
{
    public static OverflowMode Mode => OverflowMode.Saturate;

    public static long Add(long a, long b, int width, out bool overflowed)
    {
        long sum = a + b;
        long word = TwosComplement.Saturate(sum, width);
        overflowed = word != sum;
        return word;
    }
}

/// <summary>The word congruent to <c>a + b</c> modulo <c>2^width</c>.</summary>
public readonly struct WrapOnOverflow : IOverflowMode
{
    public static OverflowMode Mode => OverflowMode.Wrap;

    public static long Add(long a, long b, int width, out bool overflowed)
    {
        long sum = a + b;
        long word = TwosComplement.Wrap(sum, width);
        overflowed = word != sum;
        return word;
    }
}

/// <summary>Chooses the addition at run time; kernels choose it by type argument.</summary>
public static class Overflow
{
    /// <inheritdoc cref="IOverflowMode.Add"/>
    /// <exception cref="ArgumentOutOfRangeException">The mode is not one of the enumeration.</exception>
    public static long Add(OverflowMode mode, long a, long b, int width, out bool overflowed) => mode switch
    {
        OverflowMode.Saturate => SaturateOnOverflow.Add(a, b, width, out overflowed),
        OverflowMode.Wrap => WrapOnOverflow.Add(a, b, width, out overflowed),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "not an overflow mode"),
    };
}
