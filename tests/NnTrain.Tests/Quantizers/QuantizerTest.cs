// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Tests.TorchSystem;
using TorchSharp;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Tests.Quantizers;

/// <summary>Sentences to vary, and gradients by hand.</summary>
public abstract class QuantizerTest : TorchTest
{
    protected static readonly QuantizerSpec Weights = new()
    {
        Bits = 4,
        Grid = GridKind.Signed,
        Range = RangeKind.MinMax,
        RangeDecay = 0.75,
        Scale = ScaleKind.Free,
        Granularity = Granularity.PerTensor,
        Rounding = RoundingMode.HalfUp,
        Gradient = GradientKind.SteClipped,
    };

    protected static readonly QuantizerSpec Activations = Weights with { Grid = GridKind.Unsigned };

    /// <summary>Single-precision values around zero, from well inside to well outside of most ranges, no two alike.</summary>
    protected static float[] Spread(int count, double amplitude) =>
        [.. Enumerable.Range(0, count).Select(i => (float)(amplitude * Math.Sin(1.7 * i) * (i + 1) / count))];

    /// <summary>Weights of the upstream gradient: different for each element.</summary>
    protected static float[] Upstream(int count) => [.. Enumerable.Range(0, count).Select(i => 0.25f * ((i % 7) - 3) + 0.125f)];

    /// <summary>The gradient of <c>sum(upstream * y(x))</c> at x, and y.</summary>
    protected static (double[] Gradient, Quantized Output) Backward(Quantizer quantizer, float[] x, params long[] shape)
    {
        Tensor input = tensor(x, shape.Length == 0 ? [x.Length] : shape);
        input.requires_grad = true;
        Quantized output = quantizer.Quantize(input);
        (output.Values * tensor(Upstream(x.Length), input.shape)).sum().backward();
        return (Values(input.grad!), output);
    }

    /// <summary>The trained scale of a quantizer.</summary>
    protected static Tensor TrainedScale(Quantizer quantizer) => quantizer.parameters().Single();

    protected static void Set(Tensor target, params float[] values)
    {
        using IDisposable ungraded = no_grad();
        target.copy_(tensor(values, target.shape));
    }

    /// <summary>Nearest integer, ties up, in double precision.</summary>
    protected static double HalfUp(double x) => Math.Floor(x + 0.5);
}
