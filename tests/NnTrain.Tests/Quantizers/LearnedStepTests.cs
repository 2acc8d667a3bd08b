// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Esser et al. 2020, equations 1 to 5.</summary>
public sealed class LearnedStepTests : QuantizerTest
{
    private static readonly QuantizerSpec Lsq = Weights with { Range = RangeKind.LearnedStep };

    [Theory]
    [InlineData(GridKind.Signed, 4)]
    [InlineData(GridKind.SignedNarrow, 2)]
    [InlineData(GridKind.Unsigned, 4)]
    [InlineData(GridKind.Unsigned, 1)]
    public void The_step_has_the_gradient_of_the_paper(GridKind grid, int bits)
    {
        const float step = 0.3f;
        float[] x = Spread(60, 5);
        Quantizer quantizer = new(Lsq with { Grid = grid, Bits = bits }, TensorRole.Weights, [60]);
        Set(TrainedScale(quantizer), step);

        (double[] input, Quantized output) = Backward(quantizer, x);

        (int lowest, int highest) = (quantizer.Grid.Lowest, quantizer.Grid.Highest);
        float[] upstream = Upstream(60);
        double expected = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double u = x[i] / step;
            bool inside = u >= lowest && u <= highest;
            double code = Math.Clamp(HalfUp(u), lowest, highest);
            expected += upstream[i] * (u < lowest ? lowest : u > highest ? highest : code - u) / Math.Sqrt(60.0 * highest);
            Assert.Equal(inside ? upstream[i] : 0, input[i], 1e-6);
        }
        AssertValues([expected], TrainedScale(quantizer).grad!, 1e-4);
        AssertValues([step], output.Step, tolerance: 0);
    }

    [Fact]
    public void The_gradient_is_that_of_the_smooth_function_with_the_rounding_error_held_fixed()
    {
        const float step = 0.3f;
        float[] x = Spread(60, 5);
        float[] upstream = Upstream(60);
        Quantizer quantizer = new(Lsq, TensorRole.Weights, [60]);
        Set(TrainedScale(quantizer), step);
        double[] codes = Values(Backward(quantizer, x).Output.Codes);

        double Surrogate(double s) => Enumerable.Range(0, 60).Sum(i =>
            upstream[i] * s * (Math.Clamp(x[i] / s, -8, 7) + codes[i] - Math.Clamp(x[i] / step, -8, 7)));
        double numeric = (Surrogate(step + 1e-6) - Surrogate(step - 1e-6)) / 2e-6 / Math.Sqrt(60.0 * 7);

        AssertValues([numeric], TrainedScale(quantizer).grad!, 1e-4);
    }

    [Fact]
    public void The_gradient_of_an_activation_counts_the_elements_of_one_image()
    {
        float[] x = Spread(60, 9);
        Quantizer weights = new(Lsq with { Grid = GridKind.Unsigned }, TensorRole.Weights, [4, 15]);
        Quantizer activations = new(Lsq with { Grid = GridKind.Unsigned }, TensorRole.Activations, []);

        Backward(weights, x, 4, 15);
        Backward(activations, x, 4, 15);

        double[] scaled = [.. Values(TrainedScale(weights).grad!).Select(gradient => gradient * Math.Sqrt(4))];
        AssertValues(scaled, TrainedScale(activations).grad!, 1e-5);
    }

    [Fact]
    public void A_step_starts_at_twice_the_mean_magnitude_over_the_root_of_the_greatest_code()
    {
        float[] w = Spread(24, 2);
        Quantizer quantizer = new(Lsq with { Granularity = Granularity.PerChannel }, TensorRole.Weights, [2, 12]);

        quantizer.Initialize(tensor(w, [2, 12]));

        double Start(int channel) => 2 * w.Skip(12 * channel).Take(12).Average(value => Math.Abs((double)value)) / Math.Sqrt(7);
        AssertValues([Start(0), Start(1)], TrainedScale(quantizer), 1e-6);
    }

    [Fact]
    public void A_snapped_step_quantises_by_a_power_of_two_and_still_learns()
    {
        Quantizer quantizer = new(Lsq with { Scale = ScaleKind.PowerOfTwo }, TensorRole.Weights, [60]);
        Set(TrainedScale(quantizer), 0.3f);

        (double[] _, Quantized output) = Backward(quantizer, Spread(60, 5));

        AssertValues([0.25], output.Step, tolerance: 0);
        Assert.NotEqual(0, Values(TrainedScale(quantizer).grad!)[0]);
    }

    [Fact]
    public void A_step_that_an_update_made_negative_comes_back_to_be_positive()
    {
        Quantizer quantizer = new(Lsq, TensorRole.Weights, [60]);
        Set(TrainedScale(quantizer), -0.1f);

        using (no_grad())
        {
            quantizer.Constrain(null);
        }

        Assert.InRange(Values(TrainedScale(quantizer))[0], double.Epsilon, 1e-5);
    }
}
