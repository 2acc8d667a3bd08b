// SPDX-License-Identifier: Apache-2.0
using NnTrain.Models;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Stochastic rounding in training: what it chooses between, how often, and that nothing else of a network notices it.</summary>
public sealed class RoundingNoiseTests : QuantizerTest
{
    private const int Draws = 1 << 16;

    [Fact]
    public void Numbers_are_multiples_below_one_uniform_and_unlike_those_of_other_steps_and_quantizers()
    {
        double[] noise = Values(new RoundingNoise(1, 0, 0).Of(zeros(Draws)));

        Assert.All(noise, number => Assert.True(number is >= 0 and < 1 && number * (1 << 24) % 1 == 0));
        // 256 bins of 256: the statistic has 255 degrees of freedom, mean 255 and standard deviation sqrt(510); five of them are allowed.
        double squares = noise.GroupBy(number => (int)(number * 256)).Sum(bin => Math.Pow(bin.Count() - 256, 2)) / 256;
        Assert.InRange(squares, 255 - (5 * Math.Sqrt(510)), 255 + (5 * Math.Sqrt(510)));
        foreach (RoundingNoise other in (RoundingNoise[])[new(2, 0, 0), new(1, 1, 0), new(1, 1L << 32, 0), new(1, 0, 1)])
        {
            double[] others = Values(other.Of(zeros(Draws)));
            double covariance = noise.Zip(others).Average(pair => (pair.First - 0.5) * (pair.Second - 0.5));
            Assert.InRange(covariance, -5.0 / 12 / Math.Sqrt(Draws), 5.0 / 12 / Math.Sqrt(Draws));
        }
    }

    [Theory]
    [InlineData(GridKind.Signed, 4, -2.3, -3, -2, 0.7)]
    [InlineData(GridKind.SignedNarrow, 2, 0.25, 0, 1, 0.25)]
    [InlineData(GridKind.Unsigned, 8, 200.9, 200, 201, 0.9)]
    [InlineData(GridKind.Odd, 2, 0.0, -1, 1, 0.5)]
    [InlineData(GridKind.Odd, 3, -4.5, -5, -3, 0.25)]
    [InlineData(GridKind.Bipolar, 1, 0.5, -1, 1, 0.75)] // the hard sigmoid of 1/2
    [InlineData(GridKind.Bipolar, 1, -1.0, -1, -1, 0)]
    public void Codes_are_the_neighbours_and_their_mean_is_the_number(GridKind kind, int bits, double ratio, int below, int above, double share)
    {
        IGrid grid = NnTrain.Quantizers.Grids.Of(Weights with { Grid = kind, Bits = bits });

        double[] codes = Values(grid.Project(full(Draws, ratio), new RoundingNoise(7, 3, 2)));

        Assert.Equal(new[] { below, above }.Distinct().Select(code => (double)code), codes.Distinct().Order());
        double deviation = Math.Sqrt(share * (1 - share) / Draws);
        Assert.InRange(codes.Count(code => code == above && above != below) / (double)Draws, share - (5 * deviation), share + (5 * deviation));
    }

    [Theory]
    [InlineData(GridKind.PowerOfTwo)]
    [InlineData(GridKind.HalfWave)]
    [InlineData(GridKind.PowerOfTwoSum)]
    public void A_grid_of_unequal_codes_has_none(GridKind kind) =>
        Assert.Throws<NotSupportedException>(() => NnTrain.Quantizers.Grids.Of(Weights with { Grid = kind, Bits = 4 }).Project(zeros(1), new RoundingNoise(1, 0, 0)));

    [Fact]
    public void A_quantizer_has_noise_in_training_only_and_its_gradient_is_that_of_the_sentence()
    {
        using Quantizer quantizer = new(Weights with { Range = RangeKind.Unit, Grid = GridKind.SignedNarrow, Bits = 3 }, TensorRole.Weights, [8]);
        float[] x = [-9, -2.6f, -0.4f, 0.3f, 0.6f, 2.9f, 3, 4];
        double[] afterwards = [.. x.Select(value => HalfUp(Math.Clamp(value, -3, 3)))];

        Assert.Equal(afterwards, Values(quantizer.Quantize(tensor(x)).Codes));
        quantizer.Noise = new RoundingNoise(1, 0, 0);
        (double[] gradient, Quantized output) = Backward(quantizer, x);
        double[] first = Values(output.Values.detach());
        Assert.Equal(first, Values(quantizer.Quantize(tensor(x)).Values));
        Assert.Contains(Enumerable.Range(1, 8), step =>
        {
            quantizer.Noise = new RoundingNoise(1, step, 0);
            return !first.SequenceEqual(Values(quantizer.Quantize(tensor(x)).Values));
        });
        quantizer.eval();
        Assert.Equal(afterwards, Values(quantizer.Quantize(tensor(x)).Codes));

        Assert.All(first.Zip(x), pair => Assert.True(Math.Abs(pair.First - Math.Clamp(pair.Second, -3, 3)) < 1));
        Assert.Equal([0, .. Upstream(x.Length)[1..7].Select(value => (double)value), 0], gradient);
    }

    [Fact]
    public void Only_quantizers_whose_sentence_asks_for_it_round_at_random_until_the_step_is_over()
    {
        TrainingSpec recipe = TestRecipes.Short("w2a2");
        recipe = recipe with { QuantizedPhase = recipe.QuantizedPhase! with { Weights = recipe.QuantizedPhase.Weights with { TrainingRounding = TrainingRounding.Stochastic } } };
        using NetworkModel model = new(TestRecipes.SmallNetwork(), recipe);

        model.RoundAtRandom(1, 0);

        // The first and the last layer have sentences of their own.
        Assert.Equal(
            model.MatrixLayers.Select(layer => layer.WeightQuantizer.Spec.TrainingRounding == TrainingRounding.Stochastic),
            model.MatrixLayers.Select(layer => layer.WeightQuantizer.Noise is not null));
        Assert.Contains(model.MatrixLayers, layer => layer.WeightQuantizer.Noise is not null);
        Assert.All(model.MatrixLayers, layer => Assert.Null(layer.OutputQuantizer.Noise));
        model.RoundAsAfterwards();
        Assert.All(model.MatrixLayers, layer => Assert.Null(layer.WeightQuantizer.Noise));
    }
}
