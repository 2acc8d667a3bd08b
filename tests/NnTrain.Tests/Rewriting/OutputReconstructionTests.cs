// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;
using NnTrain.Rewriting;
using Xunit;

namespace NnTrain.Tests.Rewriting;

public sealed class OutputReconstructionTests
{
    /// <summary>Ten weights have 1024 sign vectors, each with its best scale: descent comes within a twentieth of the best, and is no worse than the signs of the weights.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Signs_that_keep_outputs_come_near_the_best_of_all(int seed)
    {
        const int size = 10;
        Random random = new(seed);
        double[][] inputs = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, size).Select(i => random.NextDouble() + (0.3 * i)).ToArray())];
        InputMoments moments = new(size, [.. Enumerable.Range(0, size * size).Select(k => inputs.Average(x => x[k / size] * x[k % size]))]);
        double[] weights = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble() - 0.5)];
        double Error(double scale, double[] signs) => inputs.Average(x => Math.Pow(Enumerable.Range(0, size).Sum(i => x[i] * (weights[i] - (scale * signs[i]))), 2));
        double Best(double[] signs)
        {
            double along = inputs.Average(x => Dot(x, signs) * Dot(x, weights));
            double square = inputs.Average(x => Dot(x, signs) * Dot(x, signs));
            return Error(Math.Max(along / square, 0), signs);
        }

        (double scale, double[] found) = OutputReconstruction.Fit(weights, moments);

        double all = Enumerable.Range(0, 1 << size).Min(code => Best([.. Enumerable.Range(0, size).Select(i => (code >> i & 1) == 1 ? 1.0 : -1)]));
        double ofWeights = Best([.. weights.Select(weight => weight >= 0 ? 1.0 : -1)]);
        double power = inputs.Average(x => Math.Pow(Dot(x, weights), 2));
        Assert.True(Error(scale, found) <= ofWeights + 1e-12);
        Assert.True(Error(scale, found) <= all + (0.05 * power), $"{Error(scale, found)} found, {all} at best, {ofWeights} of the weights, outputs {power}");
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
