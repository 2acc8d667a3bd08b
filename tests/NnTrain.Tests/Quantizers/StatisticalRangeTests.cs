// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Ranges that are closed formulas of the weights' statistics.</summary>
public sealed class StatisticalRangeTests : QuantizerTest
{
    private static readonly QuantizerSpec Ternary = Weights with
    {
        Bits = 2, Grid = GridKind.SignedNarrow, Range = RangeKind.TernaryThreshold, Gradient = GradientKind.Ste,
    };

    [Theory]
    [InlineData(Granularity.PerTensor, 1)]
    [InlineData(Granularity.PerChannel, 3)]
    public void Ternary_weights_keep_what_lies_beyond_the_threshold_at_their_mean_magnitude(Granularity granularity, int groups)
    {
        float[] w = Spread(60, 0.8);

        (double[] gradient, Quantized output) = Backward(new Quantizer(Ternary with { Granularity = granularity }, TensorRole.Weights, [3, 20]), w, 3, 20);

        int size = 60 / groups;
        for (int i = 0; i < w.Length; i++)
        {
            double[] magnitudes = [.. w.Skip(i / size * size).Take(size).Select(value => Math.Abs((double)value))];
            double threshold = 0.7 * magnitudes.Average();
            double scale = magnitudes.Where(magnitude => magnitude > threshold).Average();
            Assert.Equal(Math.Abs((double)w[i]) > threshold ? Math.Sign(w[i]) * scale : 0, Values(output.Values)[i], 1e-6);
            Assert.Equal(Upstream(60)[i], gradient[i], 1e-5);
        }
    }

