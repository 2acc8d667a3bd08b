// SPDX-License-Identifier: Apache-2.0
using NnTrain.Optimizers;
using NnTrain.Specification;
using NnTrain.Tests.TorchSystem;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Optimizers;

public sealed class UpdateRuleTests : TorchTest
{
    private static readonly double[] Start = [0.5, -1.25, 2];

    private static readonly AdamSpec Adam = new() { LearningRate = 0.01, WeightDecay = 0.1, Beta1 = 0.8, Beta2 = 0.9, Epsilon = 1e-6 };

    private static readonly SgdSpec Sgd = new() { LearningRate = 0.01, WeightDecay = 0.1, Momentum = 0.75 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Adam_takes_the_steps_of_the_paper(bool decays)
    {
        double[] w = [.. Start];
        double[] m = new double[3];
        double[] v = new double[3];
        for (int t = 1; t <= 5; t++)
        {
            for (int i = 0; i < 3; i++)
            {
                double g = Gradient(i, t - 1) + (decays ? 0.1 * w[i] : 0);
                m[i] = (0.8 * m[i]) + (0.2 * g);
                v[i] = (0.9 * v[i]) + (0.1 * g * g);
                w[i] -= Rate(t - 1) * (m[i] / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.9, t))) + 1e-6);
            }
        }

        AssertValues(w, Run(Adam, decays, 5).Value, 1e-6);
    }

    [Theory]
    [InlineData(Reading.Paper)]
    [InlineData(Reading.Code)]
    public void Shift_based_AdaMax_takes_steps_of_powers_of_two(Reading reading)
    {
        static double Power(double x) => Math.Pow(2, Math.Round(Math.Log2(x)));
        ShiftAdaMaxSpec spec = new() { LearningRate = 0.01, WeightDecay = 0, Beta1 = 0.8, Beta2 = 0.9, Epsilon = 1e-6, Reading = reading };
        double[] w = [.. Start];
        double[] m = new double[3];
        double[] v = new double[3];
        for (int t = 1; t <= 5; t++)
        {
            for (int i = 0; i < 3; i++)
            {
                double g = Gradient(i, t - 1);
                m[i] = (0.8 * m[i]) + (0.2 * g);
                v[i] = Math.Max(0.9 * v[i], Math.Abs(g));
                v[i] = reading == Reading.Code ? Power(v[i]) : v[i];
                w[i] -= Power(Rate(t - 1) / (1 - Math.Pow(0.8, t))) * m[i] * Power(1 / (v[i] + 1e-6));
            }
        }

        AssertValues(w, Run(spec, decays: false, 5).Value, 1e-6);
    }

    /// <summary>Average m = 0.5 m + 0.5 g; a sign flips where m points its way and is above 0.2.</summary>
    [Fact]
    public void Bop_flips_signs_whose_average_gradient_is_large_and_of_their_sign()
    {
        using Parameter weight = new(tensor([0.3f, -2f, 1f, -1f]));
        using Parameter other = new(tensor([0.5f]));
        BopSpec spec = new() { LearningRate = 0.1, WeightDecay = 0, Adaptivity = 0.5, Threshold = 0.2 };
        using Optimizer optimizer = Optimizer.Of(spec, [new("conv1.weight", weight, true), new("conv1.norm.beta", other, false)]);

        weight.grad = tensor([1f, 1f, 0.2f, -0.3f]);
        other.grad = tensor([4f]);
        optimizer.Step(0.1, 0);
        AssertValues([-1, -1, 1, -1], weight, 0); // m: 0.5, 0.5, 0.1, -0.15
        AssertValues([0.4], other, 1e-6); // Adam's first step is the rate

        weight.grad = tensor([0f, 1f, 0.4f, -0.3f]);
        optimizer.Step(0.1, 1);
        AssertValues([-1, -1, -1, 1], weight, 0); // m: 0.25, 0.75, 0.25, -0.225

        Assert.Equal(["average.conv1.weight", "first_moment.conv1.norm.beta", "second_moment.conv1.norm.beta"], optimizer.State.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradient_descent_takes_the_steps_of_its_formula(bool decays)
    {
        double[] w = [.. Start];
        double[] v = new double[3];
        for (int t = 0; t < 5; t++)
        {
            for (int i = 0; i < 3; i++)
            {
                v[i] = (0.75 * v[i]) + Gradient(i, t) + (decays ? 0.1 * w[i] : 0);
                w[i] -= Rate(t) * v[i];
            }
        }

        AssertValues(w, Run(Sgd, decays, 5).Value, 1e-6);
        AssertValues([.. Start.Select((x, i) => x - (Rate(0) * Gradient(i, 0)))], Run(Sgd with { Momentum = 0 }, false, 1).Value, 1e-6);
    }

    [Fact]
    public void State_is_there_before_the_first_step_under_the_names_of_the_parameters()
    {
        TrainedParameter parameter = new("conv1.weight", new Parameter(zeros(3)), Decays: true);
        using Optimizer adam = Optimizer.Of(Adam, [parameter]);
        using Optimizer plain = Optimizer.Of(Sgd with { Momentum = 0 }, [parameter]);

        Assert.Equal(["first_moment.conv1.weight", "second_moment.conv1.weight"], adam.State.Keys);
        Assert.Empty(plain.State);
    }

    [Fact]
    public void A_parameter_without_gradient_stays()
    {
        TrainedParameter parameter = new("w", new Parameter(tensor([1f, 2f])), Decays: true);
        using Optimizer rule = Optimizer.Of(Adam, [parameter]);

        rule.Step(1, 0);

        AssertValues([1, 2], parameter.Value, tolerance: 0);
    }

    private static TrainedParameter Run(OptimizerSpec spec, bool decays, int steps)
    {
        TrainedParameter parameter = new("w", new Parameter(tensor([.. Start.Select(value => (float)value)])), decays);
        using Optimizer rule = Optimizer.Of(spec, [parameter]);
        for (int t = 0; t < steps; t++)
        {
            rule.ZeroGradients();
            (parameter.Value * tensor(Enumerable.Range(0, 3).Select(i => (float)Gradient(i, t)).ToArray())).sum().backward();
            rule.Step(Rate(t), t);
        }
        return parameter;
    }

    private static double Gradient(int i, int t) => Math.Sin(i + (2 * t)) + 0.25;

    private static double Rate(int t) => 0.01 * (t + 1);
}
