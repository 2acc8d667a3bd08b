// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Zhou et al. 2016, equations 5, 7 to 11.</summary>
public sealed class DorefaTests : QuantizerTest
{
    private static readonly QuantizerSpec Dorefa = Weights with { Range = RangeKind.Dorefa, Grid = GridKind.Odd, Gradient = GradientKind.Ste };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Weights_have_the_closed_form_of_the_paper(int bits)
    {
        float[] w = Spread(70, 3);
        double n = (1 << bits) - 1;
        double largest = w.Max(value => Math.Abs(Math.Tanh(value)));

        Quantized output = new Quantizer(Dorefa with { Bits = bits }, TensorRole.Weights, [70]).Quantize(tensor(w));

        AssertValues([.. w.Select(value => (2 * HalfUp(n * ((Math.Tanh(value) / (2 * largest)) + 0.5)) / n) - 1)], output.Values, 1e-6);
        Assert.All(Values(output.Codes), code => Assert.Equal(1, Math.Abs(code % 2)));
    }

    [Fact]
    public void The_gradient_of_weights_is_exact_through_tanh_and_maximum()
    {
        float[] w = Spread(20, 2);
        float[] upstream = Upstream(20);
        (double[] gradient, Quantized _) = Backward(new Quantizer(Dorefa, TensorRole.Weights, [20]), w);

        double Surrogate(double[] x) => x.Select((value, i) => upstream[i] * Math.Tanh(value)).Sum() / x.Max(value => Math.Abs(Math.Tanh(value)));
        for (int i = 0; i < w.Length; i++)
        {
            double[] above = [.. w.Select((value, j) => value + (i == j ? 1e-6 : 0))];
            double[] below = [.. w.Select((value, j) => value - (i == j ? 1e-6 : 0))];
            Assert.Equal((Surrogate(above) - Surrogate(below)) / 2e-6, gradient[i], 1e-4);
        }
    }

    /// <summary>With the maximum M a constant: <c>g (1 - tanh(w)^2) / M</c> for each weight.</summary>
    [Fact]
    public void The_port_s_gradient_of_weights_stops_at_the_maximum()
    {
        float[] w = Spread(20, 2);
        double most = w.Max(value => Math.Abs(Math.Tanh(value)));

        (double[] gradient, Quantized output) = Backward(new Quantizer(Dorefa with { Reading = Reading.Port }, TensorRole.Weights, [20]), w);

        AssertValues([.. w.Zip(Upstream(20), (value, g) => g * (1 - Math.Pow(Math.Tanh(value), 2)) / most)], tensor(gradient), 1e-5);
        AssertValues(Values(new Quantizer(Dorefa, TensorRole.Weights, [20]).Quantize(tensor(w)).Values), output.Values, tolerance: 0);
    }

    [Fact]
    public void One_bit_is_the_sign_times_the_mean_magnitude_of_the_layer_with_the_identity_behind()
    {
        float[] w = [.. Spread(20, 2), 0f];
        QuantizerSpec spec = Dorefa with { Bits = 1, Grid = GridKind.Bipolar };

        (double[] gradient, Quantized output) = Backward(new Quantizer(spec, TensorRole.Weights, [21]), w);

        double mean = w.Average(value => Math.Abs((double)value));
        AssertValues([.. w.Select(value => value >= 0 ? mean : -mean)], output.Values, 1e-6);
        AssertValues([.. Upstream(21).Select(value => (double)value)], tensor(gradient), 1e-6);
    }

    [Fact]
    public void Activations_are_clipped_to_the_unit_interval()
    {
        float[] x = Spread(50, 2);
        QuantizerSpec spec = Activations with { Range = RangeKind.Dorefa, Bits = 3 };

        (double[] gradient, Quantized output) = Backward(new Quantizer(spec, TensorRole.Activations, []), x, 1, 50);

        AssertValues([.. x.Select(value => HalfUp(7 * Math.Clamp(value, 0.0, 1.0)) / 7)], output.Values, 1e-6);
        AssertValues([.. x.Zip(Upstream(50)).Select(pair => pair.First is >= 0 and <= 1 ? pair.Second : 0.0)], tensor(gradient), 1e-6);
    }
}
