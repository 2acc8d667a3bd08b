// SPDX-License-Identifier: Apache-2.0
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace NnTrain.Tests.TorchSystem;

public sealed class GradientTests : TorchTest
{
    [Fact]
    public void Elementwise_chains_agree_with_finite_differences() =>
        AssertGradients(t => ((t[0] * t[1]).tanh() + t[0].pow(2) / (t[1].abs() + 2)).exp().sum(), Waves(5), Waves(5) * 2);

    [Fact]
    public void Dense_layers_agree_with_finite_differences() =>
        AssertGradients(t => F.linear(t[0], t[1], t[2]).square().mean(), Waves(3, 4), Waves(2, 4), Waves(2));

    [Fact]
    public void Convolution_and_pooling_agree_with_finite_differences() => AssertGradients(
        t => F.max_pool2d(F.conv2d(t[0], t[1], t[2], [1, 1], [1, 1]), 2).square().sum(),
        Waves(1, 2, 4, 4),
        Waves(3, 2, 3, 3),
        Waves(3));

    [Fact]
    public void Cross_entropy_agrees_with_finite_differences() => AssertGradients(
        t => F.cross_entropy(t[0], tensor(new long[] { 1, 0, 2 }), null, -100, nn.Reduction.Mean, 0.1), Waves(3, 3) * 2);

    [Fact]
    public void Batch_norm_agrees_with_finite_differences() => AssertGradients(
        t => (F.batch_norm(t[0], null, null, t[1], t[2], true) * Waves(4, 2, 2, 2).square()).sum(),
        Waves(4, 2, 2, 2),
        Waves(2),
        Waves(2));

    [Fact]
    public void Selections_agree_with_finite_differences() => AssertGradients(
        t => (t[0][1..] * t[0].index_select(0, tensor(new long[] { 2, 2, 0 }))).sum() + t[0].t().reshape(2, 4)[1].ProductOfSquares(),
        Waves(4, 2));

    [Fact]
    public void A_straight_through_estimator_passes_the_gradient_of_the_identity()
    {
        var x = Of(0.2, 0.7, 1.4).with_requires_grad();
        var q = x + (x.round() - x).detach();
        AssertValues([0, 1, 1], q.detach(), 1e-15);
        (q * Of(1, 2, 3)).sum().backward();
        AssertValues([1, 2, 3], x.grad!);
    }

    [Fact]
    public void The_gradient_of_a_clamp_is_zero_outside_its_range()
    {
        var x = Of(-2, 0.5, 2).with_requires_grad();
        x.clamp(-1, 1).sum().backward();
        AssertValues([0, 1, 0], x.grad!);
    }

    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        var x = Of(3).with_requires_grad();
        Assert.Null(x.grad);
        (x * x).sum().backward();
        (x * x).sum().backward();
        AssertValues([12], x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Without_gradients_nothing_is_recorded_and_the_mode_comes_back()
    {
        var x = Of(3).with_requires_grad();
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
            {
                Assert.True((x * 2).requires_grad);
            }
            Assert.False(is_grad_enabled());
        }
        Assert.True((x * 2).requires_grad);
        Assert.False(x.detach().requires_grad);
    }
}

internal static class TensorFunctions
{
    /// <summary>e to the sum of logarithms of squares: a product of squares.</summary>
    internal static Tensor ProductOfSquares(this Tensor x) => x.square().log().sum().exp();
}
