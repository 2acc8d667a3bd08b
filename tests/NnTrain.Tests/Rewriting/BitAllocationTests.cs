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
