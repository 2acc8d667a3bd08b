// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Colbert et al. 2023 and 2024: weights whose norm an accumulator bounds.</summary>
public sealed class NormBoundTests : QuantizerTest
{
    private const int Channels = 3;
    private const int PerChannel = 12;

    private static readonly QuantizerSpec Bounded = Weights with
    {
        Grid = GridKind.SignedNarrow, Range = RangeKind.NormBound, Rounding = AccelModel.Numerics.RoundingMode.TowardZero, Granularity = Granularity.PerChannel,
    };

    private static readonly QuantizerSpec Centered = Bounded with { Range = RangeKind.CenteredNormBound };

    /// <summary>Random weights of many sizes: the codes of every channel are held, and the norm is used: with one step of a third of the bound little is left.</summary>
    [Theory]
    [InlineData(RangeKind.NormBound, 8, 4, 0, 15)]
    [InlineData(RangeKind.NormBound, 10, 8, 0, 255)]
    [InlineData(RangeKind.NormBound, 9, 4, -8, 7)]
    [InlineData(RangeKind.CenteredNormBound, 8, 4, 0, 15)]
    [InlineData(RangeKind.CenteredNormBound, 10, 8, 0, 255)]
    [InlineData(RangeKind.CenteredNormBound, 9, 4, -8, 7)]
    public void Codes_keep_the_bound_whatever_weights_norms_and_steps_are(RangeKind range, int width, int bits, int lowest, int highest)
    {
        SumBudget budget = new(width, lowest, highest);
        Random random = new(width);
        for (int trial = 0; trial < 50; trial++)
        {
            Quantizer quantizer = Of(Bounded with { Range = range, Bits = bits }, budget);
            float[] w = [.. Enumerable.Range(0, Channels * PerChannel).Select(_ => (float)(Math.Pow(10, (random.NextDouble() * 4) - 2) * (random.NextDouble() - 0.4)))];
            quantizer.Initialize(tensor(w, [Channels, PerChannel]));
            foreach (Tensor parameter in quantizer.parameters())
            {
                Set(parameter, [.. Values(parameter).Select(value => (float)(value + (4 * random.NextDouble()) - 1))]);
            }

            double[] codes = Values(quantizer.Quantize(tensor(w, [Channels, PerChannel])).Codes);

            for (int channel = 0; channel < Channels; channel++)
            {
                double[] own = [.. codes.Skip(channel * PerChannel).Take(PerChannel)];
                Assert.True(budget.Holds((long)own.Sum(code => Math.Max(code, 0)), (long)own.Sum(code => Math.Max(-code, 0))), string.Join(' ', own));
            }
        }
    }

    /// <summary>Four weights of three bits on inputs of two: all 256 inputs, in all orders of the sum, stay within the accumulator; wider weights of the same channel would not.</summary>
    [Theory]
    [InlineData(RangeKind.NormBound)]
    [InlineData(RangeKind.CenteredNormBound)]
    public void No_input_of_a_small_layer_overflows(RangeKind range)
    {
        const int width = 5;
        float[] w = [0.9f, -0.7f, 0.6f, -0.8f];
        Quantizer bounded = new(Bounded with { Range = range }, TensorRole.Weights, [1, 4], new SumBudget(width, 0, 3));
        bounded.Initialize(tensor(w, [1, 4]));
        foreach ((string name, Tensor parameter) in bounded.named_parameters())
        {
            Set(parameter, name.EndsWith("norm", StringComparison.Ordinal) ? 5 : -3);
        }

        int Largest(double[] codes) => Enumerable.Range(0, 256).Max(x => Enumerable.Range(0, 16).Max(subset => Math.Abs(Enumerable.Range(0, 4).Sum(i => (subset >> i & 1) * (int)codes[i] * (x >> (2 * i) & 3)))));
        Quantizer free = new(Bounded with { Range = RangeKind.MinMax }, TensorRole.Weights, [1, 4]);

        int largest = Largest(Values(bounded.Quantize(tensor(w, [1, 4])).Codes));
        Assert.InRange(largest, 6, 15);
        Assert.True(Largest(Values(free.Quantize(tensor(w, [1, 4])).Codes)) > 15);
    }

