// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;
using NnTrain.Layers;
using NnTrain.Quantizers;
using NnTrain.Specification;
using Xunit;

namespace NnTrain.Tests.Calibration;

/// <summary>Codes that make up for each other's errors, against the definition by vectors and against every input of a small layer.</summary>
public sealed class GreedyRoundingTests
{
    private const int Size = 6;
    private const int Samples = 30;

    private static readonly UniformGrid Grid = new(Signed: true, 5, Narrow: true);
    private static readonly LayerInput Input = new(new FeatureShape(1, 1, Size), Size, 0, 3);
    private static readonly WeightCorrectionSpec Free = new() { Segment = Size, PartialSumWidth = null, AccumulatorWidth = null };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Without_widths_codes_follow_the_walk_of_the_error(int seed)
    {
        (double[][] real, double[][] own, float[] ratios) = Layer(seed);
        int[] order = [3, 0, 5, 1, 4, 2];

        int[] codes = new GreedyRounding(Products(own, own), Products(own, real), order, Grid, Input, Free).Codes(ratios);

        double[] error = new double[Samples];
        foreach (int t in order)
        {
            for (int i = 0; i < Samples; i++)
            {
                error[i] += ratios[t] * real[i][t];
            }

            double ideal = Enumerable.Range(0, Samples).Sum(i => own[i][t] * error[i]) / own.Sum(x => x[t] * x[t]);
            int code = (int)Math.Clamp(Math.Sign(ideal) * Math.Floor(Math.Abs(ideal) + 0.5), Grid.Lowest, Grid.Highest);
            Assert.Equal(code, codes[t]);
            for (int i = 0; i < Samples; i++)
            {
                error[i] -= code * own[i][t];
            }
        }
    }

    [Fact]
    public void Inputs_that_have_nothing_in_common_leave_plain_rounding()
    {
        double[] diagonal = new double[Size * Size];
        for (int i = 0; i < Size; i++)
        {
            diagonal[(i * Size) + i] = i;
        }

        int[] codes = new GreedyRounding(diagonal, diagonal, [0, 1, 2, 3, 4, 5], Grid, Input, Free).Codes([0.4f, -0.6f, 2.2f, -7.7f, 20f, 0f]);

        Assert.Equal([0, -1, 2, -8, 15, 0], codes);
    }

    /// <summary>A correlated layer loses less by it than by rounding each weight: otherwise it would serve nothing.</summary>
    [Fact]
    public void Errors_of_outputs_are_smaller_than_those_of_plain_rounding()
    {
        double greedy = 0;
        double plain = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            (double[][] real, _, float[] ratios) = Layer(seed);
            int[] codes = new GreedyRounding(Products(real, real), Products(real, real), [0, 1, 2, 3, 4, 5], Grid, Input, Free).Codes(ratios);
            double Error(Func<int, double> code) => real.Sum(x => Math.Pow(Enumerable.Range(0, Size).Sum(t => x[t] * (ratios[t] - code(t))), 2));
            greedy += Error(t => codes[t]);
            plain += Error(t => Math.Floor(ratios[t] + 0.5));
        }

        Assert.True(greedy < 0.5 * plain, $"{greedy} against {plain}");
    }

    /// <summary>All 4^6 inputs: partial sums of three products stay within five bits, the whole sum within six, in every prefix; without widths they do not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void With_widths_no_input_leaves_either_accumulator(int seed)
    {
        (double[][] real, double[][] own, float[] ratios) = Layer(seed);
        int[] order = [1, 0, 2, 5, 4, 3];
        int[] Codes(int? partial, int? whole) => new GreedyRounding(
            Products(own, own), Products(own, real), order, Grid, Input, new() { Segment = 3, PartialSumWidth = partial, AccumulatorWidth = whole }).Codes(ratios);

        (int partial, int total) = Largest(Codes(5, 6), order);
        Assert.True(partial <= 15 && total <= 31, $"{partial}, {total}");
        (int freePartial, int freeTotal) = Largest(Codes(null, null), order);
        Assert.True(freePartial > 15 || freeTotal > 31);
        Assert.True(Largest(Codes(5, null), order).Partial <= 15);
        Assert.True(Largest(Codes(null, 6), order).Whole <= 31);
    }

    /// <summary>Runs of two end segments of three: the sums of each run of two are limited, and no code takes from the budget of another.</summary>
    [Fact]
    public void A_run_begins_a_new_segment()
    {
        (double[][] real, double[][] own, float[] ratios) = Layer(1);
        GreedyRounding Of(int run, int segment) => new(
            Products(own, own), Products(own, real), [0, 1, 2, 3, 4, 5], Grid, Input with { Run = run }, new() { Segment = segment, PartialSumWidth = 5, AccumulatorWidth = null });

        Assert.Equal(Of(6, 2).Codes(ratios), Of(2, 3).Codes(ratios));
        Assert.NotEqual(Of(6, 3).Codes(ratios), Of(2, 3).Codes(ratios));
    }

    /// <summary>Against a search for the threshold.</summary>
    [Theory]
    [InlineData(2.0)]
    [InlineData(5.5)]
    [InlineData(100.0)]
    public void The_threshold_leaves_the_radius(double radius)
    {
        float[] ratios = [3f, -1f, 0.5f, 4f, -2.5f];
        int[] all = [0, 1, 2, 3, 4];

        double threshold = GreedyRounding.Threshold(ratios, all, radius);

        double left = ratios.Sum(ratio => Math.Max(Math.Abs((double)ratio) - threshold, 0));
        Assert.Equal(Math.Min(radius, 11.0), left, 1e-9);
    }

    private static (int Partial, int Whole) Largest(int[] codes, int[] order)
    {
        (int largestPartial, int largestWhole) = (0, 0);
        for (int x = 0; x < 4096; x++)
        {
            (int partial, int whole) = (0, 0);
            for (int t = 0; t < Size; t++)
            {
                partial = t % 3 == 0 ? 0 : partial;
                int product = codes[order[t]] * (x >> (2 * t) & 3);
                (partial, whole) = (partial + product, whole + product);
                (largestPartial, largestWhole) = (Math.Max(largestPartial, Math.Abs(partial)), Math.Max(largestWhole, Math.Abs(whole)));
            }
        }

        return (largestPartial, largestWhole);
    }

    private static (double[][] Real, double[][] Own, float[] Ratios) Layer(int seed)
    {
        Random random = new(seed);
        double[][] real = [.. Enumerable.Range(0, Samples).Select(_ =>
        {
            double common = random.NextDouble();
            return Enumerable.Range(0, Size).Select(_ => (2.5 * common) + (0.5 * random.NextDouble())).ToArray();
        })];
        double[][] own = [.. real.Select(x => x.Select(value => Math.Round(value)).ToArray())];
        return (real, own, [.. Enumerable.Range(0, Size).Select(_ => (float)((random.NextDouble() - 0.5) * 24))]);
    }

    private static double[] Products(double[][] left, double[][] right) =>
        [.. Enumerable.Range(0, Size * Size).Select(k => Enumerable.Range(0, Samples).Sum(i => left[i][k / Size] * right[i][k % Size]))];
}
