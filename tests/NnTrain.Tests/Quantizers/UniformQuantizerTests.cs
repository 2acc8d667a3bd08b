// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Tests.Quantizers;

public sealed class UniformQuantizerTests : QuantizerTest
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Weights_by_maximum_use_the_whole_grid(int bits)
    {
        float[] w = Spread(50, 3);
        Quantizer quantizer = new(Weights with { Bits = bits, Grid = GridKind.SignedNarrow }, TensorRole.Weights, [50]);
        int highest = (1 << (bits - 1)) - 1;
        double step = w.Max(Math.Abs) / (double)highest;

        Quantized output = quantizer.Quantize(tensor(w));

        AssertValues([step], output.Step, 1e-6 * step);
        AssertValues([.. w.Select(value => HalfUp(value / step))], output.Codes, tolerance: 0);
        Assert.Equal(highest, Values(output.Codes).Max(Math.Abs));
    }

    /// <summary>Twelve values in four parts with the maxima 3, 1, 8, 4; seven have no four equal parts, nor three or two.</summary>
    [Theory]
    [InlineData(RangeKind.MinMax)]
    [InlineData(RangeKind.MovingAverage)]
    public void The_largest_value_in_parts_is_the_mean_of_theirs(RangeKind range)
    {
        Quantizer quantizer = new(Activations with { Range = range, Chunks = 4 }, TensorRole.Activations, []);
        quantizer.eval();
        quantizer.Initialize(tensor([0f, 3, 1, 1, 0, -5, 2, 8, 1, 4, 4, 0], [4, 3]));
        Assert.Equal(4.0 / 15, quantizer.StepValue, 1e-7);

        quantizer.Initialize(tensor([0f, 3, 1, 1, 0, -5, 2], [7, 1]));
        Assert.Equal(3.0 / 15, quantizer.StepValue, 1e-7);
    }

    /// <summary>A layer whose outputs are all zero, or negative before a ReLU: the ratio of a step near nothing to those around it is none that a multiplier holds.</summary>
    [Theory]
    [InlineData(RangeKind.MinMax)]
    [InlineData(RangeKind.MovingAverage)]
    [InlineData(RangeKind.Percentile)]
    [InlineData(RangeKind.IntegerLength)]
    [InlineData(RangeKind.MeanOfMaxima)]
    [InlineData(RangeKind.LeastSquares)]
    [InlineData(RangeKind.LeastAbsolute)]
    [InlineData(RangeKind.Entropy)]
    [InlineData(RangeKind.AciqGauss)]
    [InlineData(RangeKind.AciqLaplace)]
    [InlineData(RangeKind.NormalOptimum)]
    public void Where_there_is_nothing_but_zeros_a_code_is_worth_one(RangeKind range)
    {
        Quantizer quantizer = new(Activations with { Range = range }, TensorRole.Activations, []);
        Tensor nothing = tensor([0f, -1f, -0.5f, 0f], [2, 2]);
        quantizer.Initialize(nothing);
        quantizer.eval();

        Quantized output = quantizer.Quantize(nothing);

        AssertValues([1], output.Step, tolerance: 0);
        AssertValues([0, 0, 0, 0], output.Codes, tolerance: 0);
    }

    [Fact]
    public void Values_are_codes_times_step_to_the_last_bit()
    {
        float[] x = [.. Spread(1000, 40), 1e-9f, -1e-9f, 1e9f, -1e9f, 3e-8f, 0f];
        Quantizer quantizer = new(Activations with { Range = RangeKind.LearnedStep }, TensorRole.Activations, []);
        Set(TrainedScale(quantizer), 0.37f);
        Tensor input = tensor(x, [1, x.Length]);
        input.requires_grad = true;

        Quantized output = quantizer.Quantize(input);

        float[] expected = [.. output.Codes.data<float>().ToArray().Select(code => code * 0.37f)];
        Assert.Equal(expected, output.Values.data<float>().ToArray());
        AssertValues([.. x.Select(value => (double)Math.Clamp(MathF.Floor((value / 0.37f) + 0.5f), 0, 15))], output.Codes, tolerance: 0);
    }

    [Theory]
    [InlineData(RoundingMode.HalfUp, -0.5, 0)]
    [InlineData(RoundingMode.HalfAway, -0.5, -1)]
    [InlineData(RoundingMode.HalfEven, 2.5, 2)]
    [InlineData(RoundingMode.HalfUp, 2.5, 3)]
    [InlineData(RoundingMode.Floor, 2.75, 2)]
    [InlineData(RoundingMode.TowardZero, -2.75, -2)]
    public void The_named_rounding_decides_ties_and_fractions(RoundingMode rounding, double x, double code)
    {
        Quantizer quantizer = new(Weights with { Range = RangeKind.Unit, Rounding = rounding }, TensorRole.Weights, [1]);

        AssertValues([code], quantizer.Quantize(Of(x)).Codes, tolerance: 0);
    }

    [Fact]
    public void Each_channel_is_quantised_as_if_it_were_alone()
    {
        float[] w = Spread(3 * 2 * 5 * 5, 2);
        QuantizerSpec spec = Weights with { Granularity = Granularity.PerChannel };
        Quantized together = new Quantizer(spec, TensorRole.Weights, [3, 2, 5, 5]).Quantize(tensor(w, [3, 2, 5, 5]));

        Assert.Equal([3, 1, 1, 1], together.Step.shape);
        for (int channel = 0; channel < 3; channel++)
        {
            float[] own = w[(channel * 50)..((channel + 1) * 50)];
            Quantized alone = new Quantizer(Weights, TensorRole.Weights, [50]).Quantize(tensor(own));
            AssertValues(Values(alone.Codes), together.Codes.select(0, channel), tolerance: 0);
            AssertValues(Values(alone.Step), together.Step.select(0, channel), tolerance: 0);
        }
    }

    [Fact]
    public void A_channel_of_zeros_has_codes_of_zero_and_a_finite_step()
    {
        Quantized output = new Quantizer(Weights with { Granularity = Granularity.PerChannel }, TensorRole.Weights, [2, 3])
            .Quantize(tensor([0f, 0f, 0f, 1f, -2f, 3f], [2, 3]));

        Assert.All(Values(output.Codes)[..3], code => Assert.Equal(0, code));
        Assert.All(Values(output.Step), step => Assert.True(step > 0 && double.IsFinite(step)));
    }

    [Theory]
    [InlineData(0.9, 1)]
    [InlineData(1.0, 1)]
    [InlineData(1.41, 1)]
    [InlineData(1.42, 2)]
    [InlineData(0.0312, 0.03125)]
    [InlineData(3e-7, 2.384185791015625e-7)]
    [InlineData(5000, 4096)]
    public void A_step_snaps_to_the_power_of_two_with_the_nearest_logarithm(double step, double power)
    {
        Tensor free = tensor((float)step);
        free.requires_grad = true;

        Tensor snapped = ScaleRules.Snap(free, ScaleKind.PowerOfTwo);
        snapped.backward();

        AssertValues([power], snapped, tolerance: 0);
        AssertValues([1], free.grad!, tolerance: 0);
        Assert.Same(free, ScaleRules.Snap(free, ScaleKind.Free));
    }

    [Theory]
    [InlineData(GradientKind.Ste)]
    [InlineData(GradientKind.SteClipped)]
    public void The_gradient_passes_rounding_and_stops_outside_the_grid_only_when_clipped(GradientKind gradient)
    {
        QuantizerSpec spec = Weights with { Range = RangeKind.Unit, Gradient = gradient };
        float[] x = Spread(40, 14);

        (double[] found, Quantized _) = Backward(new Quantizer(spec, TensorRole.Weights, [40]), x);

        float[] upstream = Upstream(40);
        double[] expected = [.. x.Select((value, i) => gradient == GradientKind.Ste || (value >= -8 && value <= 7) ? upstream[i] : 0.0)];
        Assert.Equal(expected, found);
        Assert.Contains(x, value => value is < -8 or > 7);
    }

    [Fact]
    public void The_running_maximum_of_activations_grows_and_is_frozen_after_training()
    {
        Quantizer quantizer = new(Activations, TensorRole.Activations, []);
        quantizer.Initialize(Batch(3));
        quantizer.Quantize(Batch(6));
        quantizer.Quantize(Batch(1));
        AssertValues([6.0 / 15], quantizer.Quantize(Batch(2)).Step, 1e-7);

        quantizer.eval();
        AssertValues([6.0 / 15], quantizer.Quantize(Batch(60)).Step, 1e-7);
    }

    [Fact]
    public void The_moving_average_keeps_its_share_of_the_old_maximum()
    {
        Quantizer quantizer = new(Activations with { Range = RangeKind.MovingAverage }, TensorRole.Activations, []);
        quantizer.Initialize(Batch(4));

        quantizer.Quantize(Batch(8));
        Quantized second = quantizer.Quantize(Batch(1));

        AssertValues([((0.75 * ((0.75 * 4) + (0.25 * 8))) + (0.25 * 1)) / 15], second.Step, 1e-6);
    }

    [Fact]
    public void A_signed_range_looks_at_magnitudes()
    {
        Quantizer quantizer = new(Weights with { Range = RangeKind.MovingAverage, Bits = 8 }, TensorRole.Activations, []);

        quantizer.Initialize(Of(-254, 3).to_type(float32));
        quantizer.eval();

        AssertValues([2], quantizer.Quantize(Of(1).to_type(float32)).Step, 1e-6);
    }

    private static Tensor Batch(float maximum) => tensor([maximum, -100f, 0.5f * maximum], [1, 3]);
}
