// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Quantisation intervals (QIL; Jung et al. 2019, arXiv:1808.05779) of weights: below <c>c - d</c> a weight is pruned, above <c>c + d</c> clipped,
/// <code>
/// forward   v = sgn(w) clip((|w| - c) / (2 d) + 1/2, 0, 1)^e;  s = 1 / Highest,  u = v Highest
/// backward  exact through v in w, c, d and e; the estimator through rounding
/// start     c = d = max|w| / 2, e = 1
/// </code>
/// The exponent e is trained where the recipe says so, as in the paper, and stays 1 otherwise. It is kept within 1/4..4.
/// </summary>
public sealed class WeightIntervalRange : IntervalRange
{
    private const double MostExponent = 4;

    /// <summary>The least place that a power has a gradient at.</summary>
    private const double LeastPlace = 1e-6;

    private readonly IGrid grid;
    private readonly Parameter? exponent;

    /// <summary>The interval 0..1, to be set by <see cref="IntervalRange.Initialize(Tensor)"/>.</summary>
    /// <param name="grid">The codes.</param>
    /// <param name="trainsExponent">Whether e is trained.</param>
    public WeightIntervalRange(IGrid grid, bool trainsExponent = false)
        : base(nameof(WeightIntervalRange))
    {
        this.grid = grid;
        if (trainsExponent)
        {
            exponent = new Parameter(ones([]));
            register_parameter(nameof(exponent), exponent);
        }
    }

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor place = Place(x.abs());
        if (exponent is not null)
        {
            // At 0 a power below 1 has no derivative; what is pruned has none in the paper, either.
            place = (place.clamp(LeastPlace, 1.0).log() * exponent).exp() * place.detach().gt(0.0).to_type(x.dtype);
        }

        return new(TensorRounding.Sign(x.detach()) * place * (double)grid.Highest, full([], 1.0 / grid.Highest));
    }

    /// <inheritdoc/>
    public override void Constrain()
    {
        base.Constrain();
        exponent?.clamp_(1 / MostExponent, MostExponent);
    }
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
