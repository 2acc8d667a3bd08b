// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Tests.Hardware;
using Xunit;
using CodebookWeights = AccelModel.Specification.CodebookWeights;

namespace AccelModel.Tests.Specification;

public sealed class WeightEncodingTests
{
    [Theory]
    [InlineData(ProcessingElementKind.Multiply)]
    [InlineData(ProcessingElementKind.DspPacked)]
    [InlineData(ProcessingElementKind.BitSerial)]
    public void Multipliers_take_twos_complement(ProcessingElementKind kind)
    {
        for (int width = 2; width <= 9; width++)
        {
            WeightEncoding encoding = Of(kind, width);
            int half = 1 << (width - 1);
            for (int value = -half; value < half; value++)
            {
                Assert.Equal((uint)(value < 0 ? value + (2 * half) : value), encoding.Encode(value));
                Assert.Equal(value, encoding.Decode(encoding.Encode(value)));
            }
            Assert.False(encoding.Contains(half) || encoding.Contains(-half - 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => encoding.Encode(half));
        }
    }

    [Fact]
    public void Bipolar_and_ternary_weights_have_two_and_three_codes()
    {
        WeightEncoding bipolar = Of(ProcessingElementKind.XnorPopcount, 1), ternary = Of(ProcessingElementKind.TernaryAdd, 2);
        Assert.Equal([0u, 1u], new[] { -1, 1 }.Select(value => bipolar.Encode(value)));
        Assert.Equal([-1L, 1L], new[] { 0u, 1u }.Select(bipolar.Decode));
        Assert.False(bipolar.Contains(0));
        Assert.Equal([3u, 0u, 1u], new[] { -1, 0, 1 }.Select(value => ternary.Encode(value)));
        Assert.Equal([0L, 1L, -1L], new[] { 0u, 1u, 3u }.Select(ternary.Decode));
        Assert.False(ternary.Contains(-2) || ternary.Contains(2));
    }

    [Fact]
    public void One_term_is_zero_or_a_signed_power_of_two()
    {
        // Width 3: sign and two bits, so 0, 1, 2, 4 and their negatives; -0 is no code that is written.
        WeightEncoding encoding = Of(ProcessingElementKind.ShiftAdd, 3);
        Assert.Equal([0L, 1L, 2L, 4L, 0L, -1L, -2L, -4L], Enumerable.Range(0, 8).Select(code => encoding.Decode((uint)code)));
        Assert.Equal([-4, -2, -1, 0, 1, 2, 4], Enumerable.Range(-10, 21).Where(value => encoding.Contains(value)));
        Assert.Equal([7u, 6u, 5u, 0u, 1u, 2u, 3u], new[] { -4, -2, -1, 0, 1, 2, 4 }.Select(value => encoding.Encode(value)));
    }

    [Fact]
    public void Of_two_sums_with_one_value_that_of_the_least_terms_is_written()
    {
        for (int field = 2; field <= 5; field++)
        {
            WeightEncoding encoding = Of(ProcessingElementKind.ShiftAdd, 2 * field, terms: 2);
            int half = 1 << (field - 1);
            int[] terms = [.. Enumerable.Range(0, 2 * half).Select(code => (code % half == 0 ? 0 : (int)Math.Pow(2, (code % half) - 1)) * (code < half ? 1 : -1))];
            for (int value = -70_000; value <= 70_000; value += value is > -200 and < 200 ? 1 : 100)
            {
                (int Low, int High)[] codes = [.. Enumerable.Range(0, terms.Length).SelectMany(low => Enumerable.Range(0, terms.Length).Select(high => (low, high)))
                    .Where(code => terms[code.low] + terms[code.high] == value)];
                Assert.Equal(codes.Length > 0, encoding.Contains(value));
                if (codes.Length > 0)
                {
                    (int low, int high) = codes.OrderBy(code => code.Low).ThenBy(code => code.High).First();
                    Assert.Equal((uint)(low + (high * 2 * half)), encoding.Encode(value));
                    Assert.Equal(value, encoding.Decode(encoding.Encode(value)));
                }
            }
        }
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(5, 2)]
    [InlineData(12, 2)]
    [InlineData(1, 1)]
    [InlineData(6, 1)]
    public void Fields_that_do_not_exist_are_refused(int width, int terms) => Assert.Throws<ArgumentOutOfRangeException>(() => new PowerOfTwoWeights(width, terms));

    [Fact]
    public void A_codebook_holds_the_distinct_values_in_rising_order()
    {
        ArraySpec array = Bench.Spec().Array with { ProcessingElement = ProcessingElementKind.Codebook, WeightWidth = 2, CodebookValueWidth = 5 };
        var few = Assert.IsType<CodebookWeights>(WeightEncoding.Of(array, [7, -3, 7, 7, -3]));
        Assert.Equal([-3, 7, 0, 0], few.Values.AsEnumerable());
        Assert.Equal((0u, 1u), (few.Encode(-3), few.Encode(7)));
        Assert.Equal([-3L, 7L, 0L, 0L], Enumerable.Range(0, 4).Select(code => few.Decode((uint)code)));

        // 16 does not fit five bits; -16 does. Of five values the greatest has no code any more.
        WeightEncoding many = WeightEncoding.Of(array, [16, 5, 4, 3, 2, -16]);
        Assert.Equal([-16, 2, 3, 4], Enumerable.Range(-20, 40).Where(value => many.Contains(value)));
    }

    private static WeightEncoding Of(ProcessingElementKind kind, int width, int terms = 1) =>
        WeightEncoding.Of(Bench.Spec().Array with { ProcessingElement = kind, WeightWidth = width, WeightTerms = terms }, []);
}
