// SPDX-License-Identifier: Apache-2.0
using NnTrain.Optimizers;
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Weights of a few real values, ternary weights and scales of signs.</summary>
public sealed class FewLevelsTests : QuantizerTest
{
    private static readonly QuantizerSpec Book = Weights with { Bits = 8, Grid = GridKind.SignedNarrow, CodebookBits = 2, Gradient = GradientKind.Ste };

    private static readonly QuantizerSpec Sign = Weights with { Bits = 1, Grid = GridKind.Bipolar, Gradient = GradientKind.Ste };

    /// <summary>Threshold 0.05, so the sets are {0.5, 1}, {-0.3} and {0.02, -0.04}; the unit of parameters is the mean magnitude.</summary>
    [Theory]
    [InlineData(Reading.Code, -1)]
    [InlineData(Reading.Paper, 1)]
    public void Trained_ternary_values_have_the_gradient_of_their_sets(Reading reading, int signOfNegative)
    {
        float[] w = [0.5f, 1f, -0.3f, 0.02f, -0.04f];
        float[] g = Upstream(5);
        Quantizer quantizer = new(Book with { Range = RangeKind.TrainedTernary, Reading = reading }, TensorRole.Weights, [5]);
        quantizer.Initialize(tensor(w));
        Dictionary<string, Parameter> values = quantizer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);

        (double[] gradient, Quantized output) = Backward(quantizer, w);

