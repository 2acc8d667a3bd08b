// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks.Description;
using AccelModel.Numerics;

namespace AccelModel.Networks.Generation;

/// <summary>
/// Tables of functions: for each code of the input's format, <c>f(code * 2^-fraction_bits)</c> rounded to the nearest code of the output's format, ties away from zero, and
/// clamped. Computed in fixed point of 48 fraction bits, so that every machine has the same bytes; the error is below <c>2^-36</c>.
/// </summary>
public static class FunctionTable
{
    private const int Bits = 48;
    private static readonly Int128 One = (Int128)1 << Bits;

    /// <summary><c>round(ln 2 * 2^48)</c>.</summary>
    private static readonly Int128 LogTwo = 195103586505167;

    /// <summary><c>round(2 / sqrt(pi) * 2^48)</c>.</summary>
    private static readonly Int128 TwoOverRootPi = 317610499778999;

    /// <summary><c>round(2^48 / sqrt(2))</c>.</summary>
    private static readonly Int128 RootHalf = 199032864766430;

    /// <summary>The table, one entry for each input code in ascending order.</summary>
    /// <param name="function">The function.</param>
    /// <param name="input">Up to 8 bits of magnitude below <c>2^8</c>.</param>
    /// <param name="output">Format of the entries.</param>
    public static ImmutableArray<int> Of(LookupFunction function, FixedPointFormat input, FixedPointFormat output)
    {
        var table = ImmutableArray.CreateBuilder<int>();
        for (long code = input.MinRaw; code <= input.MaxRaw; code++)
        {
            Int128 x = Shifted(code, Bits - input.FractionBits);
            table.Add((int)output.Saturate(Round(Value(function, x), Bits - output.FractionBits)));
        }

        return table.ToImmutable();
    }

    private static Int128 Value(LookupFunction function, Int128 x) => function switch
    {
        LookupFunction.Sigmoid => Sigmoid(x),
        LookupFunction.Tanh => (2 * Sigmoid(2 * x)) - One,
        LookupFunction.HardSwish => x * Int128.Clamp(x + (3 * One), 0, 6 * One) / (6 * One),
        LookupFunction.Gelu => x * (One + Erf(Product(x, RootHalf))) / (2 * One),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "not a function of a table"),
    };

    private static Int128 Sigmoid(Int128 x)
    {
        Int128 small = ExpOfNegative(Int128.Abs(x));
        Int128 positive = One * One / (One + small);
        return x >= 0 ? positive : One - positive;
    }

    /// <summary><c>exp(-x)</c> for x of at least 0: <c>2^-n</c> times the series of what is left below ln 2.</summary>
    private static Int128 ExpOfNegative(Int128 x)
    {
        Int128 halvings = x / LogTwo, rest = x % LogTwo;
        if (halvings > Bits)
        {
            return 0;
        }

        Int128 sum = One, term = One;
        for (int n = 1; term != 0; n++)
        {
            term = -Product(term, rest) / n;
            sum += term;
        }

        return sum >> (int)halvings;
    }

    /// <summary><c>erf(z) = 2/sqrt(pi) * exp(-z^2) * sum of z * (2 z^2)^n / (1 * 3 * ... * (2n + 1))</c>; 1 from 5 on, which it is to 2^-39.</summary>
    private static Int128 Erf(Int128 z)
    {
        Int128 size = Int128.Abs(z);
        if (size >= 5 * One)
        {
            return z < 0 ? -One : One;
        }

        Int128 square = Product(size, size), sum = size, term = size;
        for (int n = 1; term != 0; n++)
        {
            term = Product(term, 2 * square) / ((2 * n) + 1);
            sum += term;
        }

        // The sum is large where the exponential is small: halve the one before the other.
        Int128 halvings = square / LogTwo;
        Int128 value = Product(Product(TwoOverRootPi, ExpOfNegative(square % LogTwo)), sum >> (int)halvings);
        return z < 0 ? -value : value;
    }

    /// <summary>Product of two fixed-point values, the larger one of up to <c>2^100</c>: by halves of the smaller one, so that nothing leaves 128 bits.</summary>
    private static Int128 Product(Int128 a, Int128 b)
    {
        (Int128 high, Int128 low) = (b >> (Bits / 2), b & (((Int128)1 << (Bits / 2)) - 1));
        return ((a * high) + ((a * low) >> (Bits / 2))) >> (Bits / 2);
    }

    private static Int128 Shifted(Int128 value, int left) => left >= 0 ? value << left : value >> -left;

    private static long Round(Int128 value, int shift)
    {
        Int128 rounded = (Int128.Abs(value) + ((Int128)1 << (shift - 1))) >> shift;
        return (long)(value < 0 ? -rounded : rounded);
    }
}