    [Theory]
    [InlineData(RangeKind.NormBound, 1.5f, -2f)]
    [InlineData(RangeKind.NormBound, 9f, -2f)]
    [InlineData(RangeKind.CenteredNormBound, 1.5f, -2f)]
    [InlineData(RangeKind.CenteredNormBound, 9f, -2f)]
    public void Ratios_and_gradients_are_those_of_the_formula(RangeKind range, float logNorm, float logStep)
    {
        bool centred = range == RangeKind.CenteredNormBound;
        SumBudget budget = new(10, 0, 15);
        double bound = centred ? 2 * budget.CenteredBound : budget.NormBound;
        float[] w = Spread(PerChannel, 2);
        float[] upstream = Upstream(PerChannel);
        Quantizer quantizer = new(Bounded with { Range = range, Bits = 8, Gradient = GradientKind.Ste }, TensorRole.Weights, [1, PerChannel], budget);
        Dictionary<string, Tensor> parameters = quantizer.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        Tensor norm = parameters["range.norm"];
        Tensor exponent = parameters["range.exponent"];
        Set(norm, logNorm);
        Set(exponent, logStep);

        (double[] gradient, Quantized output) = Backward(quantizer, w, 1, PerChannel);

        double[] Ratios(double[] v, double t, double d)
        {
            double mean = centred ? v.Average() : 0;
            double sum = v.Sum(value => Math.Abs(value - mean));
            double inSteps = Math.Min(Math.Pow(2, t - d), bound);
            return [.. v.Select(value => (value - mean) / sum * inSteps)];
        }

        double[] weights = [.. w.Select(value => (double)value)];
        double[] ratios = Ratios(weights, logNorm, logStep);
        double[] codes = [.. ratios.Select(ratio => Math.Truncate(Math.Clamp(ratio, -127, 127)))];
        Assert.Equal(codes, Values(output.Codes));

        // The rounding errors are held fixed.
        double Surrogate(double[] v, double t, double d) =>
            Ratios(v, t, d).Select((ratio, i) => upstream[i] * Math.Pow(2, d) * (ratio + codes[i] - ratios[i])).Sum();
        const double h = 1e-5;
        for (int i = 0; i < PerChannel; i++)
        {
            double At(double change) => Surrogate([.. weights.Select((value, j) => j == i ? value + change : value)], logNorm, logStep);
            Assert.Equal((At(h) - At(-h)) / (2 * h), gradient[i], 2e-4);
        }

        AssertValues([(Surrogate(weights, logNorm + h, logStep) - Surrogate(weights, logNorm - h, logStep)) / (2 * h)], norm.grad!, 1e-3);
        AssertValues([(Surrogate(weights, logNorm, logStep + h) - Surrogate(weights, logNorm, logStep - h)) / (2 * h)], exponent.grad!, 1e-3);
        AssertValues([Math.Max(logNorm - Math.Log2(bound) - logStep, 0)], quantizer.Penalty!, 1e-5);
    }

    /// <summary>No step of the ladder has weights, projected by a search for the threshold, whose codes have a smaller squared error; and codes of the start are those.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(14)]
    public void A_start_has_the_step_of_least_squared_error_of_the_projected_weights(int width)
    {
        float[] w = Spread(PerChannel, 2);
        SumBudget budget = new(width, 0, 15);
        Quantizer quantizer = new(Bounded, TensorRole.Weights, [1, PerChannel], budget);
        double[] Projected(double radius)
        {
            (double low, double high) = (0, 2);
            double Norm(double l) => w.Sum(value => Math.Max(Math.Abs(value) - l, 0));
            for (int i = 0; i < 60 && Norm(0) > radius; i++)
            {
                (low, high) = Norm((low + high) / 2) > radius ? ((low + high) / 2, high) : (low, (low + high) / 2);
            }

            return [.. w.Select(value => Math.Sign(value) * Math.Max(Math.Abs(value) - low, 0))];
        }

        double Error(double step) => w.Zip(Projected(step * budget.NormBound), (value, part) => Math.Pow(value - (step * Math.Truncate(Math.Clamp(part / step, -7, 7))), 2)).Sum();

        quantizer.Initialize(tensor(w, [1, PerChannel]));
        Quantized start = quantizer.Quantize(quantizer.Start(tensor(w, [1, PerChannel])));

        double found = Values(start.Values).Zip(w, (code, value) => Math.Pow(value - code, 2)).Sum();
        double first = w.Max(Math.Abs) / 7;
        Assert.True(found <= (1.01 * Enumerable.Range(0, 48).Min(i => Error(first * Math.Pow(2, i / 4.0)))) + 1e-5);
    }

    /// <summary>Twenty-five weights of about one size with a bound of eight: none of them alone is worth a code, together they are not forgotten.</summary>
    [Theory]
    [InlineData(RangeKind.NormBound)]
    [InlineData(RangeKind.CenteredNormBound)]
    public void Many_small_weights_do_not_all_start_at_zero(RangeKind range)
    {
        float[] w = [.. Enumerable.Range(0, 25).Select(i => (float)((i % 2 == 0 ? 1 : -1) * (0.1 + (0.01 * (i * 7 % 25)))))];
        Quantizer quantizer = new(Bounded with { Range = range }, TensorRole.Weights, [1, 25], new SumBudget(12, 0, 255));

        quantizer.Initialize(tensor(w, [1, 25]));

        Assert.InRange(Values(quantizer.Quantize(quantizer.Start(tensor(w, [1, 25]))).Codes).Sum(Math.Abs), 3, 16);
        Assert.Equal(0, range == RangeKind.NormBound ? Values(quantizer.Quantize(tensor(w, [1, 25])).Codes).Sum(Math.Abs) : 0);
    }

    [Fact]
    public void Without_an_accumulator_there_is_no_bound() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Quantizer(Bounded, TensorRole.Weights, [1, 4]));

    private static Quantizer Of(QuantizerSpec spec, SumBudget budget) => new(spec, TensorRole.Weights, [Channels, PerChannel], budget);
}
