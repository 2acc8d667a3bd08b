// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Quantizers;

/// <summary>
/// Which weight codes q a P-bit accumulator holds whatever the input x of Lowest..Highest is. With <c>p</c> the sum of the positive codes and <c>n</c> that of the magnitudes of the negative ones,
/// <code>
/// max over x of q x = Highest p - Lowest n &lt;= M = 2^(P-1) - 1,   min over x of q x = Lowest p - Highest n &gt;= -M
/// </code>
/// and every sum over a part of the products, in any order, lies between them where 0 is an input. -M, not -2^(P-1), since a negative gain of batch norm negates the codes of a channel.
/// </summary>
/// <param name="Width">P, 2..48.</param>
/// <param name="Lowest">The least input code, 0 or less.</param>
/// <param name="Highest">The greatest input code, 1 or more.</param>
public readonly record struct SumBudget(int Width, int Lowest, int Highest)
{
    /// <summary>M.</summary>
    public long LargestSum => (1L << (Width - 1)) - 1;

    /// <summary>
    /// The largest norm <c>p + n</c> of any codes: <c>floor(M / max|x|)</c> (A2Q, Colbert et al. 2023, arXiv:2308.13504: <c>(2^(P-1) - 1) 2^(signed - N)</c>, where <c>2^N</c> stands for the <c>2^N - 1</c>
    /// of unsigned inputs of N bits).
    /// </summary>
    public long NormBound => LargestSum / Math.Max(-(long)Lowest, Highest);

    /// <summary>
    /// The largest p, and the largest n, of codes that were centred before they were rounded toward zero: <c>floor(M / (Highest - Lowest))</c>, so that the norm may be
    /// <c>(2^P - 2) / (2^N - 1)</c> (A2Q+, Colbert et al. 2024, arXiv:2401.10432).
    /// </summary>
    public long CenteredBound => LargestSum / ((long)Highest - Lowest);

    /// <summary>Whether codes with these sums never leave the accumulator.</summary>
    public bool Holds(long positive, long negative) =>
        (Highest * positive) - (Lowest * negative) <= LargestSum && (Highest * negative) - (Lowest * positive) <= LargestSum;

    /// <summary>How much may be added to the sum of the codes of one sign, given the sums of both; less than 0 where the others already are too large.</summary>
    /// <param name="same">The sum of the magnitudes of that sign.</param>
    /// <param name="other">The sum of the magnitudes of the other sign.</param>
    public long Left(long same, long other)
    {
        long above = LargestSum - (Highest * same) + (Lowest * other);
        long below = LargestSum - (Highest * other) + (Lowest * same);
        return Lowest == 0 ? (below < 0 ? -1 : above / Highest) : Math.Min(above / Highest, below / -Lowest);
    }
}
