// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Choi et al. 2018, equations 1 to 3.</summary>
public sealed class PactTests : QuantizerTest
{
    private const float Level = 2.2f;

    [Theory]
    [InlineData(GradientKind.Ste, ScaleKind.Free)]
    [InlineData(GradientKind.SteClipped, ScaleKind.Free)]
    [InlineData(GradientKind.SteClipped, ScaleKind.PowerOfTwo)]
    public void Level_and_input_share_the_gradient_at_the_level(GradientKind gradient, ScaleKind scale)
    {
        float[] x = Spread(80, 6);
        Quantizer quantizer = new(Activations with { Range = RangeKind.Pact, Gradient = gradient, Scale = scale }, TensorRole.Activations, []);
        Set(TrainedScale(quantizer), Level);

        (double[] input, Quantized output) = Backward(quantizer, x, 2, 40);

        double step = scale == ScaleKind.Free ? Level / 15.0 : 0.125;
        double level = 15 * step;
        float[] upstream = Upstream(80);
        AssertValues([step], output.Step, 1e-7);
        AssertValues([.. x.Select(value => HalfUp(Math.Clamp(value, 0, level) / step))], output.Codes, tolerance: 0);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(x[i] > 0 && x[i] < level ? upstream[i] : 0, input[i], 1e-6);
        }
        AssertValues([x.Zip(upstream).Where(pair => pair.First > level).Sum(pair => pair.Second)], TrainedScale(quantizer).grad!, 1e-5);
    }

    [Fact]
    public void The_level_starts_at_the_largest_activation()
    {
        Quantizer quantizer = new(Activations with { Range = RangeKind.Pact }, TensorRole.Activations, []);

        quantizer.Initialize(tensor([-9f, 3.5f, 1f]));

        AssertValues([3.5], TrainedScale(quantizer), tolerance: 0);
    }

    [Fact]
    public void Or_where_the_recipe_says()
    {
        Quantizer quantizer = new(Activations with { Range = RangeKind.Pact, Limit = 10 }, TensorRole.Activations, []);

        quantizer.Initialize(tensor([-9f, 3.5f, 1f]));

        AssertValues([10], TrainedScale(quantizer), tolerance: 0);
    }
}