    /// <summary>WRPN: <c>y = round(n clip(x, -L, L) / L) L / n</c>, L = 1 where none is named; <c>dy/dx = 1</c> within.</summary>
    [Theory]
    [InlineData(null, 3)]
    [InlineData(0.5, 3)]
    [InlineData(2.5, 4)]
    public void A_fixed_range_clips_at_its_limit(double? limit, int bits)
    {
        float[] x = Spread(60, 1.4);
        QuantizerSpec spec = Weights with { Bits = bits, Grid = GridKind.SignedNarrow, Range = RangeKind.Fixed, Limit = limit };

        (double[] gradient, Quantized output) = Backward(new Quantizer(spec, TensorRole.Weights, [60]), x);

        double most = limit ?? 1;
        int n = (1 << (bits - 1)) - 1;
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(HalfUp(Math.Clamp(x[i], -most, most) * n / most) * most / n, Values(output.Values)[i], 1e-6);
            Assert.Equal(Math.Abs(x[i]) <= most ? Upstream(60)[i] : 0, gradient[i], 1e-6);
        }
    }

    /// <summary>Of all scales of the same ternary codes: <c>s = sum(w t) / sum(t t)</c> is the least-squares one.</summary>
    [Fact]
    public void No_other_scale_of_the_same_ternary_codes_has_less_error()
    {
        float[] w = Spread(200, 1);
        (_, Quantized output) = Backward(new Quantizer(Ternary, TensorRole.Weights, [200]), w);
        double[] codes = Values(output.Codes);
        double scale = Values(output.Step).Single();

        double Error(double s) => w.Zip(codes).Sum(pair => Math.Pow(pair.First - (s * pair.Second), 2));

        Assert.All(Enumerable.Range(1, 400).Select(i => i / 200.0 * scale), other => Assert.True(Error(scale) <= Error(other) + 1e-9));
    }

    /// <summary>
    /// For normal weights the clipping level of least squared error is known (Max 1960): steps 0.99568, 0.58602, 0.33520, 0.18814 for 4 to 32 levels, so levels
    /// (2^b - 1)/2 steps from zero. The line through two moments was fitted to six distributions and comes near.
    /// </summary>
    [Theory]
    [InlineData(2, 0.99568)]
    [InlineData(3, 0.58602)]
    [InlineData(4, 0.33520)]
    [InlineData(5, 0.18814)]
    public void Sawb_clips_normal_weights_near_the_optimum(int bits, double optimalStep)
    {
        float[] w = Normal(20_000);
        QuantizerSpec spec = Weights with { Bits = bits, Grid = GridKind.Odd, Range = RangeKind.Sawb, Gradient = GradientKind.Ste };

        (_, Quantized output) = Backward(new Quantizer(spec, TensorRole.Weights, [w.Length]), w);

        double level = Values(output.Step).Single() * ((1 << bits) - 1);
        double optimum = optimalStep * ((1 << bits) - 1) / 2;
        Assert.InRange(level / optimum, 0.95, 1.05);
    }

    /// <summary>Constants of IBM's code, and of a regression where it has none, for weights with E w^2 = 7 and E|w| = 2.</summary>
    [Theory]
    [InlineData(GridKind.SignedNarrow, 2, 2.6, -1.71)]
    [InlineData(GridKind.Odd, 2, 3.12, -2.064)]
    [InlineData(GridKind.SignedNarrow, 3, 6.9431, -6.3051)]
    [InlineData(GridKind.Odd, 3, 7.509, -6.892)]
    [InlineData(GridKind.SignedNarrow, 4, 12.035, -12.03)]
    [InlineData(GridKind.Odd, 4, 12.68, -12.80)]
    [InlineData(GridKind.SignedNarrow, 5, 16.9278, -17.8104)]
    [InlineData(GridKind.Odd, 5, 17.74, -18.64)]
    [InlineData(GridKind.SignedNarrow, 6, 22.1852, -24.0085)]
    [InlineData(GridKind.Odd, 6, 22.2788, -24.1182)]
    [InlineData(GridKind.SignedNarrow, 7, 27.5498, -30.3691)]
    [InlineData(GridKind.Odd, 7, 28.24, -30.81)]
    [InlineData(GridKind.SignedNarrow, 8, 33.0142, -36.8695)]
    [InlineData(GridKind.Odd, 8, 31.76, -35.04)]
    public void Sawb_has_the_constants_of_released_code(GridKind grid, int bits, double c1, double c2)
    {
        Quantizer quantizer = new(Weights with { Bits = bits, Grid = grid, Range = RangeKind.Sawb, Gradient = GradientKind.Ste }, TensorRole.Weights, [4]);

        Quantized output = quantizer.Quantize(tensor([1f, -1f, 1f, -5f]));

        Assert.Equal((c1 * Math.Sqrt(7)) + (c2 * 2), Values(output.Step).Single() * quantizer.Grid.Highest, 1e-4);
    }

    [Fact]
    public void Sawb_passes_the_gradient_on_to_every_weight()
    {
        float[] w = Spread(40, 2);
        QuantizerSpec spec = Weights with { Bits = 2, Grid = GridKind.Odd, Range = RangeKind.Sawb, Gradient = GradientKind.Ste };

        (double[] gradient, _) = Backward(new Quantizer(spec, TensorRole.Weights, [40]), w);

        Assert.All(gradient.Zip(Upstream(40)), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Theory]
    [InlineData(0.5f, -1)] // 4/3 * 0.5 = 0.67: 2^-1
    [InlineData(0.76f, 0)]
    [InlineData(0.74f, -1)]
    [InlineData(1.49f, 0)]
    [InlineData(1.51f, 1)]
    public void The_largest_power_of_two_lies_below_four_thirds_of_the_largest_weight(float largest, int exponent)
    {
        QuantizerSpec spec = Weights with { Bits = 4, Grid = GridKind.PowerOfTwo, Range = RangeKind.PowerOfTwo };
        Quantizer quantizer = new(spec, TensorRole.Weights, [3]);
        Tensor weights = tensor([largest, -largest / 3, 0f], [3]);
        quantizer.Initialize(weights);

        double step = Values(quantizer.Quantize(weights).Step).Single();

        Assert.Equal(Math.ScaleB(1, exponent), step * 8);
    }

    private static float[] Normal(int count)
    {
        // Box and Muller, from a seeded stream.
        Random random = new(11);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
