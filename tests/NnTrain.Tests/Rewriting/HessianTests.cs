// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using NnTrain.Data;
using NnTrain.Rewriting;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Rewriting;

/// <summary>
/// A network of one dense layer has a Hessian in closed form: <c>H = E (diag(p) - p p^T) x (x x^T)</c>, p the probabilities of the classes, x the pixels.
/// </summary>
public sealed class HessianTests : TrainingTest
{
    private const int Classes = 4;
    private const int Pixels = 64;
    private const int Count = 24;

    private static readonly ImageSet Images = SyntheticImages.Sets().Training.Slice(0, Count);

    [Fact]
    public void The_trace_is_that_of_the_closed_form()
    {
        double trace = Probabilities().Select((p, image) => p.Sum(q => q * (1 - q)) * Pixel(image).Sum(x => x * x)).Average();

        double found = HessianSensitivity.Of(Network(), Images, Spec(HessianMeasure.Trace, 60))["dense"] * Classes * Pixels;

        Assert.InRange(found / trace, 0.9, 1.1); // the mean of sixty draws
    }

    [Fact]
    public void The_eigenvalue_is_that_of_the_closed_form()
    {
        double[][] probabilities = Probabilities();
        double[] v = [.. Enumerable.Range(0, Classes * Pixels).Select(i => Math.Cos(i))];
        double value = 0;
        for (int round = 0; round < 200; round++)
        {
            double norm = Math.Sqrt(v.Sum(a => a * a));
            double[] unit = [.. v.Select(a => a / norm)];
            v = new double[unit.Length];
            for (int image = 0; image < Count; image++)
            {
                double[] x = Pixel(image);
                double[] p = probabilities[image];
                double[] u = [.. Enumerable.Range(0, Classes).Select(k => Enumerable.Range(0, Pixels).Sum(i => unit[(k * Pixels) + i] * x[i]))];
                double mean = p.Zip(u, (a, b) => a * b).Sum();
                for (int k = 0; k < Classes; k++)
                {
                    for (int i = 0; i < Pixels; i++)
                    {
                        v[(k * Pixels) + i] += p[k] * (u[k] - mean) * x[i] / Count;
                    }
                }
            }

            value = unit.Zip(v, (a, b) => a * b).Sum();
        }

        double found = HessianSensitivity.Of(Network(), Images, Spec(HessianMeasure.Eigenvalue, 40))["dense"] * Classes * Pixels;

        Assert.InRange(found / value, 0.97, 1.03);
    }

    /// <summary>Against all 81 choices of four layers.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4.5)]
    [InlineData(8)]
    public void No_other_widths_within_the_budget_do_less_harm(double mean)
    {
        int[] widths = [8, 4, 2];
        long[] counts = [50, 300, 40, 110];
        double[][] harms = [.. counts.Select((_, i) => widths.Select(width => (1 + Math.Abs(Math.Sin(7 * i))) * Math.Pow(4, -width) * (i + 1)).ToArray())];
        double budget = mean * counts.Sum();
        double Harm(IEnumerable<int> choice) => choice.Select((width, i) => harms[i][Array.IndexOf(widths, width)]).Sum();

        double[][] costs = [.. counts.Select(count => widths.Select(width => (double)count * width).ToArray())];
        int[] found = [.. BitBudget.Choose(harms, costs, budget).Select(place => widths[place])];

        double best = Enumerable.Range(0, 81).Select(code => new[] { widths[code % 3], widths[code / 3 % 3], widths[code / 9 % 3], widths[code / 27] })
            .Where(choice => choice.Zip(counts, (width, count) => width * count).Sum() <= budget).Min(Harm);
        Assert.Equal(best, Harm(found), 1e-12);
        Assert.True(found.Zip(counts, (width, count) => width * count).Sum() <= budget);
    }

    private static HessianAllocationSpec Spec(HessianMeasure measure, int samples) =>
        new() { Sensitivity = measure, Widths = [8, 4], MeanBits = 6, Samples = samples, Images = Count };

    private static double[] Pixel(int image) => [.. Images.Image(image).ToArray().Select(pixel => pixel / 256.0)];

    private static double Weight(int i) => 0.4 * Math.Sin(3 * i);

    private static double[][] Probabilities() => [.. Enumerable.Range(0, Count).Select(image =>
    {
        double[] x = Pixel(image);
        double[] z = [.. Enumerable.Range(0, Classes).Select(k => Enumerable.Range(0, Pixels).Sum(i => Weight((k * Pixels) + i) * x[i]))];
        double sum = z.Sum(Math.Exp);
        return z.Select(score => Math.Exp(score) / sum).ToArray();
    })];

    private static TrainedNetwork Network() => new()
    {
        Network = new()
        {
            Name = "one",
            Input = new(8, 8, 1),
            Layers = [new FlattenSpec { Name = "flatten" }, new DenseSpec { Name = "dense", Outputs = Classes }],
        },
        Recipe = TestRecipes.Short("methods/protocol") with { QuantizedPhase = null },
        Environment = new("none", "none", 1),
        Epochs = [],
        FloatAccuracy = null,
        TrainedAccuracy = null,
        Parameters = TensorArchive.NoArrays
            .Add("dense.weight", NpyArray.FromFloats([Classes, Pixels], [.. Enumerable.Range(0, Classes * Pixels).Select(i => (float)Weight(i))]))
            .Add("dense.bias", NpyArray.FromFloats([Classes], new float[Classes])),
    };
}
