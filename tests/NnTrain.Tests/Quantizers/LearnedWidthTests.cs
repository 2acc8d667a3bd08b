// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Rewriting;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Quantisers whose bits are a parameter.</summary>
public sealed class LearnedWidthTests : QuantizerTest
{
    private const float Level = 3f;

    [Theory]
    [InlineData(2f)]
    [InlineData(4f)]
    [InlineData(5.25f)]
    [InlineData(8f)]
    public void Values_and_gradients_of_activations_are_those_of_the_formula(float bits)
    {
        float[] x = Spread(40, 4);
        float[] upstream = Upstream(40);
        LearnedWidth learned = new(2, 8, null);
        (Tensor width, Tensor level) = Parameters(learned);
        Set(width, bits);
        Set(level, Level);
        Tensor input = tensor(x);
        input.requires_grad = true;

        Tensor output = learned.Quantize(input);
        (output * tensor(upstream)).sum().backward();

        double At(double value, int b) => HalfUp(Math.Clamp(value, 0, Level) / Step(b)) * Step(b);
        int low = Math.Min((int)Math.Floor(bits), 7);
        double share = bits - low;
        AssertValues([.. x.Select(value => At(value, low) + (share * (At(value, low + 1) - At(value, low))))], output, 1e-5);
        AssertValues([x.Select((value, i) => upstream[i] * (At(value, low + 1) - At(value, low))).Sum()], width.grad!, 1e-4);
        AssertValues([.. x.Select((value, i) => value is >= 0 and <= Level ? (double)upstream[i] : 0)], input.grad!, 1e-5);

        // The rounding errors, in steps, are held fixed.
        double Surrogate(double a) => x.Select((value, i) => upstream[i] * (((1 - share) * Smooth(value, a, low)) + (share * Smooth(value, a, low + 1)))).Sum();
        double Smooth(double value, double a, int b)
        {
            double step = a / ((1 << b) - 1);
            double clipped = Math.Clamp(value, 0, Level) / Step(b);
            return step * ((value > a ? (1 << b) - 1 : Math.Max(value, 0) / step) + HalfUp(clipped) - clipped);
        }

        AssertValues([(Surrogate(Level + 1e-5) - Surrogate(Level - 1e-5)) / 2e-5], level.grad!, 1e-3);
    }

    [Fact]
    public void Whole_bits_of_weights_are_those_of_the_quantizer_of_that_width()
    {
        float[] w = Spread(24, 2);
        LearnedWidth learned = new(2, 8, ScaleGroups.Of(Granularity.PerChannel, [2, 12]));
        for (int bits = 2; bits <= 8; bits++)
        {
            Set(Parameters(learned).Width, bits);
            Quantizer quantizer = new(Weights with { Bits = bits, Grid = GridKind.SignedNarrow, Granularity = Granularity.PerChannel }, TensorRole.Weights, [2, 12]);

            AssertValues(Values(quantizer.Quantize(tensor(w, [2, 12])).Values), learned.Quantize(tensor(w, [2, 12])), 1e-6);
        }
    }

    [Fact]
    public void A_figure_of_whole_bits_is_met_there_and_straight_between_with_its_slope_as_the_gradient()
    {
        double[] figures = [10, 14, 30, 31];
        LearnedWidth learned = new(2, 5, null);
        Tensor width = Parameters(learned).Width;
        for (int i = 0; i < figures.Length; i++)
        {
            Set(width, 2 + i);
            AssertValues([figures[i]], learned.Interpolate(figures), 1e-5);
        }

        Set(width, 3.25f);
        Tensor between = learned.Interpolate(figures);
        between.backward();
        AssertValues([18], between, 1e-5);
        AssertValues([16], width.grad!, 1e-5);
        Assert.Equal(3, new LearnedBits(learned.Bits, 2, [0, 1, 2, 3, 4, 5, 6]).Rounded);
    }

    [Fact]
    public void Bits_stay_within_their_range()
    {
        LearnedWidth learned = new(2, 5, null);
        foreach ((float set, double kept) in new[] { (0.5f, 2.0), (9f, 5.0), (3.5f, 3.5) })
        {
            Set(Parameters(learned).Width, set);
            using (no_grad())
            {
                learned.Constrain();
            }

            Assert.Equal(kept, learned.Bits, 1e-6);
        }
    }

    private static double Step(int bits) => Level / ((1 << bits) - 1);

    private static (Tensor Width, Tensor Level) Parameters(LearnedWidth learned)
    {
        Dictionary<string, Tensor> parameters = learned.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        return (parameters["width"], parameters["level"]);
    }
}
