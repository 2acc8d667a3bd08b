// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Activations of two signs with a factor each, and odd codes as sums of digits.</summary>
public sealed class ResidualRangeTests : QuantizerTest
{
    private static readonly QuantizerSpec Residual = Activations with { Bits = 2, Grid = GridKind.Residual, Range = RangeKind.LearnedResidual };

    private static readonly float[] Values4 = [-1.5f, -0.7f, -0.5f, -0f, 0.1f, 0.5f, 0.7f, 3f];

    /// <summary>g = 0.5 and 0.25: values -0.75, -0.25, 0.25, 0.75; the second sign flips at -0.5 and at 0.5.</summary>
    [Fact]
    public void Two_signs_make_four_values_that_change_at_three_thresholds()
    {
        Quantizer quantizer = new(Residual, TensorRole.Activations, []);
        Set(TrainedScale(quantizer), 0.5f, 0.25f);
        quantizer.eval();

        Quantized output = quantizer.Quantize(tensor(Values4));

        Assert.Equal(0.75 / 127, Values(output.Step).Single(), 1e-7);
        Assert.Equal([-127, -127, -42, 42, 42, 127, 127, 127], Values(output.Codes));
        Assert.Equal([-127, -42, 42, 127], quantizer.Table!.Value.ToArray());
        Assert.Equal(new AffineCodes(0, 0.5), quantizer.Affine);
        Assert.Equal(Values(output.Codes), Values4.Select(x => (double)quantizer.Table!.Value[quantizer.Grid.Ladder.Count(threshold => x >= threshold.Ratio * 0.5)]));
    }

    /// <summary>
    /// By hand: y = g1 e1 + g2 e2 with e1 = sgn(x), e2 = sgn(x - g1 e1) and de/dr = 1 within 1: dy/dx = g1 c1 + g2 c2 (1 - g1 c1), dy/dg1 = e1 - g2 c2 e1, dy/dg2 = e2, c_i whether residual i lies within 1.
    /// </summary>
    [Fact]
    public void Trained_factors_have_the_gradient_of_the_formula()
    {
        Quantizer quantizer = new(Residual, TensorRole.Activations, []);
        Set(TrainedScale(quantizer), 0.5f, 0.25f);
        float[] g = Upstream(Values4.Length);

        (double[] gradient, _) = Backward(quantizer, Values4);

        double[] outer = [.. Values4.Select(x => x >= 0 ? 1.0 : -1)];
        double[] left = [.. Values4.Select((x, i) => x - (0.5 * outer[i]))];
        double[] inner = [.. left.Select(r => r >= 0 ? 1.0 : -1)];
        double Within(double r) => Math.Abs(r) <= 1 ? 1 : 0;
        Assert.All(Values4.Index(), entry => Assert.Equal(
            g[entry.Index] * ((0.5 * Within(entry.Item)) + (0.25 * Within(left[entry.Index]) * (1 - (0.5 * Within(entry.Item))))), gradient[entry.Index], 1e-5));
        double[] ofFactors = Values(TrainedScale(quantizer).grad!);
        Assert.Equal(Enumerable.Range(0, g.Length).Sum(i => g[i] * outer[i] * (1 - (0.25 * Within(left[i])))), ofFactors[0], 1e-5);
        Assert.Equal(Enumerable.Range(0, g.Length).Sum(i => g[i] * inner[i]), ofFactors[1], 1e-5);
    }

    [Fact]
    public void Factors_of_least_squared_error_leave_less_at_each_order()
    {
        float[] x = [.. Spread(400, 2)];
        Quantizer quantizer = new(Residual with { Range = RangeKind.MeanResidual }, TensorRole.Activations, []);
        quantizer.Initialize(tensor(x));
        quantizer.eval();

        double[] values = Values(quantizer.Quantize(tensor(x)).Values);

        double first = x.Average(v => Math.Abs((double)v));
        double second = x.Average(v => Math.Abs(Math.Abs((double)v) - first));
        Assert.Equal(first + second, values.Max(), 1e-4);
        double square = x.Sum(v => (double)v * v);
        double left = x.Zip(values, (v, y) => Math.Pow(v - y, 2)).Sum();
        Assert.Equal(square - (x.Length * ((first * first) + (second * second))), left, square * 1e-2);
    }

    /// <summary>A second factor that is the larger one would make values that fall while x grows.</summary>
    [Fact]
    public void The_second_factor_stays_the_smaller_one()
    {
        Quantizer quantizer = new(Residual, TensorRole.Activations, []);
        Set(TrainedScale(quantizer), 0.25f, 0.5f);

        using (no_grad())
        {
            quantizer.Constrain(null);
        }

        Assert.Equal([0.25, 0.25], Values(TrainedScale(quantizer)));
        Assert.Equal([-127, 0, 0, 127], quantizer.Table!.Value.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void An_odd_code_is_the_sum_of_signs_times_powers_of_two_and_the_ladder_counts_to_it(int bits)
    {
        OddGrid grid = new(bits);
        int[] sums = [.. Enumerable.Range(0, 1 << bits).Select(digits => Enumerable.Range(0, bits).Sum(i => (digits >> i & 1) == 1 ? 1 << i : -(1 << i)))];
        Assert.Equal(Enumerable.Range(0, grid.Highest + 1).Select(k => (2 * k) - grid.Highest), sums.Order());

        float[] u = [.. Enumerable.Range(-80, 161).Select(i => i * 0.25f).Select(x => Math.Clamp(x, grid.Lowest, grid.Highest))];
        double[] codes = Values(grid.Project(tensor(u), AccelModel.Numerics.RoundingMode.HalfUp));

        Assert.Equal(codes, u.Select(x => (double)(grid.Lowest + (grid.CodeStep * grid.Ladder.Count(threshold => x >= threshold.Ratio)))));
    }
}
