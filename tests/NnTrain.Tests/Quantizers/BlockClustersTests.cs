// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Product codebooks: blocks of weights that share an entry.</summary>
public sealed class BlockClustersTests : QuantizerTest
{
    /// <summary>Blocks that differ little in what inputs are strong in, and much in what they are weak in. All ways to divide six blocks in two can be tried.</summary>
    [Theory]
    [InlineData(1, 1e-4)]
    [InlineData(1e-4, 1)]
    [InlineData(1, 1)]
    public void Two_groups_are_the_best_of_all_that_there_are(double first, double second)
    {
        float[] weights = [0.9f, 2f, 1f, -3f, 1.1f, 2.5f, -1.2f, -2.6f, -1f, 2.2f, -0.8f, -2.4f];
        double[] moments = [first, 0, 0, second];
        double Error(int[] index) => Enumerable.Range(0, 2).Sum(group =>
        {
            int[] members = [.. Enumerable.Range(0, 6).Where(p => index[p] == group)];
            return members.Sum(p => (first * Math.Pow(weights[2 * p] - members.Average(q => (double)weights[2 * q]), 2)) + (second * Math.Pow(weights[(2 * p) + 1] - members.Average(q => (double)weights[(2 * q) + 1]), 2)));
        });

        BlockClusters found = BlockClusters.Of(weights, 2, 2, moments);

        double best = Enumerable.Range(0, 64).Min(code => Error([.. Enumerable.Range(0, 6).Select(p => code >> p & 1)]));
        Assert.Equal(best, Error(found.Index), 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_block_has_the_nearest_entry_and_each_entry_is_the_mean_of_its_blocks(int seed)
    {
        const int block = 3;
        (float[] weights, double[][] inputs, double[] moments) = Correlated(seed, block, 120);

        BlockClusters clusters = BlockClusters.Of(weights, block, 8, moments);

        // The error of outputs themselves, input for input.
        double Error(int p, int k) => inputs.Average(x => Math.Pow(Enumerable.Range(0, block).Sum(i => x[i] * (weights[(p * block) + i] - clusters.Centroids[(k * block) + i])), 2));
        Assert.All(Enumerable.Range(0, 120), p => Assert.Equal(Enumerable.Range(0, 8).Min(k => Error(p, k)), Error(p, clusters.Index[p]), 1e-9));
        for (int k = 0; k < 8; k++)
        {
            int[] members = [.. Enumerable.Range(0, 120).Where(p => clusters.Index[p] == k)];
            Assert.NotEmpty(members);
            Assert.All(Enumerable.Range(0, block), i => Assert.Equal(members.Average(p => (double)weights[(p * block) + i]), clusters.Centroids[(k * block) + i], 1e-9));
        }
    }

    /// <summary>The paper's point: fit outputs, not weights.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Groups_by_what_inputs_make_of_them_leave_less_error_in_outputs_than_groups_by_weights(int seed)
    {
        const int block = 4;
        (float[] weights, double[][] inputs, double[] moments) = Correlated(seed, block, 200);
        double Error(double[] metric)
        {
            BlockClusters clusters = BlockClusters.Of(weights, block, 8, metric);
            return Enumerable.Range(0, 200).Sum(p => inputs.Average(x => Math.Pow(Enumerable.Range(0, block).Sum(i => x[i] * (weights[(p * block) + i] - clusters.Centroids[(clusters.Index[p] * block) + i])), 2)));
        }

        double[] identity = [.. Enumerable.Range(0, block * block).Select(k => k % (block + 1) == 0 ? 1.0 : 0)];
        Assert.InRange(Error(moments), 0, 0.8 * Error(identity));
    }

    /// <summary>The first entries are blocks 0, 2 and 4, which are alike: two of them have nobody, and take what is worst off.</summary>
    [Fact]
    public void An_entry_without_blocks_takes_the_one_that_is_worst_off()
    {
        float[] weights = [1, 1, 5, 5, 1, 1, -4, 2, 1, 1, 1, 1];

        BlockClusters clusters = BlockClusters.Of(weights, 2, 3, [1, 0, 0, 1]);

        Assert.Equal(weights.Select(weight => (double)weight), clusters.Index.SelectMany(k => clusters.Centroids[(2 * k)..((2 * k) + 2)]));
    }

    [Fact]
    public void More_entries_than_blocks_are_refused() => Assert.Throws<ArgumentException>(() => BlockClusters.Of([1, 2, 3, 4], 2, 3, [1, 0, 0, 1]));

    /// <summary>Inputs of ones and a zero: only the sum of the first two weights of a block counts, and blocks of the same sum share an entry whatever else they are.</summary>
    [Fact]
    public void A_quantizer_s_blocks_share_entries_by_what_its_inputs_see_and_entries_have_the_sum_of_gradients()
    {
        Quantizer quantizer = new(
            Weights with { Bits = 8, Grid = GridKind.SignedNarrow, Range = RangeKind.ProductCodebook, CodebookBits = 1, Block = 3, Gradient = GradientKind.Ste }, TensorRole.Weights, [2, 6]);
        float[] w = [1f, 2f, 9f, -1f, -2f, 7f, 2f, 1f, -9f, -2f, -1f, -7f];
        quantizer.InitializeByInputs(tensor(w, [2, 6]), tensor([1f, 1f, 0f, 1f, 1f, 0f, 2f, 2f, 0f, 1f, 1f, 0f], [2, 6]));

        Assert.True(quantizer.ReadsInputs);
        Tensor latent = tensor(w, [2, 6]);
        latent.requires_grad = true;
        Quantized output = quantizer.Quantize(latent);
        (output.Values * tensor(Upstream(12), [2, 6])).sum().backward();

        // Blocks 0 and 2 have the sum 3, blocks 1 and 3 have -3: means (1.5, 1.5, 0) and (-1.5, -1.5, 0), 127 codes for 1.5.
        Assert.Equal([127, 127, 0, -127, -127, 0, 127, 127, 0, -127, -127, 0], Values(output.Codes));
        Assert.True(latent.grad is null);
        float[] g = Upstream(12);
        double[] gradient = Values(TrainedScale(quantizer).grad!);
        double[] sums = [g[0] + g[6], g[1] + g[7], g[2] + g[8], g[3] + g[9], g[4] + g[10], g[5] + g[11]];
        Assert.Equal(sums, gradient, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    private static (float[] Weights, double[][] Inputs, double[] Moments) Correlated(int seed, int block, int blocks)
    {
        Random random = new(seed);
        double[][] inputs = [.. Enumerable.Range(0, 50).Select(_ => random.NextDouble()).Select(common => Enumerable.Range(0, block).Select(i => common + (0.2 * (random.NextDouble() - 0.5))).ToArray())];
        double[] moments = [.. Enumerable.Range(0, block * block).Select(k => inputs.Average(x => x[k / block] * x[k % block]))];
        return ([.. Enumerable.Range(0, block * blocks).Select(_ => (float)(random.NextDouble() - 0.5))], inputs, moments);
    }
}
