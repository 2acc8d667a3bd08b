// SPDX-License-Identifier: Apache-2.0
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.TorchSystem;

[Collection(DefaultGenerator.Name)]
public sealed class RandomTests : TorchTest
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        manual_seed(7);
        var first = Values(rand(5));
        manual_seed(7);
        Assert.Equal(first, Values(rand(5)));
        manual_seed(8);
        Assert.NotEqual(first, Values(rand(5)));
    }

    [Fact]
    public void A_stored_state_continues_the_stream_where_it_was()
    {
        manual_seed(3);
        _ = randn(13);
        var state = get_rng_state();
        var expected = Values(cat([randn(5), rand(5), randperm(9).to_type(float32)]));
        set_rng_state(state);
        Assert.Equal(expected, Values(cat([randn(5), rand(5), randperm(9).to_type(float32)])));
    }

    /// <summary>
    /// MT19937 seeded with 5489 begins 3499211612, 581869302 (Matsumoto and Nishimura's reference, also the C++
    /// standard's default seed); a float takes the low 24 bits of a number over 2²⁴.
    /// </summary>
    [Fact]
    public void The_stream_is_that_of_the_Mersenne_Twister()
    {
        manual_seed(5489);
        double[] expected = [(3499211612L & 0xFFFFFF) / 16777216.0, (581869302L & 0xFFFFFF) / 16777216.0];
        Assert.Equal(expected, Values(rand(2)));
    }

    [Fact]
    public void A_generator_of_ones_own_leaves_the_default_one_alone()
    {
        manual_seed(5);
        var expected = Values(rand(4));
        manual_seed(5);
        using var generator = new Generator(5);
        Assert.Equal(expected, Values(rand(4, null, null, false, generator)));
        Assert.Equal(expected, Values(rand(4)));
    }

    [Fact]
    public void A_permutation_has_every_number_once() =>
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (double)i), Values(randperm(100)).Order());

    [Fact]
    public void Integers_stay_in_their_range()
    {
        var values = Values(randint(-3, 4, new long[] { 2000 }));
        Assert.Equal([-3.0, -2, -1, 0, 1, 2, 3], values.Distinct().Order());
        Assert.Equal([0.0, 1], Values(randint(2, new long[] { 100 })).Distinct().Order());
    }
}
