// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.TorchSystem;

public sealed class OptimizerTests : TorchTest
{
    private static Parameter NewParameter() => nn.Parameter(tensor(new double[] { 1, -2, 3 }));

    /// <summary>The gradient of ½ Σ c·p² is c·p.</summary>
    private static void Backward(OptimizerHelper optimizer, Parameter parameter)
    {
        optimizer.zero_grad();
        (parameter.square() * Of(1, 2, 3) / 2).sum().backward();
    }

    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(0.9, 0, 0, false)]
    [InlineData(0.9, 0, 0.01, true)]
    [InlineData(0.5, 0.25, 0.1, false)]
    public void Gradient_descent_follows_its_recurrence(double momentum, double dampening, double decay, bool nesterov)
    {
        const double rate = 0.05;
        var parameter = NewParameter();
        using var optimizer = optim.SGD([parameter], rate, momentum, dampening, decay, nesterov);
        double[] p = [1, -2, 3], buffer = [0, 0, 0];
        for (var step = 0; step < 5; step++)
        {
            Backward(optimizer, parameter);
            optimizer.step();
            for (var i = 0; i < p.Length; i++)
            {
                var gradient = (i + 1) * p[i] + decay * p[i];
                buffer[i] = step == 0 ? gradient : momentum * buffer[i] + (1 - dampening) * gradient;
                p[i] -= rate * (momentum == 0 ? gradient : nesterov ? gradient + momentum * buffer[i] : buffer[i]);
            }
            AssertValues(p, parameter.detach());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    public void Adam_follows_its_recurrence(double decay)
    {
        const double rate = 0.1, beta1 = 0.8, beta2 = 0.95, eps = 1e-6;
        var parameter = NewParameter();
        using var optimizer = optim.Adam([parameter], rate, beta1, beta2, eps, decay);
        double[] p = [1, -2, 3], m = [0, 0, 0], v = [0, 0, 0];
        for (var step = 1; step <= 5; step++)
        {
            Backward(optimizer, parameter);
            optimizer.step();
            for (var i = 0; i < p.Length; i++)
            {
                var gradient = (i + 1) * p[i] + decay * p[i];
                m[i] = beta1 * m[i] + (1 - beta1) * gradient;
                v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient;
                p[i] -= rate * (m[i] / (1 - Math.Pow(beta1, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, step))) + eps);
            }
            AssertValues(p, parameter.detach(), 1e-11);
        }
    }

    [Fact]
    public void Learning_rates_are_set_per_group()
    {
        var (first, second) = (NewParameter(), NewParameter());
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([first], 0.5), new SGD.ParamGroup([second], 0.25)], 0.1);
        Assert.Equal([0.5, 0.25], optimizer.ParamGroups.Select(group => group.LearningRate));
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate /= 2;
        }
        (first.sum() + second.sum()).backward();
        optimizer.step();
        AssertValues([0.75, -2.25, 2.75], first.detach());
        AssertValues([0.875, -2.125, 2.875], second.detach());
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays_as_it_is()
    {
        var parameter = NewParameter();
        using var optimizer = optim.Adam([parameter]);
        optimizer.step();
        AssertValues([1, -2, 3], parameter.detach());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void State_that_was_saved_and_loaded_continues_with_the_same_bytes(bool adam)
    {
        OptimizerHelper New(Parameter p) => adam ? optim.Adam([p], 0.1) : optim.SGD([p], 0.1, 0.9, 0, 0.01, true);
        void Run(OptimizerHelper optimizer, Parameter p, int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                Backward(optimizer, p);
                optimizer.step();
            }
        }

        var whole = NewParameter();
        using var uninterrupted = New(whole);
        Run(uninterrupted, whole, 7);

        var killed = NewParameter();
        using var before = New(killed);
        Run(before, killed, 3);
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        before.save_state_dict(writer);
        writer.Flush();
        file.Position = 0;

        var resumed = nn.Parameter(killed.detach().clone());
        using var after = New(resumed);
        after.load_state_dict(new BinaryReader(file));
        Run(after, resumed, 4);
        Assert.Equal(whole.detach().bytes.ToArray(), resumed.detach().bytes.ToArray());
    }

    [Fact]
    public void The_state_of_another_kind_of_optimizer_is_refused()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        using var sgd = optim.SGD([NewParameter()], 0.1);
        using var adam = optim.Adam([NewParameter()]);
        sgd.save_state_dict(writer);
        writer.Flush();
        file.Position = 0;
        Assert.Throws<InvalidDataException>(() => adam.load_state_dict(new BinaryReader(file)));
    }
}
