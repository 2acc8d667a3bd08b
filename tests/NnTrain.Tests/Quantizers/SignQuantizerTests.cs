// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

public sealed class SignQuantizerTests : QuantizerTest
{
    private static readonly QuantizerSpec Sign = Weights with { Bits = 1, Grid = GridKind.Bipolar, Range = RangeKind.Unit };

    [Fact]
    public void A_binary_activation_is_the_sign_with_a_gradient_inside_the_unit_interval()
    {
        float[] x = [.. Spread(50, 3), 0f, 1f, -1f];

        (double[] gradient, Quantized output) = Backward(new Quantizer(Sign, TensorRole.Activations, []), x, 1, 53);

        AssertValues([.. x.Select(value => value >= 0 ? 1.0 : -1.0)], output.Values, tolerance: 0);
        AssertValues([.. x.Zip(Upstream(53)).Select(pair => Math.Abs(pair.First) <= 1 ? pair.Second : 0.0)], tensor(gradient), tolerance: 0);
    }

    [Fact]
    public void A_window_says_how_far_the_gradient_of_signs_reaches()
    {
        float[] x = [-1.4f, -1.3f, -1.2f, 0.4f, 1.1f, 1.31f];
        QuantizerSpec wide = Sign with { GradientWindow = 1.3 };

        (double[] gradient, Quantized output) = Backward(new Quantizer(wide, TensorRole.Activations, []), x, 1, 6);
        Tensor latent = Of(-3, -1.2, 0.5, 2);
        using (no_grad())
        {
            new Quantizer(wide, TensorRole.Weights, [4]).Constrain(latent);
        }

        float[] upstream = Upstream(6);
        AssertValues([-1, -1, -1, 1, 1, 1], output.Values, tolerance: 0);
        AssertValues([0, upstream[1], upstream[2], upstream[3], upstream[4], 0], tensor(gradient), tolerance: 0);
        AssertValues([-1.3, -1.2, 0.5, 1.3], latent);
    }

    [Theory]
    [InlineData(Granularity.PerTensor, 1)]
    [InlineData(Granularity.PerChannel, 3)]
    public void A_mean_magnitude_scale_has_the_gradient_of_the_product_rule(Granularity granularity, int groups)
    {
        float[] w = Spread(30, 1.6);
        QuantizerSpec spec = Sign with { Range = RangeKind.MeanMagnitude, Granularity = granularity };

        (double[] gradient, Quantized output) = Backward(new Quantizer(spec, TensorRole.Weights, [3, 10]), w, 3, 10);

        float[] upstream = Upstream(30);
        int size = 30 / groups;
        for (int i = 0; i < w.Length; i++)
        {
            int[] group = [.. Enumerable.Range(i / size * size, size)];
            double scale = group.Average(j => Math.Abs((double)w[j]));
            double through = group.Average(j => Math.Sign(w[j] + 1e-30) * upstream[j]);
            double expected = (Math.Abs(w[i]) <= 1 ? scale * upstream[i] : 0) + (Math.Sign(w[i]) * through);
            Assert.Equal(w[i] >= 0 ? scale : -scale, Values(output.Values)[i], 1e-6);
            if (w[i] != 0)
            {
                Assert.Equal(expected, gradient[i], 1e-5);
            }
        }
    }

    [Fact]
    public void Latent_weights_stay_where_the_clipped_gradient_reaches_them()
    {
        Tensor latent = Of(-3, -1, 0.5, 2);

        using (no_grad())
        {
            new Quantizer(Sign, TensorRole.Weights, [4]).Constrain(latent);
        }

        AssertValues([-1, -1, 0.5, 1], latent, tolerance: 0);
    }

    [Fact]
    public void Weights_with_more_than_one_bit_are_not_clipped()
    {
        Tensor latent = Of(-3, 2);

        using (no_grad())
        {
            new Quantizer(Weights, TensorRole.Weights, [2]).Constrain(latent);
        }

        AssertValues([-3, 2], latent, tolerance: 0);
    }
}
