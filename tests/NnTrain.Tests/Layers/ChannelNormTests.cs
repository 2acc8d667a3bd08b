// SPDX-License-Identifier: Apache-2.0
using NnTrain.Layers;
using NnTrain.Specification;
using NnTrain.Tests.TorchSystem;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Layers;

/// <summary>Forms of batch norm against their formulas in plain loops, constants of normal values, and differences.</summary>
public sealed class ChannelNormTests : TorchTest
{
    private const int Images = 4;
    private const int Channels = 2;
    private const int Pixels = 6;

    public static TheoryData<NormKind, Reading?> Forms { get; } = new()
    {
        { NormKind.MeanMagnitude, Reading.Paper },
        { NormKind.MeanMagnitude, null },
        { NormKind.Range, Reading.Paper },
        { NormKind.Range, null },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_batch_is_divided_by_what_the_formula_says_and_the_average_kept(NormKind kind, Reading? reading)
    {
        using ChannelNorm norm = Norm(kind, reading, [0.75, -1.5], [0.25, 2]);
        double[,] x = Input();

        double[] found = Values(norm.forward(Tensor(x)));

        double[] gammas = [0.75, -1.5], betas = [0.25, 2];
        for (int channel = 0; channel < Channels; channel++)
        {
            double[] values = Row(x, channel);
            double mean = values.Average();
            double sigma = Sigma(values, kind, reading ?? Reading.Code);
            for (int i = 0; i < values.Length; i++)
            {
                double y = (gammas[channel] * (values[i] - mean) / Math.Sqrt((sigma * sigma) + 1e-5)) + betas[channel];
                Assert.Equal(y, found[Index(channel, i)], 1e-5);
            }

            Assert.Equal(0.1 * mean, Values(norm.state_dict()["mean"])[channel], 1e-6);
            Assert.Equal(Math.Pow(0.9 + (0.1 * sigma), 2), Values(norm.state_dict()["variance"])[channel], 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void What_is_trained_is_evaluated_with_the_average_and_folds(NormKind kind, Reading? reading)
    {
        using ChannelNorm norm = Norm(kind, reading, [0.75, -1.5], [0.25, 2]);
        norm.forward(Tensor(Input()));
        norm.eval();

        (double[] gains, double[] offsets) = norm.Folded();

        double[] x = [0.7, -1.3];
        AssertValues([gains[0] * (x[0] + offsets[0]), gains[1] * (x[1] + offsets[1])], norm.forward(tensor([0.7f, -1.3f], [1, 2])), 1e-5);
        Assert.Equal(-1.5 / Math.Sqrt(Values(norm.state_dict()["variance"])[1] + 1e-5), gains[1], 1e-5);
    }

    /// <summary>(ĝ - mean(ĝ) - (sgn(z) - mean(sgn(z))) mean(ĝ z)) / sigma, by hand from the formula of the mean magnitude.</summary>
    [Fact]
    public void The_gradient_through_a_mean_magnitude_is_its_closed_form()
    {
        double[] x = [.. Enumerable.Range(0, 9).Select(i => Math.Sin(3 * i) + 0.1)], g = [.. Enumerable.Range(0, 9).Select(i => Math.Cos(5 * i))];
        Tensor input = tensor(x, [9, 1]);
        input.requires_grad = true;
        using ChannelNorm norm = Norm(NormKind.MeanMagnitude, Reading.Paper, [0.5], [1]);

        (norm.forward(input.to_type(float32)).to_type(float64) * tensor(g, [9, 1])).sum().backward();

        double mean = x.Average(), sigma = x.Average(value => Math.Abs(value - mean));
        double[] z = [.. x.Select(value => (value - mean) / sigma)], gain = [.. g.Select(value => 0.5 * value)];
        double along = gain.Zip(z, (a, b) => a * b).Average(), signs = z.Average(value => (double)Math.Sign(value));
        AssertValues([.. x.Select((_, i) => (gain[i] - gain.Average() - ((Math.Sign(z[i]) - signs) * along)) / sigma)], input.grad!, 1e-4);
    }

    [Fact]
    public void Statistics_have_the_gradients_of_their_formulas()
    {
        AssertGradients(inputs => (NormStatistics.Range(inputs[0], Reading.Paper) * Of(1, -2)).sum(), Waves(2, 32));
        AssertGradients(inputs => (NormStatistics.Range(inputs[0], Reading.Code) * Of(1, -2)).sum(), Waves(2, 32));
        AssertGradients(inputs => (NormStatistics.MeanMagnitude(inputs[0], Reading.Code) * Of(1, -2)).sum(), Waves(2, 32));
    }

    /// <summary>Mean ranges of normal samples are tabulated: 4.70, 5.66, 6.50, 7.27 standard deviations of 64, 256, 1024, 4096 values; what the factors make of them was computed apart from this code.</summary>
    [Theory]
    [InlineData(64, 4.70, 1.63, 0.880)]
    [InlineData(256, 5.66, 1.70, 0.918)]
    [InlineData(1024, 6.50, 1.75, 0.943)]
    [InlineData(4096, 7.27, 1.78, 0.962)]
    public void The_factors_of_ranges_are_those_of_paper_and_code(int count, double range, double paper, double code)
    {
        Assert.Equal(paper, range * NormStatistics.RangeFactor(count, Reading.Paper), 6e-3);
        Assert.Equal(code, range * NormStatistics.RangeFactor(count, Reading.Code), 3e-3);
    }

    [Fact]
    public void The_code_s_factor_is_0_540208_of_the_paper_s_and_that_of_magnitudes_1_2533141()
    {
        Assert.Equal(0.540208, NormStatistics.RangeFactor(100, Reading.Code) / NormStatistics.RangeFactor(100, Reading.Paper), 1e-6);
        Tensor centred = tensor([-1.0, 1.0], [1, 2]);
        AssertValues([1.2533141], NormStatistics.MeanMagnitude(centred, Reading.Code), 1e-7);
    }

    [Fact]
    public void Parts_of_a_batch_are_equal_and_there_are_sixteen_at_most()
    {
        // Thirty-five values: seven parts of five. Each part is 0 .. 4.
        Tensor values = tensor([.. Enumerable.Range(0, 35).Select(i => (double)(i % 5))], [1, 35]);

        AssertValues([4 * NormStatistics.RangeFactor(5, Reading.Code)], NormStatistics.Range(values, Reading.Code), 1e-12);
    }

    [Theory]
    [InlineData(3.0, 4.0)]
    [InlineData(-3.0, -4.0)]
    [InlineData(0.0, 0.0)]
    [InlineData(1.4142, 1.0)]
    [InlineData(1.4143, 2.0)]
    [InlineData(-0.176, -0.125)]
    [InlineData(-0.177, -0.25)]
    public void The_nearest_power_of_two_is_that_of_the_logarithm(double x, double power) => AssertValues([power], NormStatistics.PowerOfTwo(Of(x)), 1e-12);

    /// <summary>Forward and backward of shift-based batch norm by the formulas of its documentation, in plain loops.</summary>
    [Fact]
    public void Shifts_stand_for_all_factors_forward_and_backward()
    {
        double[] x = [.. Enumerable.Range(0, 7).Select(i => Math.Sin(3 * i) * 1.7)], g = [.. Enumerable.Range(0, 7).Select(i => Math.Cos(5 * i))];
        Tensor input = tensor([.. x.Select(value => (float)value)], [7, 1]);
        input.requires_grad = true;
        using ChannelNorm norm = Norm(NormKind.Shift, null, [0.8], [0.3]);

        Tensor y = norm.forward(input);
        (y * tensor([.. g.Select(value => (float)value)], [7, 1])).sum().backward();

        double mean = x.Average();
        double[] c = [.. x.Select(value => value - mean)];
        double r = Power(1 / Math.Sqrt(c.Average(value => value * Power(value)) + 1e-5));
        double h = Power(0.8) * r;
        double along = c.Zip(g, (a, b) => Power(a) * b).Average();
        AssertValues([.. c.Select(value => (h * value) + 0.3)], y, 1e-5);
        AssertValues([.. c.Select((value, i) => h * (g[i] - g.Average() - (Power(value) * r * r * along)))], input.grad!, 1e-4);
        Dictionary<string, Tensor> gradients = norm.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad!);
        AssertValues([c.Zip(g, (a, b) => a * b * r).Sum()], gradients["gamma"], 1e-4);
        AssertValues([g.Sum()], gradients["beta"], 1e-5);
        (double[] gains, _) = norm.Folded();
        Assert.True(double.IsPow2(gains[0]), $"{gains[0]} is no shift");
    }

    [Theory]
    [InlineData(NormKind.Deviation)]
    [InlineData(NormKind.MeanMagnitude)]
    [InlineData(NormKind.Range)]
    [InlineData(NormKind.Shift)]
    public void Frozen_statistics_stay_and_make_it_an_affine_function(NormKind kind)
    {
        using ChannelNorm norm = Norm(kind, null, [0.75, -1.5], [0.25, 2]);
        norm.forward(Tensor(Input()));
        double[] mean = Values(norm.state_dict()["mean"]), variance = Values(norm.state_dict()["variance"]);
        Tensor input = tensor([0.7f, -1.3f, 3f, 4f], [2, 2]);
        input.requires_grad = true;

        norm.Freeze(true);
        Tensor y = norm.forward(input);
        (y * tensor([1f, 2f, -3f, 0.5f], [2, 2])).sum().backward();

        double[] gains = [.. new[] { 0.75, -1.5 }.Zip(variance, (gamma, v) => kind == NormKind.Shift ? Power(gamma) * Power(1 / Math.Sqrt(v + 1e-5)) : gamma / Math.Sqrt(v + 1e-5))];
        double[] x = [0.7, -1.3, 3, 4], betas = [0.25, 2], g = [1, 2, -3, 0.5];
        AssertValues([.. x.Select((value, i) => (gains[i % 2] * (value - mean[i % 2])) + betas[i % 2])], y, 1e-4);
        AssertValues([.. g.Select((value, i) => value * gains[i % 2])], input.grad!, 1e-5);
        Assert.All(norm.named_parameters(), entry => Assert.NotNull(entry.parameter.grad));
        AssertValues(mean, norm.state_dict()["mean"], 0);
        AssertValues(variance, norm.state_dict()["variance"], 0);
    }

    private static double Power(double x) => x == 0 ? 0 : Math.Sign(x) * Math.Pow(2, Math.Round(Math.Log2(Math.Abs(x))));

    private static double Sigma(double[] values, NormKind kind, Reading reading)
    {
        double mean = values.Average();
        if (kind == NormKind.MeanMagnitude)
        {
            return values.Average(value => Math.Abs(value - mean)) * (reading == Reading.Code ? 1.2533141373155 : 1);
        }

        // Twenty-four values have twelve parts of two.
        double[][] parts = reading == Reading.Paper ? [values] : [.. values.Chunk(2)];
        double range = parts.Average(part => part.Max() - part.Min());
        return range / Math.Sqrt(2 * Math.Log(parts[0].Length)) * (reading == Reading.Code ? 0.5402083 : 1);
    }

    private static ChannelNorm Norm(NormKind kind, Reading? reading, double[] gammas, double[] betas)
    {
        ChannelNorm norm = new(gammas.Length, new NormSpec { Kind = kind, Reading = reading });
        Dictionary<string, Tensor> state = norm.state_dict();
        using IDisposable ungraded = no_grad();
        state["gamma"].copy_(tensor([.. gammas.Select(value => (float)value)]));
        state["beta"].copy_(tensor([.. betas.Select(value => (float)value)]));
        norm.train();
        return norm;
    }

    /// <summary>Image, channel, row of pixels.</summary>
    private static int Index(int channel, int i) => (((i / Pixels * Channels) + channel) * Pixels) + (i % Pixels);

    private static double[,] Input()
    {
        double[,] x = new double[Channels, Images * Pixels];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int i = 0; i < Images * Pixels; i++)
            {
                x[channel, i] = (channel + 1) * Math.Sin((7 * i) + channel) + channel;
            }
        }

        return x;
    }

    private static double[] Row(double[,] x, int channel) => [.. Enumerable.Range(0, Images * Pixels).Select(i => x[channel, i])];

    private static Tensor Tensor(double[,] x)
    {
        float[] values = new float[x.Length];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int i = 0; i < Images * Pixels; i++)
            {
                values[Index(channel, i)] = (float)x[channel, i];
            }
        }

        return tensor(values, [Images, Channels, 2, Pixels / 2]);
    }
}
