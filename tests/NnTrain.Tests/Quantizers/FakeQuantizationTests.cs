// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Tests.Quantizers;

/// <summary>The quantizer in one pass beside its two formulas, element by element in double precision.</summary>
public sealed class FakeQuantizationTests : QuantizerTest
{
    [Theory]
    [InlineData(RoundingMode.HalfUp, GradientKind.SteClipped, 1, 1)]
    [InlineData(RoundingMode.HalfUp, GradientKind.Ste, 37, 1)]
    [InlineData(RoundingMode.HalfEven, GradientKind.SteClipped, 20_001, 1)]
    [InlineData(RoundingMode.HalfEven, GradientKind.Ste, 16, 3)]
    [InlineData(RoundingMode.HalfUp, GradientKind.SteClipped, 8_193, 9)]
    [InlineData(RoundingMode.HalfUp, GradientKind.SteClipped, 5, 4)]
    public void Values_and_gradients_are_those_of_the_formulas(RoundingMode rounding, GradientKind gradient, int ofRow, int rows)
    {
        QuantizerSpec spec = Weights with { Rounding = rounding, Gradient = gradient };
        IGrid grid = Grids.Of(spec);
        float[] values = Ties(rows * ofRow), upstream = Upstream(rows * ofRow), steps = [.. Enumerable.Range(0, rows).Select(row => 0.125f * (1 + row))];
        Tensor x = tensor(values, [rows, ofRow]).with_requires_grad();
        Tensor step = tensor(steps, [rows, 1]).with_requires_grad();
        Assert.True(FakeQuantization.Fits(spec, grid) && FakeQuantization.Fits(x));

        Tensor y = FakeQuantization.Of(x, step, spec, grid);
        (y * tensor(upstream, [rows, ofRow])).sum().backward();

        float[] found = y.detach().data<float>().ToArray(), ofX = x.grad!.data<float>().ToArray(), ofStep = step.grad!.data<float>().ToArray();
        for (int row = 0; row < rows; row++)
        {
            double sum = 0, magnitude = 0;
            foreach (int i in Enumerable.Range(row * ofRow, ofRow))
            {
                double u = values[i] / steps[row], clipped = Math.Clamp(u, -8, 7);
                double code = rounding == RoundingMode.HalfUp ? Math.Floor(clipped + 0.5) : Math.Round(clipped, MidpointRounding.ToEven);
                bool through = gradient == GradientKind.Ste || (u >= -8 && u <= 7);
                Assert.Equal((float)(code * steps[row]), found[i]);
                Assert.Equal(through ? upstream[i] : 0, ofX[i]);
                sum += upstream[i] * (code - (through ? u : 0));
                magnitude += Math.Abs(upstream[i] * (code - (through ? u : 0)));
            }

            Assert.Equal(sum, ofStep[row], (1e-6 * magnitude) + 1e-6);
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        int threads = get_num_threads();
        try
        {
            Assert.Equal(Gradients(1), Gradients(2));
            Assert.Equal(Gradients(1), Gradients(3));
        }
        finally
        {
            set_num_threads(threads);
        }

        static float[] Gradients(int count)
        {
            set_num_threads(count);
            Tensor x = tensor(Spread(100_003, 2), [100_003]).with_requires_grad(), step = tensor(0.3f).with_requires_grad();
            Tensor y = FakeQuantization.Of(x, step, Weights, Grids.Of(Weights));
            (y * tensor(Upstream(100_003))).sum().backward();
            return [.. y.detach().data<float>().ToArray(), .. x.grad!.data<float>().ToArray(), step.grad!.item<float>()];
        }
    }

    [Fact]
    public void A_quantizer_in_training_gives_the_values_of_one_that_is_not()
    {
        foreach (QuantizerSpec spec in (ReadOnlySpan<QuantizerSpec>)[Weights, Weights with { Range = RangeKind.LearnedStep, Granularity = Granularity.PerChannel }, Weights with { Range = RangeKind.LearnedStep, Scale = ScaleKind.PowerOfTwo, Bits = 2 }])
        {
            Quantizer quantizer = new(spec, TensorRole.Weights, [4, 30]);
            Tensor x = tensor(Ties(120), [4, 30]);
            quantizer.Initialize(x);

            Quantized trained = quantizer.Quantize(x.with_requires_grad());
            quantizer.eval();
            Quantized evaluated = quantizer.Quantize(x);

            Assert.True(trained.Values.requires_grad);
            Assert.Equal(Values(evaluated.Values.detach()), Values(trained.Values.detach()));
            Assert.Equal(Values(evaluated.Codes), Values(trained.Codes));
            Assert.Equal(Values(evaluated.Step), Values(trained.Step));
        }
    }

    [Fact]
    public void A_tensor_that_does_not_lie_in_order_is_quantised_all_the_same()
    {
        Quantizer quantizer = new(Weights with { Range = RangeKind.LearnedStep }, TensorRole.Activations, []);
        Tensor x = tensor(Spread(24, 3), [4, 6]);
        quantizer.Initialize(x);

        Assert.Equal(Values(quantizer.Quantize(x).Values.t().contiguous().detach()), Values(quantizer.Quantize(x.t()).Values.contiguous().detach()));
        Assert.False(FakeQuantization.Fits(x.t()));
    }

    [Fact]
    public void What_is_not_a_number_stays_so()
    {
        Tensor y = FakeQuantization.Of(tensor([float.NaN, 1, float.PositiveInfinity, float.NegativeInfinity]), tensor(1f), Weights, Grids.Of(Weights));

        Assert.Equal([double.NaN, 1, 7, -8], Values(y));
    }

    /// <summary>Inside and outside of the grid, with ties of every step among them.</summary>
    private static float[] Ties(int count) => [.. Spread(count, 4).Select((value, i) => i % 3 == 0 ? MathF.Round(value * 16) / 16 : value)];
}
