// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// XNOR-Net's scale of signs (Rastegari et al. 2016, arXiv:1603.05279): <c>s = E|w|</c>, <c>u = w</c>. Backward, with the clipped estimator,
/// <code>
/// code     dL/dw = s 1[|w| &lt;= 1] g + sgn(w) mean(sgn(w) g)      the chain rule through both factors, as a port that is much used has it
/// paper    dL/dw = (s 1[|w| &lt;= 1] + 1/n) g                      equation 11, n the weights of a scale; with the unclipped estimator
/// </code>
/// Where a recipe names none, the chain rule is taken.
/// </summary>
public sealed class MeanMagnitudeRange(ScaleKind scale, ScaleGroups groups, Reading reading) : RangeEstimator(nameof(MeanMagnitudeRange))
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        if (reading == Reading.Code)
        {
            return new(x, ScaleRules.Snap(groups.MeanMagnitude(x).clamp(LeastStep), scale));
        }

        Tensor step = ScaleRules.Snap(groups.MeanMagnitude(x.detach()).clamp(LeastStep), scale);
        double count = (double)x.numel() / groups.Count;
        return new(StraightThrough.Replace(x.clamp(-1.0, 1.0) + (x / (step * count)), x.detach()), step);
    }
}

/// <summary>A constant step: <c>u = x / s</c>. With s = 1 and signs it is BinaryNet (Courbariaux et al. 2016, arXiv:1602.02830).</summary>
public sealed class UnitRange(double step) : RangeEstimator(nameof(UnitRange))
{
    /// <summary>As tensors hold it: half a code is half of this step in double precision, too, where 1/127 itself is a little more.</summary>
    private readonly double step = (float)step;

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x) => new(step == 1.0 ? x : x / step, full([], step));
}
