// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Quantisation intervals (QIL; Jung et al. 2019, arXiv:1808.05779) of weights: below <c>c - d</c> a weight is pruned, above <c>c + d</c> clipped,
/// <code>
/// forward   v = sgn(w) clip((|w| - c) / (2 d) + 1/2, 0, 1);  s = 1 / Highest,  u = v Highest
/// backward  exact through v in w, c and d; the estimator through rounding
/// start     c = d = max|w| / 2
/// </code>
/// The paper's exponent of v for weights, which it trains, is 1 here.
/// </summary>
public sealed class WeightIntervalRange(IGrid grid) : IntervalRange(nameof(WeightIntervalRange))
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x) =>
        new(TensorRounding.Sign(x.detach()) * Place(x.abs()) * (double)grid.Highest, full([], 1.0 / grid.Highest));
}

/// <summary>Intervals of activations: <c>v = clip((x - c) / (2 d) + 1/2, 0, 1)</c>, <c>s = 1 / Highest</c>, <c>u = v Highest</c>. Codes count from <c>c - d</c> in widths of <c>2 d / Highest</c>.</summary>
public sealed class ActivationIntervalRange(IGrid grid) : IntervalRange(nameof(ActivationIntervalRange))
{
    /// <inheritdoc/>
    public override AffineCodes? Affine => new(Centre - HalfWidth, 2 * HalfWidth / grid.Highest);

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x) => new(Place(x) * (double)grid.Highest, full([], 1.0 / grid.Highest));
}

/// <summary>A trained interval.</summary>
public abstract class IntervalRange : RangeEstimator
{
    private readonly Parameter centre;
    private readonly Parameter halfWidth;

    /// <summary>The interval 0..1, to be set by <see cref="Initialize(Tensor)"/>.</summary>
    protected IntervalRange(string name)
        : base(name)
    {
        centre = new Parameter(full([], 0.5));
        halfWidth = new Parameter(full([], 0.5));
        RegisterComponents();
    }

    /// <summary>c.</summary>
    protected double Centre => centre.item<float>();

    /// <summary>d.</summary>
    protected double HalfWidth => halfWidth.item<float>();

    /// <inheritdoc/>
    public override void Initialize(Tensor x)
    {
        Tensor half = (x.abs().max() / 2.0).clamp(LeastStep);
        centre.copy_(half);
        halfWidth.copy_(half);
    }

    /// <inheritdoc/>
    public override void Constrain() => halfWidth.clamp_(LeastStep);

    /// <summary>Where a value lies in the interval, 0..1.</summary>
    protected Tensor Place(Tensor x) => (((x - centre) / (halfWidth * 2.0)) + 0.5).clamp(0.0, 1.0);
}
