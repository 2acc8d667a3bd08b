// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Derivatives that stand for those of signs and steps, against their closed formulas.</summary>
public sealed class SmoothGradientTests : QuantizerTest
{
    private static readonly float[] Points = [-2.5f, -1.2f, -0.7f, -0.31f, -0.05f, 0.05f, 0.4f, 0.9f, 1.1f, 3f];

    private static readonly QuantizerSpec Sign = Weights with { Bits = 1, Grid = GridKind.Bipolar, Range = RangeKind.Unit };

    public static TheoryData<GradientKind, double, Func<double, double>> Derivatives { get; } = new()
    {
        { GradientKind.ApproximateSign, 0, u => Math.Abs(u) < 1 ? 2 - (2 * Math.Abs(u)) : 0 },
        { GradientKind.GaussianSign, 0, u => 2 * Math.Exp(-Math.PI * u * u) },
        { GradientKind.SignSwish, 0, u => 5 * (2 - (5 * u * Math.Tanh(2.5 * u))) / (1 + Math.Cosh(5 * u)) },
        { GradientKind.ErrorDecay, 0, u => 1 - Math.Pow(Math.Tanh(1e-3 * u), 2) },
        { GradientKind.ErrorDecay, 0.75, u => 1 - Math.Pow(Math.Tanh(u), 2) },
        { GradientKind.ErrorDecay, 1, u => 10 * (1 - Math.Pow(Math.Tanh(10 * u), 2)) },
        { GradientKind.SoftSign, 0, u => 1 - Math.Pow(Math.Tanh(u), 2) },
        { GradientKind.SoftSign, 1 / 3.0, u => 10 * (1 - Math.Pow(Math.Tanh(10 * u), 2)) },
    };

    [Theory]
    [MemberData(nameof(Derivatives))]
    public void The_backward_pass_is_the_derivative_that_papers_give(GradientKind kind, double progress, Func<double, double> derivative)
    {
        Quantizer quantizer = new(Sign with { Gradient = kind }, TensorRole.Weights, [Points.Length]);
        quantizer.MoveTo(progress);

        (double[] gradient, Quantized output) = Backward(quantizer, Points);

        AssertValues([.. Points.Select(u => u >= 0 ? 1.0 : -1.0)], output.Codes, 0);
        for (int i = 0; i < Points.Length; i++)
        {
            Assert.Equal(Upstream(Points.Length)[i] * derivative(Points[i]), gradient[i], 2e-5);
        }
    }

    [Fact]
    public void A_soft_sign_is_a_sign_when_it_is_not_in_training()
    {
        Quantizer quantizer = new(Sign with { Gradient = GradientKind.SoftSign }, TensorRole.Weights, [2]);

        AssertValues([Math.Tanh(0.5), Math.Tanh(-0.25)], quantizer.Quantize(Of(0.5, -0.25).to_type(float32)).Values, 1e-6);
        quantizer.eval();
        AssertValues([1, -1], quantizer.Quantize(Of(0.5, -0.25).to_type(float32)).Values, 0);
    }

    /// <summary>The staircase by its formula in double precision, and both of its derivatives by central differences.</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.05)]
    public void The_soft_staircase_has_the_derivatives_of_its_formula(double softness)
    {
        float[] u = [-2.8f, -1.4f, -0.55f, 0.1f, 0.49f, 0.51f, 1.9f, 2.3f];
        SoftStaircase staircase = new();
        Set(staircase.parameters().Single(), (float)softness);
        Tensor input = tensor(u);
        input.requires_grad = true;
        staircase.Value(input).sum().backward();
        double[] gradient = Values(input.grad!);

        double F(double x, double a)
        {
            double i = Math.Floor(x);
            double k = Math.Log((2 / a) - 1);
            return i + (((Math.Tanh(k * (x - i - 0.5)) / Math.Tanh(k / 2)) + 1) / 2);
        }

        const double step = 1e-5;
        Assert.Equal(1 - softness, Math.Tanh(Math.Log((2 / softness) - 1) / 2), 1e-12);
        for (int j = 0; j < u.Length; j++)
        {
            Assert.Equal((F(u[j] + step, softness) - F(u[j] - step, softness)) / (2 * step), gradient[j], 1e-3);
        }

        double expected = u.Sum(x => (F(x, softness + step) - F(x, softness - step)) / (2 * step));
        Assert.Equal(expected, Values(staircase.parameters().Single().grad!).Single(), 1e-3);
    }

    [Fact]
    public void Codes_with_a_soft_gradient_are_rounded_as_ever_and_clipped_values_have_none()
    {
        QuantizerSpec spec = Weights with { Bits = 3, Grid = GridKind.SignedNarrow, Range = RangeKind.LearnedStep, Gradient = GradientKind.SoftStep };
        Quantizer quantizer = new(spec, TensorRole.Weights, [4]);
        Set(quantizer.parameters().First(parameter => parameter.ndim == 0), 1f);
        foreach (var parameter in quantizer.named_parameters().Where(parameter => parameter.name.Contains("step", StringComparison.Ordinal)))
        {
            Set(parameter.parameter, 1f);
        }
        foreach (var parameter in quantizer.named_parameters().Where(parameter => parameter.name.Contains("softness", StringComparison.Ordinal)))
        {
            Set(parameter.parameter, 0.2f);
        }

        (double[] gradient, Quantized output) = Backward(quantizer, [0.4f, 1.6f, 5f, -9f]);

        AssertValues([0, 2, 3, -3], output.Codes, 0);
        Assert.Equal([0, 0], gradient[2..]);
        Assert.True(gradient[0] != 0 && gradient[1] != 0);
    }
}
