// SPDX-License-Identifier: Apache-2.0
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Training;

public sealed class SeededRandomTests
{
    [Fact]
    public void The_stream_is_that_of_the_published_generator()
    {
        // Outputs of the reference implementation (Vigna, splitmix64.c) for the seed 1234567.
        ulong[] published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        SeededRandom random = new(1234567);

        Assert.Equal(published, published.Select(_ => random.NextBits()));
    }

    [Fact]
    public void Streams_with_different_names_differ_and_equal_ones_do_not()
    {
        ulong[] firsts = [.. Enumerable.Range(0, 1000).Select(i => new SeededRandom(1, i / 100, i % 100).NextBits())];

        Assert.Equal(1000, firsts.Distinct().Count());
        Assert.Equal(firsts[345], new SeededRandom(1, 3, 45).NextBits());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void A_permutation_has_every_number_once(int count)
    {
        int[] order = new SeededRandom(7, 1).Permutation(count);

        Assert.Equal(Enumerable.Range(0, count), order.Order());
    }

    [Fact]
    public void Integers_and_fractions_cover_their_range_evenly()
    {
        SeededRandom random = new(3);
        int[] counts = new int[5];
        double sum = 0;
        for (int i = 0; i < 50_000; i++)
        {
            counts[random.NextInt(5)]++;
            double fraction = random.NextUniform();
            Assert.InRange(fraction, 0, 1 - double.Epsilon);
            sum += fraction;
        }

        // Five standard deviations of the binomial count and of the mean.
        Assert.All(counts, count => Assert.InRange(count, 10_000 - 450, 10_000 + 450));
        Assert.Equal(0.5, sum / 50_000, 0.0065);
    }
}
