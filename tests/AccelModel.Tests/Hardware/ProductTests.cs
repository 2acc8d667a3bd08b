// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>Each kind's product of every pair of operands is the product of their values.</summary>
public sealed class ProductTests
{
    [Fact]
    public void Two_lanes_share_a_multiplier_without_a_trace()
    {
        for (int activationWidth = 1; activationWidth <= 4; activationWidth++)
        {
            for (int weightWidth = 1; weightWidth <= 4; weightWidth++)
            {
                var product = new DspPackedProduct(activationWidth + weightWidth + 1);
                foreach (int a0 in Numbers(activationWidth))
                {
                    foreach (int a1 in Numbers(activationWidth))
                    {
                        foreach (int w0 in Numbers(weightWidth))
                        {
                            foreach (int w1 in Numbers(weightWidth))
                            {
                                Assert.Equal((a0 * w0) + (a1 * w1), product.Sum([w0, w1], [a0, a1], 0));
                            }
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(8, 4)]
    [InlineData(4, 6)]
    [InlineData(7, 5)]
    public void The_widest_operands_that_a_multiplier_takes_have_no_overflow(int activationWidth, int weightWidth)
    {
        // s + a and s + w in 25 x 18 bits, one way or the other.
        int field = activationWidth + weightWidth + 1;
        Assert.True(field + Math.Max(activationWidth, weightWidth) <= 25 && field + Math.Min(activationWidth, weightWidth) <= 18);
        int[] activations = [.. Edges(activationWidth)], weights = [.. Edges(weightWidth)];
        var product = new DspPackedProduct(field);
        foreach (int a0 in activations)
        {
            foreach (int a1 in activations)
            {
                foreach (int w0 in weights)
                {
                    foreach (int w1 in weights)
                    {
                        Assert.Equal((2 * a0 * w0) + (2 * a1 * w1), product.Sum([w0, w1, w0, w1], [a0, a1, a0, a1], 0));
                    }
                }
            }
        }
    }

    [Fact]
    public void Agreeing_bits_count_up_and_masked_ones_not_at_all()
    {
        // Operands: 3 is +1, 2 is -1, 0 is masked; weights: 1 is +1, 0 is -1.
        (int Code, int Value)[] operands = [(3, 1), (2, -1), (0, 0)], weights = [(1, 1), (0, -1)];
        for (int lanes = 1; lanes <= 4; lanes++)
        {
            foreach ((int Code, int Value)[] a in Rows(operands, lanes))
            {
                foreach ((int Code, int Value)[] w in Rows(weights, lanes))
                {
                    Assert.Equal(
                        a.Zip(w, (x, y) => (long)x.Value * y.Value).Sum(),
                        new XnorPopcountProduct().Sum([.. w.Select(x => x.Code)], [.. a.Select(x => x.Code)], 0));
                }
            }
        }
    }

    [Fact]
    public void The_bits_of_an_activation_make_its_product_the_sign_subtracted()
    {
        const int Width = 5;
        foreach (int activation in Numbers(Width))
        {
            foreach (int weight in Numbers(4))
            {
                long[] parts = [.. Enumerable.Range(0, Width).Select(bit => new BitSerialProduct().Sum([weight, -weight], [activation, 0], bit))];
                Assert.Equal(weight * activation, parts[..^1].Sum() - parts[^1]);
                Assert.All(parts.Index(), part => Assert.True(part.Item == 0 || part.Item == weight * (1L << part.Index)));
            }
        }
    }

    private static IEnumerable<int> Numbers(int width) => Enumerable.Range(-(1 << (width - 1)), 1 << width);

    private static IEnumerable<int> Edges(int width) => Numbers(width).Where(x => x is >= -1 and <= 1 || x <= -(1 << (width - 1)) + 1 || x >= (1 << (width - 1)) - 2);

    private static IEnumerable<T[]> Rows<T>(T[] values, int length) =>
        length == 0 ? [[]] : Rows(values, length - 1).SelectMany(row => values.Select(value => (T[])[.. row, value]));
}
