// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Quantizers;
using NnTrain.Rewriting;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using Xunit;

namespace NnTrain.Tests.Rewriting;

public sealed class BitAllocationTests
{
    private static readonly QuantizedPhaseSpec Phase = TestRecipes.Load("methods/lin-sqnr").QuantizedPhase!;

    /// <summary>conv1 54, conv2 192, dense1 1152 (3 x 3 x 8 inputs), dense2 64 weights; a bit more for every 6 dB, 10 log10(1152 / n) / 6.02.</summary>
    [Fact]
    public void Small_layers_have_a_bit_more_for_every_quarter_of_the_weights()
    {
        ImmutableSortedDictionary<string, LayerBits> bits = NoiseAllocation.Of(
            TestRecipes.SmallNetwork(), Phase, new() { Cost = BitCost.Weights, DecibelsPerBit = 6.02 });

        Assert.Equal(new LayerBits(4 + 2, 4 + 2), bits["conv1"]); // 13.3 dB: 2.2
        Assert.Equal(new LayerBits(4 + 1, 4 + 1), bits["conv2"]); // 7.8 dB: 1.3
        Assert.Equal(new LayerBits(4, 4), bits["dense1"]);
        Assert.Equal(new LayerBits(4 + 2, 4 + 2), bits["dense2"]); // 12.6 dB: 2.1
    }

    /// <summary>An accuracy that each group spoils below a width of its own.</summary>
    [Theory]
    [InlineData(SearchOrder.Independent)]
    [InlineData(SearchOrder.Greedy)]
    public void Every_group_has_the_last_width_that_costs_no_more_than_the_margin(SearchOrder order)
    {
        BitSearchSpec spec = new() { Groups = BitGroups.Layers, Order = order, Widths = [6, 5, 4, 3, 2], Margin = 0.01, Images = 1 };
        BitGroup[] groups = [new(["a"], false), new(["b"], false), new(["a"], true)];
        double Accuracy(ImmutableSortedDictionary<string, LayerBits> bits) =>
            0.9 - ((bits.GetValueOrDefault("a")?.Weights ?? 8) < 5 ? 0.1 : 0) - ((bits.GetValueOrDefault("b")?.Weights ?? 8) < 3 ? 0.1 : 0) - ((bits.GetValueOrDefault("a")?.Activations ?? 8) < 8 ? 0.1 : 0);

        ImmutableSortedDictionary<string, LayerBits> found = BitSearch.Of(
            groups, spec, Phase with { Weights = Phase.Weights with { Bits = 8 }, Activations = Phase.Activations with { Bits = 8 } }, Accuracy);

        Assert.Equal(new LayerBits(5, null), found["a"]);
        Assert.Equal(new LayerBits(3, null), found["b"]);
    }

    [Fact]
    public void Greedy_losses_add_up_and_independent_ones_do_not()
    {
        BitGroup[] groups = [new(["a"], false), new(["b"], false)];
        double Accuracy(ImmutableSortedDictionary<string, LayerBits> bits) => 0.9 - (0.006 * bits.Count);
        ImmutableSortedDictionary<string, LayerBits> Found(SearchOrder order) => BitSearch.Of(
            groups, new() { Groups = BitGroups.Layers, Order = order, Widths = [2], Margin = 0.01, Images = 1 }, Phase, Accuracy);

        Assert.Equal(["a"], Found(SearchOrder.Greedy).Keys);
        Assert.Equal(["a", "b"], Found(SearchOrder.Independent).Keys);
    }

    /// <summary>Five layers that break below widths of their own, against all 16,807 choices: over twelve seeds the policy comes nearer to the greatest reward than as many blind draws.</summary>
    [Fact]
    public void A_policy_that_learns_finds_more_reward_than_blind_draws()
    {
        double[] costs = [1, 5, 20, 3, 8];
        int[] breaks = [4, 3, 2, 5, 3];
        PolicySearchSpec learning = new() { Widths = [8, 7, 6, 5, 4, 3, 2], Episodes = 400, Threshold = 0.9, WeightCost = 0, LearningRate = 0.2, Images = 1 };
        double Accuracy(ImmutableArray<int> bits) => 0.95 - bits.Zip(breaks, (b, least) => 0.2 * Math.Max(least - b, 0)).Sum();
        double Reward(ImmutableArray<int> bits) => Accuracy(bits) / 0.95 < 0.9 ? -1 : (1 - Math.Pow(bits.Zip(costs, (b, c) => b * c).Sum() / (8 * 37), 0.2)) * Accuracy(bits) / 0.95;
        double Found(PolicySearchSpec spec) => Enumerable.Range(1, 12).Average(seed => Reward(PolicySearch.Of(costs, spec, seed, Accuracy)));
        double best = Enumerable.Range(0, 16_807).Max(i => Reward([2 + (i % 7), 2 + (i / 7 % 7), 2 + (i / 49 % 7), 2 + (i / 343 % 7), 2 + (i / 2401)]));

        double learned = Found(learning) / best;
        double blind = Found(learning with { LearningRate = 1e-9 }) / best;

        Assert.True(learned > 0.93 && learned > blind + 0.01, $"{learned} of the best, blind {blind}");
        Assert.Equal(PolicySearch.Of(costs, learning, 1, Accuracy).AsEnumerable(), PolicySearch.Of(costs, learning, 1, Accuracy));
    }

    /// <summary>conv1 54 weights at 64 pixels, conv2 192 at 9, dense1 1152, dense2 64.</summary>
    [Fact]
    public void A_bit_costs_its_weight_and_its_multiplications() =>
        Assert.Equal([54 * (120 + 64), 192 * (120 + 9), 1152 * 121, 64 * 121], PolicySearch.Costs(TestRecipes.SmallNetwork(), 120));

    [Fact]
    public void A_weighted_group_has_the_weighted_mean()
    {
        WeightClusters clusters = WeightClusters.Of([1.5f, 2, -3, -5], [3, 1, 1, 1], entries: 3, sparsity: 0, entropyWeight: 0);

        Assert.Equal([0, -4, 1.625], clusters.Centroids.Select(centroid => (double)centroid));
    }

    [Fact]
    public void The_dearer_a_bit_is_the_less_entropy_the_indices_have()
    {
        float[] weights = [.. Enumerable.Range(0, 2000).Select(i => (float)Math.Sinh(4 * Math.Sin(1.3 * i)))];
        double EntropyAt(double weight)
        {
            float[] index = WeightClusters.Of(weights, [.. weights.Select(_ => 1f)], entries: 16, sparsity: 0, weight).Index;
            return index.GroupBy(k => k).Sum(group => -group.Count() / 2000.0 * Math.Log2(group.Count() / 2000.0));
        }

        double[] entropies = [EntropyAt(0), EntropyAt(0.01), EntropyAt(0.1), EntropyAt(1)];

        Assert.All(entropies.Zip(entropies.Skip(1)), pair => Assert.True(pair.Second < pair.First, string.Join(", ", entropies)));
    }
}
