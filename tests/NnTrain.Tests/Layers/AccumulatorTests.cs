// SPDX-License-Identifier: Apache-2.0
using NnTrain.Layers;
using NnTrain.Tests.TorchSystem;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Layers;

/// <summary>What training makes of sums that leave an accumulator.</summary>
public sealed class AccumulatorTests : TorchTest
{
    /// <summary>Against the low bits of whole numbers, in both types and with a unit that is no power of two.</summary>
    [Theory]
    [InlineData(8, 1.0)]
    [InlineData(8, 0.25)]
    [InlineData(11, 0.0371)]
    public void A_wrapped_sum_is_that_of_two_s_complement_and_has_the_gradient_of_the_whole_one(int width, double unit)
    {
        int[] whole = [.. Enumerable.Range(-3000, 6001).Where(value => value % 7 == 0 || Math.Abs(value % (1 << (width - 1))) < 2)];
        Tensor sums = Of([.. whole.Select(value => value * unit)]);
        sums.requires_grad = true;

        Tensor wrapped = WrappedSum.Of(sums, Of(unit), width);
        wrapped.sum().backward();

        int unused = 32 - width;
        AssertValues([.. whole.Select(value => (value << unused >> unused) * unit)], wrapped, 1e-9);
        AssertValues([.. whole.Select(_ => 1.0)], sums.grad!);
    }

    [Fact]
    public void The_penalty_is_the_mean_excess_and_has_its_gradient()
    {
        const int width = 5;
        double[] codes = [0, 14, 15, 16, -15, -18, 40];

        double expected = codes.Average(code => Math.Max(Math.Abs(code) - 15, 0)) / 16;

        AssertValues([expected], OverflowPenalty.Of(Of([.. codes.Select(code => code * 0.5)]), Of(0.5), width));
        AssertGradients(inputs => OverflowPenalty.Of(inputs[0], Of(0.5), width), Of([.. codes.Select(code => (code * 0.5) + 0.1)]));
    }
}
