// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>Which scales are allowed: forward the nearest allowed one, backward the identity.</summary>
public static class ScaleRules
{
    /// <summary>
    /// Free: <c>s</c>. Power of two: <c>2^round(log2 s)</c>, ties of the logarithm to the even exponent.
    /// </summary>
    /// <param name="scale">Positive scales of any shape.</param>
    /// <param name="kind">The rule.</param>
    public static Tensor Snap(Tensor scale, ScaleKind kind) => kind switch
    {
        ScaleKind.Free => scale,
        ScaleKind.PowerOfTwo => StraightThrough.Replace(scale, Nearest(scale)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a rule for scales"),
    };

    /// <summary>Computed outside of the tensor library, whose exponential need not be exact at integers.</summary>
    private static Tensor Nearest(Tensor scale)
    {
        using Tensor values = scale.detach();
        float[] powers = [.. values.data<float>().ToArray().Select(s => MathF.ScaleB(1, (int)Math.Round(Math.Log2(s), MidpointRounding.ToEven)))];
        return tensor(powers, scale.shape);
    }
}
