// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using Xunit;

namespace NnTrain.Tests.Quantizers;

/// <summary>Bounds of accumulators against every input of small layers.</summary>
public sealed class SumBudgetTests
{
    private const int Weights = 3;

    public static TheoryData<int, int, int> Accumulators => new()
    {
        { 4, 0, 1 }, { 5, 0, 3 }, { 6, 0, 3 }, { 6, 0, 15 }, { 5, -2, 1 }, { 6, -4, 3 }, { 6, -3, 3 }, { 5, -1, 1 }, { 3, 0, 7 },
    };

    [Theory]
    [MemberData(nameof(Accumulators))]
    public void Codes_are_held_if_and_only_if_no_input_leaves_the_accumulator_in_either_sign_nor_any_part_of_its_sum(int width, int lowest, int highest)
    {
        SumBudget budget = new(width, lowest, highest);
        foreach (int[] codes in Vectors(-4, 4))
        {
            long largest = Vectors(lowest, highest).Max(x => Parts(codes, x).Max(Math.Abs));

            Assert.True(budget.Holds(Positive(codes), Negative(codes)) == (largest <= (1 << (width - 1)) - 1), $"{string.Join(' ', codes)}: {largest}");
        }
    }

    [Theory]
    [MemberData(nameof(Accumulators))]
    public void A_norm_within_the_bound_is_held_and_one_more_is_not_for_some_codes(int width, int lowest, int highest)
    {
        SumBudget budget = new(width, lowest, highest);
        long bound = budget.NormBound;
        for (long positive = 0; positive <= bound; positive++)
        {
            Assert.True(budget.Holds(positive, bound - positive));
        }

        Assert.False(budget.Holds(bound + 1, 0));
    }

    [Theory]
    [MemberData(nameof(Accumulators))]
    public void Centred_codes_may_have_the_bound_in_both_signs_and_no_more(int width, int lowest, int highest)
    {
        SumBudget budget = new(width, lowest, highest);
        long bound = budget.CenteredBound;

        Assert.True(budget.Holds(bound, bound));
        Assert.False(budget.Holds(bound + 1, bound + 1));
    }

    /// <summary>The papers' formulas: (2^(P-1) - 1) 2^(signed - N) and (2^P - 2) / (2^N - 1).</summary>
    [Theory]
    [InlineData(16, 8)]
    [InlineData(12, 4)]
    [InlineData(20, 5)]
    public void The_bounds_are_those_of_the_papers(int width, int bits)
    {
        SumBudget unsigned = new(width, 0, (1 << bits) - 1);
        SumBudget signed = new(width, -(1 << (bits - 1)), (1 << (bits - 1)) - 1);

        double paper = (Math.Pow(2, width - 1) - 1) * Math.Pow(2, -bits);
        double plus = (Math.Pow(2, width) - 2) / (Math.Pow(2, bits) - 1);
        Assert.Equal((long)Math.Floor(2 * paper), signed.NormBound);
        Assert.InRange(unsigned.NormBound, (long)Math.Floor(paper), (long)Math.Floor(paper * Math.Pow(2, bits) / (Math.Pow(2, bits) - 1)));
        Assert.Equal((long)Math.Floor(plus / 2), unsigned.CenteredBound);
        Assert.Equal((long)Math.Floor(plus / 2), signed.CenteredBound);
    }

    [Theory]
    [MemberData(nameof(Accumulators))]
    public void What_is_left_is_the_most_that_is_still_held(int width, int lowest, int highest)
    {
        SumBudget budget = new(width, lowest, highest);
        for (int same = 0; same < 6; same++)
        {
            for (int other = 0; other < 6; other++)
            {
                if (budget.Holds(same, other))
                {
                    long left = budget.Left(same, other);

                    Assert.True(budget.Holds(same + left, other));
                    Assert.False(budget.Holds(same + left + 1, other));
                }
                else
                {
                    Assert.True(budget.Left(same, other) <= 0);
                }
            }
        }
    }

    /// <summary>The sums of every subset of the products.</summary>
    private static IEnumerable<long> Parts(int[] codes, int[] x) =>
        Enumerable.Range(0, 1 << Weights).Select(subset => Enumerable.Range(0, Weights).Sum(i => (subset >> i & 1) == 1 ? (long)codes[i] * x[i] : 0));

    private static long Positive(int[] codes) => codes.Sum(code => Math.Max(code, 0));

    private static long Negative(int[] codes) => codes.Sum(code => Math.Max(-code, 0));

    private static IEnumerable<int[]> Vectors(int lowest, int highest)
    {
        int count = highest - lowest + 1;
        int[] ends = [lowest, 0, highest];
        int[] values = count > 5 ? ends : [.. Enumerable.Range(lowest, count)];
        return Enumerable.Range(0, values.Length * values.Length * values.Length)
            .Select(i => new[] { values[i % values.Length], values[i / values.Length % values.Length], values[i / (values.Length * values.Length)] });
    }
}
