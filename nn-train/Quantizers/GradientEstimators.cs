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

    /// <summary>The code with the gradient of a recipe: <c>dc/du = 1</c>, <c>1[Lowest &lt;= u &lt;= Highest]</c> (of signs, within the recipe's window) when clipped, or that of a smooth function (<see cref="SmoothSigns"/>).</summary>
    /// <param name="ratio">u, before clipping.</param>
    /// <param name="clipped">u, clipped to the grid's range or the window.</param>
    /// <param name="codes">Codes, without gradient.</param>
    /// <param name="kind">The estimator.</param>
    /// <param name="progress">The share of the phase that is over, 0..1.</param>
    public static Tensor Through(Tensor ratio, Tensor clipped, Tensor codes, GradientKind kind, double progress = 0) => kind switch
    {
        GradientKind.Ste => Replace(ratio, codes),
        GradientKind.SteClipped => Replace(clipped, codes),
        GradientKind.SteRectified => Replace(ratio.relu(), codes),
        GradientKind.ApproximateSign => Replace(SmoothSigns.Parabola(ratio), codes),
        GradientKind.GaussianSign => Replace(SmoothSigns.Gaussian(ratio), codes),
        GradientKind.SignSwish => Replace(SmoothSigns.Swish(ratio), codes),
        GradientKind.ErrorDecay => Replace(SmoothSigns.Decaying(ratio, progress), codes),
        GradientKind.SoftSign => SmoothSigns.Hardening(ratio, progress),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a gradient estimator"),
    };

    /// <summary>
    /// What has the log-tailed gradient of a half wave (Cai et al. 2017, section 4.3): beyond the largest value q it grows as a logarithm, <c>(q + ln(1 + x - q)) / s</c>, so that <c>dy/dx = 1 / (x - q + 1)</c>.
    /// </summary>
    /// <param name="scaled">x in units of its step s.</param>
    /// <param name="clipped">The same, clipped to the grid's range.</param>
    public static Tensor LogTail(Scaled scaled, Tensor clipped)
    {
        Tensor beyond = (scaled.Ratio - clipped).relu() * scaled.Step;
        return clipped + ((beyond + 1.0).log() / scaled.Step);
    }
}
