// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// The straight-through estimator (Bengio et al. 2013): forward the code, backward the derivative of something else.
/// </summary>
public static class StraightThrough
{
    /// <summary>
    /// Forward <paramref name="value"/>, backward the identity to <paramref name="path"/>. The path is added as
    /// <c>path - path</c>, which is exactly zero, so that no rounding error reaches the value.
    /// </summary>
    public static Tensor Replace(Tensor path, Tensor value) => path.requires_grad ? value + (path - path.detach()) : value;

    /// <summary>The code with the gradient of a recipe: <c>dc/du = 1</c>, or <c>1[Lowest &lt;= u &lt;= Highest]</c> when clipped.</summary>
    /// <param name="ratio">u, before clipping.</param>
    /// <param name="clipped">u, clipped to the grid's range.</param>
    /// <param name="codes">Codes, without gradient.</param>
    /// <param name="kind">The estimator.</param>
    public static Tensor Through(Tensor ratio, Tensor clipped, Tensor codes, GradientKind kind) => kind switch
    {
        GradientKind.Ste => Replace(ratio, codes),
        GradientKind.SteClipped => Replace(clipped, codes),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a gradient estimator"),
    };
}
