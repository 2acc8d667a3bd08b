// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Ternary Weight Networks (Li et al. 2016, arXiv:1605.04711, equations 3 to 6):
/// <code>
/// D = 0.7 E|w|
/// s = E(|w| : |w| > D)            the least-squares scale of the weights that are kept
/// u = w / (2 D)                   so that the grid -1, 0, +1 keeps |w| beyond D
/// </code>
/// D and s are constants in the backward pass; the unclipped estimator gives the paper's <c>dy/dw = 1</c>.
/// </summary>
public sealed class TernaryThresholdRange(ScaleKind scale, ScaleGroups groups) : RangeEstimator(nameof(TernaryThresholdRange))
{
    /// <summary>The paper's share of the mean magnitude. (Optimal are 0.767 for normal, 0.667 for uniform and 1 for Laplace-distributed weights.)</summary>
    private const double ThresholdFactor = 0.7;

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor magnitude = x.detach().abs();
        Tensor threshold = (groups.MeanMagnitude(magnitude) * ThresholdFactor).clamp(LeastStep);
        Tensor kept = magnitude.gt(threshold).to_type(x.dtype);
        Tensor step = ScaleRules.Snap((groups.MeanMagnitude(magnitude * kept) / groups.MeanMagnitude(kept).clamp(LeastStep)).clamp(LeastStep), scale);
        return new Scaled(StraightThrough.Replace(x / step, x.detach() / (threshold * 2.0)), step);
    }
}
