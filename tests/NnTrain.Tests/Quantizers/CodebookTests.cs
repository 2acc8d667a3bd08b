// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

public sealed class CodebookTests : QuantizerTest
{
    private static readonly QuantizerSpec Shared = Weights with
    {
        Bits = 8, Grid = GridKind.SignedNarrow, Range = RangeKind.KMeans, CodebookBits = 2, Gradient = GradientKind.Ste,
    };

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void Each_weight_is_in_the_nearest_group_and_each_centroid_is_the_mean_of_its_group(int entries)
    {
        float[] w = Spread(300, 1);

        WeightClusters clusters = WeightClusters.Of(w, entries, 0);

        Assert.Equal(0, clusters.Centroids[0]);
        for (int i = 0; i < w.Length; i++)
        {
            double own = Math.Abs(w[i] - (double)clusters.Centroids[(int)clusters.Index[i]]);
            Assert.All(clusters.Centroids, centroid => Assert.True(own <= Math.Abs(w[i] - (double)centroid) + 1e-6));
        }
        for (int k = 1; k < entries; k++)
        {
            float[] group = [.. w.Where((_, i) => (int)clusters.Index[i] == k)];
            Assert.True(group.Length == 0 || Math.Abs(group.Average(value => (double)value) - clusters.Centroids[k]) < 1e-6);
        }
    }

    /// <summary>
    /// Second derivatives of a trained network are a small part of their mean for most weights: here exp(3 z), z normal, with a median of one ninetieth of the mean. At 0.005 mean squares a bit costs more than the whole of
    /// most weights.
    /// </summary>
    [Fact]
    public void The_recipe_s_price_of_an_index_leaves_most_weights_what_they_are()
    {
        Random random = new(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        float[] w = [.. Enumerable.Range(0, 4000).Select(_ => (float)Normal())];
        float[] importance = [.. w.Select(_ => (float)Math.Exp(3 * Normal()))];
        double price = TestRecipes.Load("methods/hessian-ecsq").QuantizedPhase!.Weights.EntropyWeight!.Value;
        double Lost(double entropyWeight)
        {
            WeightClusters clusters = WeightClusters.Of(w, importance, 16, 0, entropyWeight);
            return w.Select((x, i) => Math.Pow(x - clusters.Centroids[(int)clusters.Index[i]], 2)).Sum() / w.Sum(x => (double)x * x);
        }

        Assert.InRange(Lost(price), 0, 0.2);
        Assert.InRange(Lost(0.005), 0.4, 1);
    }

    /// <summary>Groups of one dimension are intervals, so the optimum of few weights can be had by trying all borders; Lloyd's rounds end near it.</summary>
    [Fact]
    public void The_error_is_near_that_of_the_best_of_all_groups()
    {
        float[] w = [-1.1f, -1f, -0.9f, -0.45f, -0.4f, 0.02f, -0.03f, 0.3f, 0.35f, 0.42f, 1.3f, 1.4f];
        double best = double.PositiveInfinity;
        float[] sorted = [.. w.Order()];
        for (int a = 0; a <= sorted.Length; a++)
        {
            for (int b = a; b <= sorted.Length; b++)
            {
                for (int c = b; c <= sorted.Length; c++)
                {
                    // Three groups with means, and the interval a..b that goes to zero: one of them below it and two above, as Lloyd's rounds start here.
                    double error = sorted[a..b].Sum(value => (double)value * value) + Deviation(sorted[..a]) + Deviation(sorted[b..c]) + Deviation(sorted[c..]);
                    best = Math.Min(best, error);
                }
            }
        }

        WeightClusters clusters = WeightClusters.Of(w, 4, 0);

        double found = w.Select((value, i) => Math.Pow(value - clusters.Centroids[(int)clusters.Index[i]], 2)).Sum();
        Assert.InRange(found, best - 1e-6, best * 1.5);

        static double Deviation(float[] group) => group.Length == 0 ? 0 : group.Sum(value => Math.Pow(value - group.Average(other => (double)other), 2));
    }

    [Fact]
    public void The_smallest_weights_are_pruned_and_stay_zero()
    {
        float[] w = Spread(40, 1);
        Quantizer quantizer = new(Shared with { Sparsity = 0.5 }, TensorRole.Weights, [40]);
        quantizer.Initialize(Singles(w));
        Set(TrainedScale(quantizer), 0.7f, -0.5f, 0.25f, 1f);
        using (no_grad())
        {
            quantizer.Constrain(null);
        }

        double[] codes = Values(quantizer.Quantize(Singles(w)).Codes);

        double border = w.Select(Math.Abs).Order().Skip(20).First();
        Assert.All(w.Zip(codes).Where(pair => Math.Abs(pair.First) < border), pair => Assert.Equal(0, pair.Second));
        Assert.Equal([-63, 0, 32, 127], codes.Distinct().Order());
    }

    [Fact]
    public void A_centroid_has_the_sum_of_its_groups_gradients_and_weights_have_none()
    {
        float[] w = Spread(40, 1);
        Quantizer quantizer = new(Shared, TensorRole.Weights, [40]);
        quantizer.Initialize(Singles(w));
        WeightClusters clusters = WeightClusters.Of(w, 4, 0);
        Tensor latent = Singles(w);
        latent.requires_grad = true;

        Quantized output = quantizer.Quantize(latent);
        (output.Values * tensor(Upstream(40), [40])).sum().backward();

        Assert.True(latent.grad is null);
        double[] sums = [.. Enumerable.Range(0, 4).Select(k => Upstream(40).Where((_, i) => (int)clusters.Index[i] == k).Sum(value => (double)value))];
        double unit = w.Max(value => Math.Abs((double)value));
        AssertValues([.. sums.Select(sum => unit * sum)], TrainedScale(quantizer).grad!, tolerance: 1e-5);
        AssertValues([.. clusters.Centroids.Select(centroid => centroid / unit)], TrainedScale(quantizer), tolerance: 1e-6);
    }

    private static Tensor Singles(float[] values) => tensor(values, [values.Length]);
}
