// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Rewriting;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Rewriting;

public sealed class WholeBitsTests
{
    [Theory]
    [InlineData(9, "a 4, b 3")] // the nearest, 2 * 3 + 3, fit
    [InlineData(8, "a 4, b 2")] // harm 2 * 4^-0.1 + 4^0.6 = 4.04; a 3, b 4 has 2 * 4^0.9 + 4^-1.4 = 7.1
    [InlineData(7, "a 3, b 3")] // 2 * 4^0.9 + 4^-0.4 = 7.5; a 4 would leave b one bit
    [InlineData(10, "a 4, b 4")] // a bit of a would cost two
    [InlineData(4, "a 2, b 2")]
    [InlineData(1000, "a 8, b 8")]
    public void Bits_lie_near_the_learned_ones_within_the_budget(double budget, string expected)
    {
        var learned = Learned(("a", 3.9, Line(2)), ("b", 2.6, Line(1)));

        ImmutableSortedDictionary<string, int> bits = WholeBits.Fit(learned, 4, of => (2 * (of["a"] - 1)) + of["b"], budget);

        Assert.Equal(expected, string.Join(", ", bits.Select(layer => FormattableString.Invariant($"{layer.Key} {layer.Value}"))));
    }

    /// <summary>A dear bit is worth several cheap ones: four of b, one each, are given for one of a, which costs a hundred.</summary>
    [Fact]
    public void Cheap_bits_make_room_for_a_dear_one() =>
        Assert.Equal([3, 4], WholeBits.Fit(Learned(("a", 2.97, Line(100)), ("b", 8, Line(1))), 202, of => (100 * of["a"]) + of["b"], 304).Values);

    [Fact]
    public void Less_than_the_least_bits_is_no_budget() =>
        Assert.Throws<ArgumentException>(() => WholeBits.Fit(Learned(("a", 4, Line(1)), ("b", 4, Line(1))), 4, of => of["a"] + of["b"], 3.9));

    /// <summary>Together layers may cost more or less than the sum of what they cost alone.</summary>
    [Theory]
    [InlineData(-3)]
    [InlineData(0)]
    [InlineData(3)]
    public void Whatever_layers_cost_the_budget_is_kept_and_nothing_more_fits(int together)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            SeededRandom random = new(seed);
            string[] layers = [.. Enumerable.Range(0, 1 + random.NextInt(6)).Select(i => $"layer{i}")];

            // Rising, with steps of nothing.
            var learned = Learned([.. layers.Select(layer => (
                layer, 2 + (6 * random.NextUniform()), Enumerable.Range(0, 6).Select(_ => random.NextInt(4)).Aggregate(new List<double> { 0 }, (sums, price) => [.. sums, sums[^1] + price]).ToImmutableArray()))]);
            double Cost(ImmutableSortedDictionary<string, int> bits) => bits.Sum(layer => learned[layer.Key].Costs[layer.Value - 2]) + (bits.Values.Max() > 5 ? together : 0);
            double budget = random.NextInt(12);

            ImmutableSortedDictionary<string, int> bits = WholeBits.Fit(learned, 0, Cost, budget);

            Assert.True(Cost(bits) <= budget);
            Assert.All(bits, layer => Assert.InRange(layer.Value, 2, 8));
            Assert.All(bits.Where(layer => layer.Value < 8), layer => Assert.True(Cost(bits.SetItem(layer.Key, layer.Value + 1)) > budget));
        }
    }

    private static ImmutableArray<double> Line(double slope) => [.. Enumerable.Range(0, 7).Select(bit => slope * bit)];

    private static ImmutableSortedDictionary<string, LearnedBits> Learned(params (string Layer, double Bits, ImmutableArray<double> Costs)[] layers) =>
        layers.ToImmutableSortedDictionary(layer => layer.Layer, layer => new LearnedBits(layer.Bits, 2, layer.Costs), StringComparer.Ordinal);
}