        double step = 0.75 / 127;
        double negative = Math.Round(0.3 / step) * step;
        AssertValues([0.75, 0.75, -negative, 0, 0], output.Values, 1e-6);
        double unit = w.Average(x => Math.Abs((double)x));
        AssertValues([unit * (g[0] + g[1])], values["range.positive"].grad!, 1e-6);
        AssertValues([unit * signOfNegative * g[2]], values["range.negative"].grad!, 1e-6);
        double[] expected = [0.75 * g[0], 0.75 * g[1], 0.3 * g[2], g[3], g[4]];
        Assert.All(expected.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    /// <summary>The scale against the mean of a large normal sample beyond the threshold, the gradient against the difference of the closed formula.</summary>
    [Fact]
    public void The_scale_of_a_trained_threshold_is_what_normal_weights_have_beyond_it()
    {
        float[] w = Normal(40_000, 0.3);
        Quantizer quantizer = new(Weights with { Bits = 2, Grid = GridKind.SignedNarrow, Range = RangeKind.TruncatedGaussian, Gradient = GradientKind.Ste }, TensorRole.Weights, [w.Length]);
        double deviation = Math.Sqrt(w.Average(x => (double)x * x));
        Set(TrainedScale(quantizer), (float)(0.25 / deviation));

        (double[] gradient, Quantized output) = Backward(quantizer, w);

        double expected = w.Select(x => Math.Abs((double)x)).Where(x => x > 0.25).Average();
        Assert.Equal(1, Values(output.Step).Single() / expected, 0.01);
        double[] codes = Values(output.Codes);
        Assert.All(w.Zip(codes).Take(500), pair => Assert.Equal(Math.Abs(pair.First) >= 0.25 ? Math.Sign(pair.First) : 0, pair.Second));
        Assert.Equal(Upstream(w.Length)[7], gradient[7], 1e-5);
        double Scale(double threshold) => deviation * Math.Exp(-Math.Pow(threshold / deviation, 2) / 2) / Math.Sqrt(2 * Math.PI) / Tail(threshold / deviation);
        double slope = (Scale(0.251) - Scale(0.249)) / 0.002;
        double sum = codes.Zip(Upstream(w.Length), (code, g) => code * g).Sum();
        Assert.Equal(sum * slope * deviation, Values(TrainedScale(quantizer).grad!).Single(), Math.Abs(sum * slope * deviation * 1e-3));
    }

    /// <summary>Twenty steps of Adam of 0.001 each: the threshold moves by 0.02 standard deviations, and <c>2 phi(0.56) 0.02 = 0.0136</c> of normal weights lie between.</summary>
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.01)]
    public void A_trained_threshold_moves_as_fast_in_layers_of_small_weights_as_in_others(double amplitude)
    {
        float[] w = Normal(40_000, amplitude);
        Quantizer quantizer = new(Weights with { Bits = 2, Grid = GridKind.SignedNarrow, Range = RangeKind.TruncatedGaussian, Gradient = GradientKind.Ste }, TensorRole.Weights, [w.Length]);
        quantizer.Initialize(tensor(w));
        using AdamOptimizer adam = new(
            [new TrainedParameter("threshold", (Parameter)TrainedScale(quantizer), Decays: false)], new AdamSpec { LearningRate = 0.001, WeightDecay = 0, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 });

        double before = Values(quantizer.Quantize(tensor(w)).Codes).Average(Math.Abs);
        for (int step = 0; step < 20; step++)
        {
            adam.ZeroGradients();
            Backward(quantizer, w);
            adam.Step(0.001, step);
        }

        double after = Values(quantizer.Quantize(tensor(w)).Codes).Average(Math.Abs);
        Assert.InRange(Math.Abs(after - before), 0.011, 0.016);
    }

    /// <summary>Four levels of least squared error are tabulated (Lloyd, Max 1960): of a normal variable 0.4528 and 1.5104, so v1 = 0.9816 and v2 = 0.5288; of a Laplace one 0.5936 and 2.5936.</summary>
    [Theory]
    [InlineData(false, 0.4528, 1.5104)]
    [InlineData(true, 0.5936, 2.5936)]
    public void Two_bases_of_least_squares_are_the_four_levels_of_tables(bool laplace, double inner, double outer)
    {
        // Quantiles at equal distances, of both signs.
        float[] w = laplace
            ? [.. Enumerable.Range(0, 20_000).Select(i => (float)-Math.Log((i + 0.5) / 20_000)).SelectMany(x => (float[])[x, -x])]
            : Normal(60_000, 1);

        (_, Quantized output) = Backward(new Quantizer(Book with { Range = RangeKind.LeastSquaresLevels }, TensorRole.Weights, [w.Length]), w);

        double[] levels = [.. Values(output.Values).Distinct().Order()];
        Assert.Equal(4, levels.Length);
        Assert.Equal(inner, levels[2], 0.02);
        Assert.Equal(outer, levels[3], 0.02);
    }

    /// <summary>What is left over after a fit of least squares has no part along any of the bases.</summary>
    [Fact]
    public void Shifted_signs_leave_nothing_that_they_could_still_explain()
    {
        float[] w = Normal(3000, 0.2);

        (double[] gradient, Quantized output) = Backward(new Quantizer(Book with { Range = RangeKind.ShiftedSigns }, TensorRole.Weights, [w.Length]), w);

        double mean = w.Average(x => (double)x);
        double deviation = Math.Sqrt(w.Average(x => Math.Pow(x - mean, 2)));
        double[] values = Values(output.Values);
        double step = Values(output.Step).Single();
        foreach (double shift in new[] { -1.0, 0, 1 })
        {
            double left = w.Select((x, i) => (x - values[i]) * (x - mean + (shift * deviation) >= 0 ? 1 : -1)).Average();
            Assert.InRange(Math.Abs(left), 0, step);
        }

        Assert.InRange(values.Distinct().Count(), 3, 4);
        double factor = gradient[0] / Upstream(w.Length)[0];
        Assert.All(gradient.Zip(Upstream(w.Length)).Take(100), pair => Assert.Equal(pair.Second * factor, pair.First, 1e-5));
    }

    [Fact]
    public void A_learned_basis_moves_a_tenth_of_the_way_to_the_one_of_least_squares()
    {
        float[] w = Normal(64, 0.5);
        Quantizer quantizer = new(Book with { Range = RangeKind.LearnedBasis }, TensorRole.Weights, [64]);
        double[] v = [0.6745 * Math.Sqrt(2) * 0.5, 0.6745 * Math.Sqrt(2)];

        (_, Quantized first) = Backward(quantizer, w);

        double[] levels = [-v[0] - v[1], v[0] - v[1], -v[0] + v[1], v[0] + v[1]];
        double step = levels[3] / 127;
        double[][] signs = [new double[64], new double[64]];
        double[] values = Values(first.Values);
        for (int i = 0; i < 64; i++)
        {
            int nearest = Enumerable.Range(0, 4).MinBy(k => Math.Abs(levels[k] - w[i]));
            (signs[0][i], signs[1][i]) = (nearest % 2 == 1 ? 1 : -1, nearest >= 2 ? 1 : -1);
            Assert.Equal(levels[nearest], values[i], step);
        }

        double cross = signs[0].Zip(signs[1], (a, b) => a * b).Average();
        double[] right = [.. signs.Select((sign, k) => sign.Zip(w, (a, x) => a * x).Average() + (1e-4 * v[k]))];
        double determinant = (1.0001 * 1.0001) - (cross * cross);
        double[] best = [((1.0001 * right[0]) - (cross * right[1])) / determinant, ((1.0001 * right[1]) - (cross * right[0])) / determinant];
        AssertValues([(0.9 * v[0]) + (0.1 * best[0]), (0.9 * v[1]) + (0.1 * best[1])], quantizer.buffers().Single(), 1e-5);
    }

    [Fact]
    public void Loss_aware_scales_have_the_least_weighted_error_of_all_scales_of_their_codes()
    {
        float[] w = Normal(500, 0.3);
        double[] moments = [.. Enumerable.Range(0, 500).Select(i => Math.Pow(0.1 + Math.Abs(Math.Sin(i)), 2))];
        foreach (QuantizerSpec spec in new[] { Sign, Weights with { Bits = 2, Grid = GridKind.SignedNarrow, Gradient = GradientKind.Ste } })
        {
            Quantizer quantizer = new(spec with { Range = RangeKind.LossAware }, TensorRole.Weights, [500]);
            using (no_grad())
            {
                quantizer.ObserveCurvature(tensor(moments).to_type(float32));
            }

            (double[] gradient, Quantized output) = Backward(quantizer, w);

            double[] codes = Values(output.Codes);
            double scale = Values(output.Step).Single();
            double Error(double s) => w.Select((x, i) => Math.Sqrt(moments[i]) * Math.Pow(x - (s * codes[i]), 2)).Sum();
            Assert.All(Enumerable.Range(1, 300).Select(i => i / 150.0 * scale), other => Assert.True(Error(scale) <= Error(other) + 1e-6));
            Assert.Equal(Upstream(500)[3], gradient[3], 1e-5);
        }
    }

    /// <summary>Equation 11 of XNOR-Net: <c>(s 1[|w| &lt;= 1] + 1/n) g</c>; the chain rule has another second term.</summary>
    [Fact]
    public void The_scale_of_signs_has_the_gradient_of_the_paper_where_it_is_asked_for()
    {
        float[] w = [0.5f, -0.25f, 2f, -0.05f];
        float[] g = Upstream(4);
        Quantizer quantizer = new(Sign with { Range = RangeKind.MeanMagnitude, Reading = Reading.Paper }, TensorRole.Weights, [4]);

        (double[] gradient, Quantized output) = Backward(quantizer, w);

        AssertValues([0.7, -0.7, 0.7, -0.7], output.Values, 1e-6);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(((Math.Abs(w[i]) <= 1 ? 0.7 : 0) + 0.25) * g[i], gradient[i], 1e-6));
    }

    /// <summary>Two filters of three channels and two positions: n = 6, c = 3.</summary>
    [Theory]
    [InlineData(Reading.Code, GradientKind.Ste)]
    [InlineData(Reading.Port, GradientKind.SteClipped)]
    public void The_scale_of_signs_has_the_gradients_of_released_code(Reading reading, GradientKind estimator)
    {
        float[] w = [0.5f, -0.25f, 2f, -0.05f, 0.4f, -0.1f, 1.5f, -1.5f, 0.3f, 0.2f, -0.6f, 0.7f];
        float[] g = Upstream(12);
        Quantizer quantizer = new(Sign with { Range = RangeKind.MeanMagnitude, Reading = reading, Granularity = Granularity.PerChannel, Gradient = estimator }, TensorRole.Weights, [2, 3, 2]);

        (double[] gradient, Quantized output) = Backward(quantizer, w, 2, 3, 2);

        for (int i = 0; i < 12; i++)
        {
            int[] filter = [.. Enumerable.Range(i / 6 * 6, 6)];
            double scale = filter.Average(j => Math.Abs((double)w[j]));
            double inside = Math.Abs(w[i]) <= 1 ? scale : 0;
            double expected = reading == Reading.Code
                ? 2.0 / 3 * (inside + (1.0 / 6)) * g[i]
                : 2.0 / 3 * 6 * ((inside * g[i]) + (Math.Sign(w[i]) * filter.Average(j => Math.Sign(w[j]) * (double)g[j])));
            Assert.Equal(expected, gradient[i], 1e-5);
            Assert.Equal(Math.Sign(w[i]) * scale, Values(output.Values)[i], 1e-6);
        }
    }

    /// <summary>Of eight weights five at zero; of five none where the share is less than one.</summary>
    [Theory]
    [InlineData(0.7, 5)]
    [InlineData(0.1, 0)]
    public void Trained_ternary_weights_can_be_zero_in_a_given_share(double sparsity, int zeros)
    {
        float[] w = [0.5f, 1f, -0.3f, 0.02f, -0.04f, 0.2f, -0.9f, 0.35f];
        Quantizer quantizer = new(Book with { Range = RangeKind.TrainedTernary, Sparsity = sparsity }, TensorRole.Weights, [8]);

        double[] codes = Values(quantizer.Quantize(tensor(w)).Codes);

        double largestZero = w.Select(x => Math.Abs((double)x)).Order().Take(zeros).Append(0).Max();
        Assert.Equal(w.Select(x => Math.Abs((double)x) > largestZero ? Math.Sign(x) : 0), codes.Select(Math.Sign));
        Assert.Equal(zeros, codes.Count(code => code == 0));
    }

    /// <summary>Against all 2^n ways to choose which weights are not zero; the alternation may end elsewhere, but not below.</summary>
    [Fact]
    public void Exact_loss_aware_ternary_weights_have_the_least_weighed_error_of_all_choices()
    {
        Random random = new(11);
        bool better = false;
        for (int round = 0; round < 30; round++)
        {
            float[] w = [.. Enumerable.Range(0, 10).Select(_ => (float)Math.Pow((random.NextDouble() * 2) - 1, 3))];
            double[] d = [.. Enumerable.Range(0, 10).Select(_ => Math.Pow(random.NextDouble(), 4) + 1e-3)];
            double ErrorOf(ValueFit fit)
            {
                Quantizer quantizer = new(
                    Weights with { Bits = 2, Grid = GridKind.SignedNarrow, Range = RangeKind.LossAware, Gradient = GradientKind.Ste, Fit = fit }, TensorRole.Weights, [10]);
                quantizer.ObserveCurvature(tensor([.. d.Select(x => (float)(x * x))]));
                return Values(quantizer.Quantize(tensor(w)).Values).Select((y, i) => d[i] * Math.Pow(w[i] - y, 2)).Sum();
            }

            double least = Enumerable.Range(1, 1023).Min(kept =>
            {
                int[] chosen = [.. Enumerable.Range(0, 10).Where(i => (kept >> i & 1) == 1)];
                double scale = chosen.Sum(i => d[i] * Math.Abs(w[i])) / chosen.Sum(i => d[i]);
                return Enumerable.Range(0, 10).Sum(i => d[i] * Math.Pow(Math.Abs(w[i]) - (chosen.Contains(i) ? scale : 0), 2));
            });
            Assert.Equal(least, ErrorOf(ValueFit.Exact), 1e-5);
            Assert.True(ErrorOf(ValueFit.Alternating) >= least - 1e-6);
            better |= ErrorOf(ValueFit.Alternating) > least + 1e-3;
        }

        Assert.True(better); // the alternation does end elsewhere
    }

    /// <summary>Against every place at which the sorted magnitudes can be parted; greedy values are the mean magnitudes of what is left over.</summary>
    [Fact]
    public void Two_levels_can_be_fitted_exactly_or_one_after_the_other()
    {
        Random random = new(12);
        for (int round = 0; round < 20; round++)
        {
            float[] w = [.. Enumerable.Range(0, 60).Select(_ => (float)(Math.Pow((random.NextDouble() * 2) - 1, 5) + (random.Next(4) == 0 ? 0.7 : 0)))];
            double[] magnitudes = [.. w.Select(x => Math.Abs((double)x)).Order()];
            double[] Levels(ValueFit fit) =>
                [.. Values(new Quantizer(Book with { Bits = 16, Range = RangeKind.LeastSquaresLevels, Fit = fit }, TensorRole.Weights, [60]).Quantize(tensor(w)).Values).Select(Math.Abs).Distinct().Order()];

            (double lower, double upper) = Enumerable.Range(1, 59)
                .Select(k => (Lower: magnitudes.Take(k).Average(), Upper: magnitudes.Skip(k).Average()))
                .MinBy(means => magnitudes.Sum(m => Math.Min(Math.Pow(m - means.Lower, 2), Math.Pow(m - means.Upper, 2))));
            Assert.All(Levels(ValueFit.Exact).Zip([lower, upper]), pair => Assert.Equal(pair.Second, pair.First, 1e-4));

            double mean = magnitudes.Average();
            double rest = magnitudes.Average(m => Math.Abs(m - mean));
            Assert.All(Levels(ValueFit.Greedy).Zip([Math.Abs(mean - rest), mean + rest]), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        }
    }

    /// <summary>Two bits, so q = 3 * 0.538: 0 below zero, g inside, and g or <c>g / (x - q + 1)</c> beyond.</summary>
    [Theory]
    [InlineData(GradientKind.SteRectified)]
    [InlineData(GradientKind.LogTail)]
    [InlineData(GradientKind.SteClipped)]
    public void Beyond_a_half_wave_the_gradient_is_that_of_the_paper_s_three_backward_passes(GradientKind kind)
    {
        float[] x = [-1f, 0.3f, 1.2f, 1.7f, 2.614f, 6f];
        float[] g = Upstream(6);
        Quantizer quantizer = new(Activations with { Bits = 2, Grid = GridKind.HalfWave, Range = RangeKind.HalfWave, Gradient = kind }, TensorRole.Activations, []);

        (double[] gradient, Quantized output) = Backward(quantizer, x);

        const double q = 3 * 0.538;
        AssertValues([0, 1, 2, 3, 3, 3], output.Codes, tolerance: 0);
        double Slope(double value) => value <= 0 ? 0 : value <= q ? 1 : kind switch
        {
            GradientKind.SteRectified => 1,
            GradientKind.LogTail => 1 / (value - q + 1),
            _ => 0,
        };
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(g[i] * Slope(x[i]), gradient[i], 1e-5));
    }

    [Fact]
    public void Standardised_channels_have_mean_0_and_variance_1_and_a_power_of_two_for_scale()
    {
        float[] w = [.. Normal(90, 0.1).Select((x, i) => x + (i / 30))];
        Quantizer quantizer = new(Sign with { Range = RangeKind.Standardized, Granularity = Granularity.PerChannel, Gradient = GradientKind.SteClipped }, TensorRole.Weights, [3, 30]);

        (double[] gradient, Quantized output) = Backward(quantizer, w, 3, 30);

        for (int channel = 0; channel < 3; channel++)
        {
            double[] own = [.. w.Skip(channel * 30).Take(30).Select(x => (double)x)];
            double mean = own.Average();
            double deviation = Math.Sqrt(own.Average(x => Math.Pow(x - mean, 2)));
            double scale = Math.Pow(2, Math.Round(Math.Log2(own.Average(x => Math.Abs(x - mean) / deviation))));
            Assert.Equal(scale, Values(output.Step)[channel], 1e-9);
            Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(own[i] >= mean ? 1 : -1, Values(output.Codes)[(channel * 30) + i]));
            Assert.Equal(0, gradient.Skip(channel * 30).Take(30).Sum(), 1e-4); // a change of all weights of a channel changes nothing
        }
    }

    [Fact]
    public void A_trained_scale_has_the_sum_of_what_goes_through_its_signs()
    {
        float[] w = [0.5f, -0.25f, 2f, -3f];
        Quantizer quantizer = new(Sign with { Range = RangeKind.LearnedScale, Granularity = Granularity.PerChannel, Gradient = GradientKind.SteClipped }, TensorRole.Weights, [2, 2]);
        Set(TrainedScale(quantizer), 0.5f, 2f);
        float[] g = Upstream(4);

        (double[] gradient, Quantized output) = Backward(quantizer, w, 2, 2);

        AssertValues([0.5, -0.5, 2, -2], output.Values, 1e-6);
        AssertValues([g[0] - g[1], g[2] - g[3]], TrainedScale(quantizer).grad!, 1e-6);
        Assert.All(gradient.Zip([0.5 * g[0], 0.5 * g[1], 0, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    /// <summary>The steps are the optimum of the paper's quantiser, or of one that rounds, for a rectified normal value, by Simpson's rule over all cells.</summary>
    [Theory]
    [InlineData(1, GridKind.HalfWave, null, 0.01)]
    [InlineData(2, GridKind.HalfWave, null, 0.01)]
    [InlineData(3, GridKind.HalfWave, null, 0.01)]
    [InlineData(4, GridKind.HalfWave, null, 0.01)]
    [InlineData(1, GridKind.Unsigned, Reading.Paper, 0.001)]
    [InlineData(2, GridKind.Unsigned, Reading.Paper, 0.001)]
    [InlineData(3, GridKind.Unsigned, Reading.Paper, 0.003)]
    [InlineData(4, GridKind.Unsigned, Reading.Paper, 0.005)]
    public void Half_wave_steps_are_near_the_optimum(int bits, GridKind grid, Reading? reading, double tolerance)
    {
        int highest = (1 << bits) - 1;
        int least = grid == GridKind.HalfWave ? 1 : 0;
        double Error(double step) => Enumerable.Range(0, 4000).Sum(i =>
        {
            double x = (i + 0.5) * 0.002;
            double code = Math.Clamp(Math.Max(least, Math.Floor((x / step) + 0.5)), 0, highest);
            return Math.Pow(x - (code * step), 2) * Math.Exp(-x * x / 2);
        });

        double best = Enumerable.Range(50, 1300).Select(i => i * 0.001).MinBy(Error);
        Quantizer quantizer = new(Activations with { Bits = bits, Grid = grid, Range = RangeKind.HalfWave, Reading = reading }, TensorRole.Activations, []);

        Assert.Equal(1, quantizer.StepValue / best, tolerance);
    }

    /// <summary>Released code that rounds has the steps of the quantiser that does not.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(Reading.Code)]
    public void Half_wave_steps_of_released_code_are_the_paper_s_whatever_rounds(Reading? reading) =>
        Assert.Equal(0.538, new Quantizer(Activations with { Bits = 2, Range = RangeKind.HalfWave, Reading = reading }, TensorRole.Activations, []).StepValue, 1e-7);

    [Fact]
    public void Everything_above_zero_is_one_step_at_least_and_the_ladder_says_the_same()
    {
        HalfWaveGrid grid = new(2);
        double[] u = [-1, 0, 0.01, 0.4, 1.2, 1.499, 1.5, 2.49, 2.5, 7];

        double[] codes = Values(grid.Project(tensor(u).clamp(0.0, 3.0), AccelModel.Numerics.RoundingMode.HalfUp));

        Assert.Equal([0, 0, 1, 1, 1, 1, 2, 2, 3, 3], codes);
        Assert.Equal(codes, u.Select(x => (double)grid.Ladder.Count(threshold => threshold.Above ? x > threshold.Ratio : x >= threshold.Ratio)));
    }

    /// <summary>c = 0.5, d = 0.25: nothing below 0.25, everything above 0.75; gradients by central differences of the formula.</summary>
    [Fact]
    public void Trained_intervals_prune_and_clip_and_have_the_gradient_of_their_formula()
    {
        float[] w = [0.1f, 0.3f, -0.45f, 0.62f, -0.9f];
        Quantizer quantizer = new(Weights with { Bits = 4, Grid = GridKind.SignedNarrow, Range = RangeKind.LearnedInterval, Gradient = GradientKind.Ste }, TensorRole.Weights, [5]);
        Dictionary<string, Parameter> interval = quantizer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Set(interval["range.centre"], 0.5f);
        Set(interval["range.halfWidth"], 0.25f);

        (double[] gradient, Quantized output) = Backward(quantizer, w);

        double V(double x, double c, double d) => Math.Sign(x) * Math.Clamp(((Math.Abs(x) - c) / (2 * d)) + 0.5, 0, 1);
        AssertValues([.. w.Select(x => HalfUp(7 * V(x, 0.5, 0.25)) / 7)], output.Values, 1e-6);
        float[] g = Upstream(5);
        const double h = 1e-4;
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(g[i] * (V(w[i] + h, 0.5, 0.25) - V(w[i] - h, 0.5, 0.25)) / (2 * h), gradient[i], 1e-4));
        Assert.Equal(w.Select((x, i) => g[i] * (V(x, 0.5 + h, 0.25) - V(x, 0.5 - h, 0.25)) / (2 * h)).Sum(), Values(interval["range.centre"].grad!).Single(), 1e-4);
        Assert.Equal(w.Select((x, i) => g[i] * (V(x, 0.5, 0.25 + h) - V(x, 0.5, 0.25 - h)) / (2 * h)).Sum(), Values(interval["range.halfWidth"].grad!).Single(), 1e-4);
    }

    /// <summary>c = 0.5, d = 0.25, e = 2 and 1/2: against central differences of the formula; what is pruned or clipped has no gradient.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(0.5)]
    public void The_exponent_of_an_interval_can_be_trained(double e)
    {
        float[] w = [0.1f, 0.3f, -0.45f, 0.62f, -0.9f];
        Quantizer quantizer = new(
            Weights with { Bits = 4, Grid = GridKind.SignedNarrow, Range = RangeKind.LearnedInterval, Gradient = GradientKind.Ste, TrainedExponent = true }, TensorRole.Weights, [5]);
        Dictionary<string, Parameter> interval = quantizer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Set(interval["range.centre"], 0.5f);
        Set(interval["range.halfWidth"], 0.25f);
        Set(interval["range.exponent"], (float)e);

        (double[] gradient, Quantized output) = Backward(quantizer, w);

        double V(double x, double c, double exponent) => Math.Sign(x) * Math.Pow(Math.Clamp(((Math.Abs(x) - c) / 0.5) + 0.5, 0, 1), exponent);
        AssertValues([.. w.Select(x => HalfUp(7 * V(x, 0.5, e)) / 7)], output.Values, 1e-6);
        float[] g = Upstream(5);
        const double h = 1e-4;
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(g[i] * (V(w[i] + h, 0.5, e) - V(w[i] - h, 0.5, e)) / (2 * h), gradient[i], 1e-3));
        Assert.Equal(w.Select((x, i) => g[i] * (V(x, 0.5, e + h) - V(x, 0.5, e - h)) / (2 * h)).Sum(), Values(interval["range.exponent"].grad!).Single(), 1e-3);
        Assert.Equal(w.Select((x, i) => g[i] * (V(x, 0.5 + h, e) - V(x, 0.5 - h, e)) / (2 * h)).Sum(), Values(interval["range.centre"].grad!).Single(), 1e-3);
    }

    [Fact]
    public void Codes_of_activations_count_from_the_beginning_of_the_interval()
    {
        Quantizer quantizer = new(Activations with { Bits = 4, Range = RangeKind.LearnedInterval }, TensorRole.Activations, []);
        Dictionary<string, Parameter> interval = quantizer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Set(interval["range.centre"], 2f);
        Set(interval["range.halfWidth"], 1.5f);

        Quantized output = quantizer.Quantize(tensor([0f, 0.61f, 2f, 3.39f, 9f]));

        AssertValues([0, 1, 8, 14, 15], output.Codes, 0); // 0.5 + 0.2 k
        AssertValues([1 / 15.0], output.Step, 1e-7);
        Assert.Equal(0.5, quantizer.Affine!.Value.Offset, 1e-6);
        Assert.Equal(0.2, quantizer.Affine!.Value.Width, 1e-6);
    }

    private static double Tail(double x)
    {
        double sum = 0;
        for (int i = 0; i < 20_000; i++)
        {
            double t = x + ((i + 0.5) * 5e-4);
            sum += Math.Exp(-t * t / 2) * 5e-4;
        }
        return sum / Math.Sqrt(2 * Math.PI);
    }

    private static float[] Normal(int count, double deviation)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
