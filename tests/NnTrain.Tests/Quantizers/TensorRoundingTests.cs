// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using NnTrain.Quantizers;
using NnTrain.Tests.TorchSystem;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Tests.Quantizers;

public sealed class TensorRoundingTests : TorchTest
{
    private const int FractionBits = 4;

    [Theory]
    [InlineData(RoundingMode.Floor)]
    [InlineData(RoundingMode.HalfUp)]
    [InlineData(RoundingMode.HalfAway)]
    [InlineData(RoundingMode.HalfEven)]
    [InlineData(RoundingMode.TowardZero)]
    public void Every_mode_rounds_as_the_hardware_shifts(RoundingMode mode)
    {
        int[] raw = [.. Enumerable.Range(-400, 801)];
        Tensor x = tensor(raw.Select(value => MathF.ScaleB(value, -FractionBits)).ToArray());

        double[] expected = [.. raw.Select(value => (double)Rounding.ShiftRight(mode, value, FractionBits))];

        AssertValues(expected, TensorRounding.Round(x, mode), tolerance: 0);
    }

    [Fact]
    public void A_mode_without_a_rule_for_tensors_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorRounding.Round(zeros(1), RoundingMode.Stochastic));

    [Fact]
    public void Stochastic_rounding_goes_up_where_the_noise_is_below_the_fraction_and_never_moves_an_integer()
    {
        const float Most = 1 - (1f / (1 << 24));
        float[] x = [-3, -2.75f, -0.25f, 0, 0.25f, 0.75f, 1, 100, 255, 254.5f];

        AssertValues([-3, -2, 0, 0, 1, 1, 1, 100, 255, 255], TensorRounding.Stochastic(tensor(x), zeros(x.Length)), tolerance: 0);
        AssertValues([-3, -3, 0, 0, 0, 1, 1, 100, 255, 254], TensorRounding.Stochastic(tensor(x), full(x.Length, 0.5)), tolerance: 0);
        AssertValues([-3, -3, -1, 0, 0, 0, 1, 100, 255, 254], TensorRounding.Stochastic(tensor(x), full(x.Length, Most)), tolerance: 0);
    }

    [Fact]
    public void The_sign_of_zero_is_plus_one() =>
        AssertValues([-1, -1, 1, 1, 1], TensorRounding.Sign(Of(-2, -1e-30, 0.0, 1e-30, 2)), tolerance: 0);
}
