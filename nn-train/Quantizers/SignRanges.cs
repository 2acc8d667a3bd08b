// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// XNOR-Net's scale of signs (Rastegari et al. 2016, arXiv:1603.05279): <c>s = E|w|</c>, <c>u = w</c>. Backward, n the weights of a scale and c the input channels of a filter,
/// <code>
/// none     dL/dw = s 1[|w| &lt;= 1] g + sgn(w) mean(sgn(w) g)               the chain rule through both factors; with the clipped estimator, as the next
/// port     dL/dw = (1 - 1/c) n (s 1[|w| &lt;= 1] g + sgn(w) mean(sgn(w) g))  a port to PyTorch that is much used
/// paper    dL/dw = (s 1[|w| &lt;= 1] + 1/n) g                               equation 11; with the unclipped estimator, as the next
/// code     dL/dw = (1 - 1/c) (s 1[|w| &lt;= 1] + 1/n) g                     the authors' Torch code, which with SGD has a further factor n: that of a learning rate
/// </code>
/// A filter of one input channel does not move by the texts with a factor of c; the code keeps such a layer, the first, in real numbers.
/// </summary>
/// <param name="scale">Which scales are allowed.</param>
/// <param name="groups">What shares a scale.</param>
/// <param name="reading">The text; null for the chain rule.</param>
public sealed class MeanMagnitudeRange(ScaleKind scale, ScaleGroups groups, Reading? reading) : RangeEstimator(nameof(MeanMagnitudeRange))
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        double count = (double)x.numel() / groups.Count;
        if (reading is null or Reading.Port)
        {
            Tensor weights = reading is null ? x : StraightThrough.Replace(x * (ShareOfChannels(x) * count), x.detach());
            return new(weights, ScaleRules.Snap(groups.MeanMagnitude(weights).clamp(LeastStep), scale));
        }

        Tensor step = ScaleRules.Snap(groups.MeanMagnitude(x.detach()).clamp(LeastStep), scale);
        Tensor path = x.clamp(-1.0, 1.0) + (x / (step * count));
        return new(StraightThrough.Replace(reading == Reading.Code ? path * ShareOfChannels(x) : path, x.detach()), step);
    }

    /// <summary><c>1 - 1/c</c>.</summary>
    private static double ShareOfChannels(Tensor weights) => 1 - (1.0 / weights.shape[1]);
}

/// <summary>A constant step: <c>u = x / s</c>. With s = 1 and signs it is BinaryNet (Courbariaux et al. 2016, arXiv:1602.02830).</summary>
public sealed class UnitRange(double step) : RangeEstimator(nameof(UnitRange))
{
    /// <summary>As tensors hold it: half a code is half of this step in double precision, too, where 1/127 itself is a little more.</summary>
    private readonly double step = (float)step;

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x) => new(step == 1.0 ? x : x / step, full([], step));
}
