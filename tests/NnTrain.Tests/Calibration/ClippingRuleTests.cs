// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Tests.TorchSystem;
using Xunit;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Tests.Calibration;

/// <summary>Clipping rules against published tables, closed formulas and trial of all steps.</summary>
public sealed class ClippingRuleTests : TorchTest
{
    private static readonly UniformGrid Signed4 = new(Signed: true, 4, Narrow: true);
    private static readonly UniformGrid Unsigned4 = new(Signed: false, 4);

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.158655253931457)]
    [InlineData(-1, 0.841344746068543)]
    [InlineData(2, 0.0227501319481792)]
    [InlineData(3, 0.00134989803163009)]
    [InlineData(5, 2.86651571879194e-7)]
    public void The_upper_tail_of_the_normal_distribution_is_that_of_tables(double x, double tail) => Assert.Equal(1, NormalDistribution.Upper(x) / tail, 1e-11);

    /// <summary>Max 1960, table II, of 3, 7, 15, 31 levels (computed there by hand for 1 to 36 levels); of 63, 127, 255 the same optimum, computed apart from this code.</summary>
    [Theory]
    [InlineData(31, 0.10549, 0.001069)]
    [InlineData(63, 0.05726, 0.0003086)]
    [InlineData(127, 0.03087, 8.83e-5)]
    [InlineData(1, 1.2240, 0.1902)]
    [InlineData(3, 0.6508, 0.04687)]
    [InlineData(7, 0.3534, 0.01289)]
    [InlineData(15, 0.1932, 0.003693)]
    public void The_uniform_optimum_of_normal_values_is_that_of_max(int highest, double step, double error)
    {
        double found = NormalOptimum.StepOf(highest);

        Assert.Equal(step, found, 2e-4);
        Assert.Equal(error, NormalOptimum.Error(found, highest), 3e-5);
    }

    /// <summary>Constants of the authors' code: alpha over sigma, alpha over b.</summary>
    [Theory]
    [InlineData(2, 1.71063519, 2.83068299)]
    [InlineData(3, 2.15159277, 3.89722946)]
    [InlineData(0, 0.76577505, 1.04990888)]
    [InlineData(1, 1.23990528, 1.86281686)]
    [InlineData(4, 2.55913646, 5.02864014)]
    [InlineData(5, 2.93620062, 6.20476633)]
    [InlineData(6, 3.28691474, 7.41312622)]
    [InlineData(7, 3.6151146, 8.64561995)]
    [InlineData(9, 4.2163296, 11.16268501)]
    [InlineData(8, 3.92403714, 9.89675982)]
    public void Levels_are_those_of_the_paper(int bits, double gauss, double laplace)
    {
        Assert.Equal(gauss, AciqRule.LevelOf(ValuePrior.Gauss, Reading.Paper, bits), 3e-6);
        Assert.Equal(laplace, AciqRule.LevelOf(ValuePrior.Laplace, Reading.Paper, bits), 1e-6);
    }

    /// <summary>
    /// Steps of least squared error of 2^b - 1 levels are tabulated (Max 1960; computed apart from this code for Laplace and uniform values). Ternary ones keep 0.612 standard deviations and more of normal values, b of Laplace
    /// ones, a third of the range of uniform ones: half a step. Values are quantiles at equal distances.
    /// </summary>
    [Theory]
    [InlineData("normal", 1, 1.22401, 0.01)]
    [InlineData("normal", 3, 0.65077, 0.01)]
    [InlineData("normal", 7, 0.35341, 0.01)]
    [InlineData("laplace", 1, 2.00003, 0.01)]
    [InlineData("laplace", 3, 1.16215, 0.01)]
    [InlineData("laplace", 7, 0.68855, 0.015)]
    [InlineData("uniform", 1, 2.0 / 3, 0.01)]
    public void The_step_of_least_squared_error_is_that_of_tables(string distribution, int highest, double step, double tolerance)
    {
        double[] shares = [.. Enumerable.Range(0, 200_000).Select(i => (i + 0.5) / 200_000)];
        float[] values = distribution switch
        {
            "normal" => Normal(200_000),
            "laplace" => [.. shares.Select(share => (float)-Math.Log(share))],
            _ => [.. shares.Select(share => (float)share)],
        };

        double found = new ErrorSearchRule(2).StepOf(Sample(values, new UniformGrid(Signed: true, BitsOf(highest), Narrow: true)));

        Assert.Equal(1, found / step, tolerance);
    }

    /// <summary>Box and Muller, of quantiles in one variable and a golden rotation in the other.</summary>
    private static float[] Normal(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (float)(Math.Sqrt(-2 * Math.Log((i + 0.5) / count)) * Math.Cos(2 * Math.PI * 0.6180339887498949 * i)))];

    /// <summary>Values 1, 2, 3, 10 have the mean 4 and the standard deviation sqrt(12.5); with signs -1, 2, -3, 10 the mean is 2.</summary>
    [Theory]
    [InlineData(0.5, 4 + (0.5 * 3.5355339059327378))]
    [InlineData(1, 4 + 3.5355339059327378)]
    [InlineData(3, 10)]
    public void So_many_deviations_from_the_mean_are_kept_but_nothing_beyond_the_largest_value(double count, double level)
    {
        Assert.Equal(level / 15, new DeviationsRule(count).StepOf(Sample([1, 2, 3, 10], Unsigned4)), 1e-6);
        Assert.Equal(Math.Pow(2, Math.Ceiling(Math.Log2(level)) - 4), new IntegerLengthRule(1, count).StepOf(Sample([1, 2, 3, 10], Unsigned4)), 1e-9);
        Assert.Equal((2 + (0.5 * Math.Sqrt(24.5))) / 7, new DeviationsRule(0.5).StepOf(Sample([-1, 2, -3, 10], Signed4)), 1e-6);
    }

    private static int BitsOf(int highest) => System.Numerics.BitOperations.Log2((uint)highest) + 2;

    /// <summary>Constants of the code of outlier channel splitting, which has the first version's.</summary>
    [Theory]
    [InlineData(2, 1.47818312, 2.33152939)]
    [InlineData(3, 1.80489289, 3.04528770)]
    [InlineData(4, 2.19227856, 4.00378631)]
    [InlineData(5, 2.57733584, 5.08252088)]
    [InlineData(6, 2.94451183, 6.23211675)]
    [InlineData(7, 3.29076248, 7.42700429)]
    [InlineData(8, 3.61691335, 8.65265030)]
    public void Levels_of_the_first_version_are_those_of_released_code(int bits, double gauss, double laplace)
    {
        Assert.Equal(gauss, AciqRule.LevelOf(ValuePrior.Gauss, Reading.Code, bits), 2e-5);
        Assert.Equal(laplace, AciqRule.LevelOf(ValuePrior.Laplace, Reading.Code, bits), 2e-5);
    }

    /// <summary>The noise that the paper models, integrated over the density by Simpson's rule, at 3000 levels: the least one is within one per cent of the rule's.</summary>
    [Theory]
    [InlineData(ValuePrior.Gauss, 2)]
    [InlineData(ValuePrior.Gauss, 4)]
    [InlineData(ValuePrior.Laplace, 2)]
    [InlineData(ValuePrior.Laplace, 4)]
    public void The_level_of_least_noise_is_that_of_trying_all(ValuePrior prior, int bits)
    {
        double Density(double x) => prior == ValuePrior.Gauss ? Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) : Math.Exp(-x) / 2;
        double Noise(double level)
        {
            const int parts = 400;
            double width = 40.0 / parts;
            double clipping = Enumerable.Range(0, parts + 1).Sum(i =>
                (i is 0 or parts ? 1 : i % 2 == 1 ? 4 : 2) * Math.Pow(i * width, 2) * Density(level + (i * width))) * width / 3;
            return (2 * clipping) + (Math.Pow(2 * level / Math.ScaleB(1, bits), 2) / 12);
        }

        double best = Enumerable.Range(1, 3000).Select(i => i * 0.004).MinBy(Noise);

        Assert.InRange(AciqRule.LevelOf(prior, Reading.Paper, bits) / best, 0.99, 1.01);
    }

    [Fact]
    public void Values_without_signs_are_clipped_by_the_table_of_one_bit_more_above_their_mean()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => i % 10 / 10f)];
        double mean = values.Average();
        double deviation = values.Average(value => Math.Abs(value - mean));

        double step = new AciqRule(ValuePrior.Laplace, Reading.Paper).StepOf(Sample(values, Unsigned4));

        Assert.Equal((mean + (6.20476633 * deviation)) / 15, step, 1e-5);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void No_other_step_has_a_percent_less_error(int power, bool powerOfTwo)
    {
        float[] values = Normals(3000);
        ScaleKind scale = powerOfTwo ? ScaleKind.PowerOfTwo : ScaleKind.Free;
        double Error(double step) => values.Sum(value => Math.Pow(Math.Abs(value - (Math.Clamp(Math.Floor((value / step) + 0.5), -7, 7) * step)), power));

        double found = new ErrorSearchRule(power).StepOf(Sample(values, Signed4) with { Scale = scale });

        double[] others = powerOfTwo ? [.. Enumerable.Range(-12, 14).Select(k => Math.ScaleB(1, k))] : [.. Enumerable.Range(1, 2000).Select(i => i / 2000.0)];
        Assert.True(Error(found) <= 1.01 * others.Min(Error), $"{found}: {Error(found)} against {others.Min(Error)}");
        Assert.True(!powerOfTwo || Math.Log2(found) % 1 == 0);
    }

    /// <summary>Few values lie best between few levels: steps whose highest codes are never reached are tried, too.</summary>
    [Theory]
    [InlineData(2, 2, 9)]
    [InlineData(2, 3, 9)]
    [InlineData(2, 4, 9)]
    [InlineData(1, 4, 9)]
    [InlineData(2, 4, 25)]
    [InlineData(1, 4, 25)]
    public void Nor_has_one_that_leaves_codes_out(int power, int bits, int count)
    {
        UniformGrid grid = new(Signed: true, bits, Narrow: true);
        int highest = grid.Highest;
        float[] all = Normals(20 * count);
        for (int group = 0; group < 20; group++)
        {
            float[] values = all[(group * count)..((group + 1) * count)];
            double largest = values.Max(Math.Abs);
            double Error(double step) => values.Sum(value => Math.Pow(Math.Abs(value - (Math.Clamp(Math.Floor((value / step) + 0.5), -highest, highest) * step)), power));

            double found = new ErrorSearchRule(power).StepOf(Sample(values, grid));

            double least = Enumerable.Range(1, 4000).Min(i => Error(2 * largest * i / 4000));
            Assert.True(Error(found) <= (1.03 * least) + 1e-6, $"{found}: {Error(found)} against {least}");
        }
    }

    /// <summary>Seven codes do not divide 1.5 into halves; six, four and two do.</summary>
    [Fact]
    public void A_lattice_of_few_points_is_found_whatever_the_bits()
    {
        float[] lattice = [-1.5f, 0.75f, 0, 1.5f, -0.75f];

        double step = new ErrorSearchRule(2).StepOf(Sample(lattice, Signed4));

        Assert.All(lattice, value => Assert.Equal(value, Math.Round(value / step) * step, 1e-6));
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(0.9, 0.9)]
    [InlineData(0.901, 0.91)]
    [InlineData(0.5, 0.5)]
    public void A_percentile_is_the_value_of_that_rank(double share, double value)
    {
        float[] values = [.. Enumerable.Range(1, 100).Select(i => (i % 2 == 0 ? -1 : 1) * i / 100f)];

        Assert.Equal(value / 7, new PercentileRule(share).StepOf(Sample(values, Signed4)), 1e-7);
    }

    [Theory]
    [InlineData(1.0, -4)] // il = 0: sixteen codes of 1/16
    [InlineData(1.001, -3)]
    [InlineData(0.24, -6)]
    [InlineData(7.9, -1)]
    public void Integer_bits_are_those_that_the_largest_value_needs(double largest, int exponent) =>
        Assert.Equal(Math.ScaleB(1, exponent), new IntegerLengthRule(1).StepOf(Sample([0.1f, (float)largest], Unsigned4)));

    [Fact]
    public void One_image_with_an_outlier_moves_the_mean_of_maxima_by_its_share()
    {
        Assert.Equal((1 + 2 + 9) / 3.0 / 15, new MeanOfMaximaRule().StepOf(new CalibrationSample(tensor([1f, 0f, 2f, 1f, 9f, 3f], [3, 2]), Unsigned4, RoundingMode.HalfUp, ScaleKind.Free)), 1e-7);
    }

    [Fact]
    public void Entropy_clips_an_outlier_and_keeps_an_even_distribution()
    {
        float[] even = [.. Enumerable.Range(1, 20_000).Select(i => i / 20_000f)];
        float[] outlier = [.. Normals(20_000).Select(Math.Abs), 40];

        double kept = new EntropyRule().StepOf(Sample(even, Unsigned4)) * 15;
        double clipped = new EntropyRule().StepOf(Sample(outlier, Unsigned4)) * 15;

        Assert.InRange(kept, 0.95, 1);
        Assert.InRange(clipped, 1.5, 6);
    }

    /// <summary>Two values in a range have no divergence where each is a level of its own, so that a short range of few values would beat every other one.</summary>
    [Theory]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(25)]
    [InlineData(150)]
    public void Entropy_of_few_values_keeps_as_many_of_them_as_there_are_levels(int count)
    {
        float[] values = Normals(200 * count);
        for (int group = 0; group < 200; group++)
        {
            float[] magnitudes = [.. values.Skip(group * count).Take(count).Select(Math.Abs).Order()];

            double level = new EntropyRule().StepOf(Sample(magnitudes, Signed4)) * 7;

            Assert.InRange(level, magnitudes[Math.Min(7, count) - 1] * 0.999, magnitudes[^1] * 1.001);
        }
    }

    [Fact]
    public void Stretched_codes_have_the_variance_of_the_weights_in_every_channel()
    {
        QuantizerSpec spec = new()
        {
            Bits = 3, Grid = GridKind.SignedNarrow, Range = RangeKind.LeastSquares, RangeDecay = 0.9, Scale = ScaleKind.Free, Granularity = Granularity.PerChannel,
            Rounding = RoundingMode.HalfUp, Gradient = GradientKind.Ste, VarianceCorrection = true,
        };
        float[] w = Normals(400);
        Quantizer quantizer = new(spec, TensorRole.Weights, [4, 100]);
        quantizer.Initialize(tensor(w, [4, 100]));

        double[] values = Values(quantizer.Quantize(tensor(w, [4, 100])).Values);

        for (int channel = 0; channel < 4; channel++)
        {
            Assert.Equal(Variance(w.Skip(channel * 100).Take(100).Select(x => (double)x)), Variance(values.Skip(channel * 100).Take(100)), 1e-4);
        }
    }

    private static CalibrationSample Sample(float[] values, IGrid grid) => new(tensor(values), grid, RoundingMode.HalfUp, ScaleKind.Free);

    private static double Variance(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Average(x => x * x) - Math.Pow(all.Average(), 2);
    }

    private static float[] Normals(int count)
    {
        Random random = new(5);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }
}
