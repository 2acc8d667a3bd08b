// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// DoReFa-Net's weights of two bits and more (Zhou et al. 2016, arXiv:1606.06160, equation 9):
/// <c>y = 2 q(tanh(w) / (2 max|tanh w|) + 1/2) - 1</c>, <c>q(r) = round(n r) / n</c>; here with <c>s = 1/n</c> and
/// <c>u = n tanh(w) / max|tanh w|</c> on the odd grid. Backward: exact through tanh and maximum, the estimator through q;
/// in a port that is much used the maximum is a constant.
/// </summary>
/// <param name="grid">The odd codes.</param>
/// <param name="reading">The authors' code, or the port.</param>
public sealed class DorefaWeightRange(IGrid grid, Reading reading = Reading.Code) : RangeEstimator(nameof(DorefaWeightRange))
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor squeezed = x.tanh();
        Tensor most = squeezed.abs().max();
        Tensor ratio = squeezed / (reading == Reading.Port ? most.detach() : most) * grid.Highest;
        return new Scaled(ratio, full([], 1.0 / grid.Highest));
    }
}

/// <summary>
/// DoReFa-Net's weights of one bit (equation 7): <c>y = E|w| sgn(w)</c>, E over the layer and a constant in the backward pass;
/// <c>u = w / E|w|</c>, so that the unclipped estimator gives <c>dy/dw = 1</c>.
/// </summary>
public sealed class DorefaSignRange() : RangeEstimator(nameof(DorefaSignRange))
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor mean = x.detach().abs().mean().clamp(LeastStep);
        return new Scaled(x / mean, mean);
    }
}
