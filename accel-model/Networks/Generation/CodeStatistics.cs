// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Networks.Generation;

/// <summary>
/// What is expected of the codes of a tensor, in codes times <c>2^16</c>. From them scales follow in closed form: sums of many products are close to normal, and a binomial of
/// sixteen trials (17 values, a quarter of a deviation squared exact) stands for the normal distribution, so that all of it is integer.
/// </summary>
/// <param name="Mean">Mean, times 2^16.</param>
/// <param name="Deviation">Standard deviation, times 2^16.</param>
internal readonly record struct CodeStatistics(long Mean, long Deviation)
{
    /// <summary>Fraction bits of both.</summary>
    public const int FractionBits = 16;

    private const int Trials = 16;

    private static readonly long[] Binomial = Row(Trials);

    /// <summary>Root of the mean square, times 2^16.</summary>
    public long RootMeanSquare => Root(Square(Mean) + Square(Deviation));

    /// <summary>Every code of a format as likely as the others: the deviation is <c>sqrt((n^2 - 1) / 12)</c>.</summary>
    public static CodeStatistics Uniform(FixedPointFormat format)
    {
        Int128 count = (Int128)format.MaxRaw - format.MinRaw + 1;
        return new((format.MaxRaw + format.MinRaw) << (FractionBits - 1), Root(((count * count) - 1 << (2 * FractionBits)) / 12));
    }

    /// <summary>Of a function of codes that have these statistics: mean and deviation over the binomial's values.</summary>
    /// <param name="function">From code times 2^16 to code times 2^16.</param>
    public CodeStatistics Through(Func<long, long> function)
    {
        Int128 sum = 0, squares = 0;
        for (int k = 0; k <= Trials; k++)
        {
            // The binomial has mean 8 and deviation 2.
            long value = function(Mean + (Deviation * (k - (Trials / 2)) / 2));
            sum += (Int128)value * Binomial[k];
            squares += Square(value) * Binomial[k];
        }

        long mean = (long)(sum >> Trials);
        return new(mean, Root(Int128.Max(0, (squares >> Trials) - Square(mean))));
    }

    /// <summary>After clamping to least and greatest codes.</summary>
    public CodeStatistics Clamped(long minimum, long maximum) => Through(value => Math.Clamp(value, minimum << FractionBits, maximum << FractionBits));

    /// <summary>Times <c>numerator / denominator</c>; 0 for a denominator of 0.</summary>
    public CodeStatistics Times(Int128 numerator, Int128 denominator) =>
        denominator == 0 ? new(0, 0) : new((long)(Mean * numerator / denominator), (long)(Deviation * numerator / denominator));

    /// <summary>Of the sum of two that know nothing of each other.</summary>
    public CodeStatistics Plus(CodeStatistics other) => new(Mean + other.Mean, Root(Square(Deviation) + Square(other.Deviation)));

    /// <summary>Of the product of two that know nothing of each other, in codes of the product.</summary>
    public CodeStatistics ProductWith(CodeStatistics other)
    {
        long mean = (long)((Int128)Mean * other.Mean >> FractionBits);
        long square = (long)((Int128)RootMeanSquare * other.RootMeanSquare >> FractionBits);
        return new(mean, Root(Int128.Max(0, Square(square) - Square(mean))));
    }

    /// <summary>The greatest integer whose square is at most a value.</summary>
    public static long Root(Int128 value)
    {
        if (value <= 0)
        {
            return 0;
        }

        Int128 root = (Int128)1 << (128 - (int)Int128.LeadingZeroCount(value) + 1) / 2;
        while (true)
        {
            Int128 next = (root + (value / root)) / 2;
            if (next >= root)
            {
                return (long)root;
            }

            root = next;
        }
    }

    private static Int128 Square(long value) => (Int128)value * value;

    private static long[] Row(int trials)
    {
        long[] row = new long[trials + 1];
        row[0] = 1;
        for (int k = 1; k <= trials; k++)
        {
            row[k] = row[k - 1] * (trials - k + 1) / k;
        }

        return row;
    }
}
