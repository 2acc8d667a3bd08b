// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.TorchSystem;

/// <summary>Gives each test a scope of its own and helpers to compare tensors with arrays.</summary>
public abstract class TorchTest : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static Tensor Of(params double[] values) => tensor(values);

    /// <summary>Values that are different, of both signs, and no ties: sin(1), sin(2), …</summary>
    protected static Tensor Waves(params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, extent) => product * extent);
        return tensor(Enumerable.Range(1, (int)count).Select(i => Math.Sin(i)).ToArray(), shape);
    }

    protected static double[] Values(Tensor values) => values.to_type(float64).data<double>().ToArray();

    protected static void AssertValues(double[] expected, Tensor actual, double tolerance = 1e-12)
    {
        var found = Values(actual);
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - found[i]) <= tolerance || expected[i].Equals(found[i]),
                $"element {i}: expected {expected[i]:R}, found {found[i]:R}");
        }
    }

    /// <summary>Compares backward() with central differences in every element of every input.</summary>
    protected static void AssertGradients(Func<Tensor[], Tensor> loss, params Tensor[] inputs)
    {
        const double step = 1e-5;
        foreach (var input in inputs)
        {
            input.requires_grad = true;
        }
        loss(inputs).backward();
        foreach (var input in inputs)
        {
            var analytic = Values(input.grad!);
            using var ungraded = no_grad();
            var elements = input.data<double>();
            for (var i = 0; i < analytic.Length; i++)
            {
                var centre = elements[i];
                elements[i] = centre + step;
                var above = loss(inputs).item<double>();
                elements[i] = centre - step;
                var below = loss(inputs).item<double>();
                elements[i] = centre;
                var numeric = (above - below) / (2 * step);
                Assert.True(Math.Abs(numeric - analytic[i]) < 1e-7, $"element {i}: {numeric:R} by differences, {analytic[i]:R} by backward");
            }
        }
    }
}

/// <summary>Tests that draw from the default generator, which all threads share, run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class DefaultGenerator
{
    public const string Name = "default random number generator";
}
