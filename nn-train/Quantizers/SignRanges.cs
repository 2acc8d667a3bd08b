// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// XNOR-Net's scale of signs (Rastegari et al. 2016, arXiv:1603.05279): <c>s = E|w|</c>, <c>u = w</c>. Backward by the chain
/// rule through both factors: <c>dL/dw = s 1[|w| &lt;= 1] g + sgn(w) mean(sgn(w) g)</c> with the clipped estimator.
/// </summary>
public sealed class MeanMagnitudeRange(ScaleKind scale, ScaleGroups groups) : RangeEstimator(nameof(MeanMagnitudeRange))
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x) => new(x, ScaleRules.Snap(groups.MeanMagnitude(x).clamp(LeastStep), scale));
}

/// <summary>A constant step: <c>u = x / s</c>. With s = 1 and signs it is BinaryNet (Courbariaux et al. 2016, arXiv:1602.02830).</summary>
public sealed class UnitRange(double step) : RangeEstimator(nameof(UnitRange))
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x) => new(step == 1.0 ? x : x / step, full([], step));
}
