// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Trained ternary quantisation (TTQ; Zhu et al. 2017, arXiv:1612.01064): weights beyond <c>D = 0.05 max|w|</c>, or a D that holds a given share of them at zero, take the trained value P above zero and -N below it,
/// <code>
/// forward   y = P for w > D, -N for w &lt; -D, else 0;   s = max(P, N) / Highest,  so that both are integers
/// backward  dL/dP = sum of g over w > D,  dL/dN = -sum of g over w &lt; -D
///           dL/dw = P g for w > D,  N g for w &lt; -D,  g else
/// start     P, N = mean magnitude of their weights
/// </code>
/// Parameters are P and N as multiples of the mean magnitude m of all weights at the start: Adam moves a parameter by its learning rate whatever its gradient is.
/// The paper (and a port that is much used) have no minus in dL/dN, which then climbs: reading "paper". Released code (tensorpack) differentiates: reading "code", which is what is taken if none is named.
/// </summary>
public sealed class TrainedTernaryRange : RangeEstimator
{
    private const double ThresholdShare = 0.05;

    private readonly IGrid grid;
    private readonly ScaleKind scale;
    private readonly Reading reading;
    private readonly double? sparsity;
    private readonly Parameter positive;
    private readonly Parameter negative;
    private readonly Tensor magnitude;

    /// <summary>Values of 1, to be set by <see cref="Initialize(Tensor)"/>.</summary>
    /// <param name="grid">The codes.</param>
    /// <param name="scale">Which steps are allowed.</param>
    /// <param name="reading">The text that the gradient follows.</param>
    /// <param name="sparsity">The share at zero; null for the threshold by the largest weight.</param>
    public TrainedTernaryRange(IGrid grid, ScaleKind scale, Reading reading, double? sparsity = null)
        : base(nameof(TrainedTernaryRange))
    {
        this.grid = grid;
        this.scale = scale;
        this.reading = reading;
        this.sparsity = sparsity;
        positive = new Parameter(ones([]));
        negative = new Parameter(ones([]));
        magnitude = ones([]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x)
    {
        (Tensor above, Tensor below) = Sets(x);
        magnitude.copy_(x.abs().mean().clamp(LeastStep));
        positive.copy_(((x * above).sum() / above.sum().clamp(1.0)).clamp(LeastStep) / magnitude);
        negative.copy_(((x * below).sum().neg() / below.sum().clamp(1.0)).clamp(LeastStep) / magnitude);
    }

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        (Tensor above, Tensor below) = Sets(x.detach());
        Tensor plus = positive * magnitude;
        Tensor minus = negative * magnitude;
        Tensor step = ScaleRules.Snap((plus.detach().maximum(minus.detach()) / grid.Highest).clamp(LeastStep), scale);
        Tensor subtracted = reading == Reading.Paper ? (minus.detach() * 2.0) - minus : minus;
        Tensor values = (plus * above) - (subtracted * below);
        Tensor factor = (plus.detach() * above) + (minus.detach() * below) + (1.0 - above - below);
        return new Scaled(StraightThrough.Replace(x * factor, values) / step, step);
    }

    /// <inheritdoc/>
    public override void Constrain()
    {
        positive.clamp_(LeastStep);
        negative.clamp_(LeastStep);
    }

    private (Tensor Above, Tensor Below) Sets(Tensor x)
    {
        Tensor magnitude = x.abs();
        Tensor threshold = sparsity is not double share ? magnitude.max() * ThresholdShare
            : (long)(share * x.numel()) is long few and > 0 ? magnitude.flatten().sort(0).Item1.narrow(0, few - 1, 1).reshape([])
            : zeros([]);
        return (x.gt(threshold).to_type(x.dtype), x.lt(threshold.neg()).to_type(x.dtype));
    }
}

/// <summary>
/// Ternary weights by a truncated normal distribution (He and Fan 2019, arXiv:1810.01018): the threshold D is trained, and the scale is the mean of what a normal weight of the layer's standard deviation has
/// beyond it, with <c>h(a) = phi(a) / (1 - Phi(a))</c>, <c>a = D / sigma</c>,
/// <code>
/// forward   s = sigma h(a);  u = w / (2 D), so that the grid -1, 0, +1 keeps |w| beyond D
/// backward  dy/dw = 1;  dL/da = sum g t sigma h(a) (h(a) - a)
/// start     D = 0.7 E|w|
/// </code>
/// The parameter is a, which is near 1 in every layer: Adam moves a parameter by its learning rate whatever its gradient is, which is a large part of the D of a layer of small weights. The gradient knows the scale
/// alone, not which weights lie beyond D, so that nothing would bring such a D back. sigma is a constant in the backward pass, and the mean of the weights is taken for zero.
/// </summary>
public sealed class TruncatedGaussianRange : RangeEstimator
{
    private const double FirstThreshold = 0.7;

    private readonly ScaleKind scale;
    private readonly Parameter ratio;

    /// <summary>A threshold of one standard deviation, to be set by <see cref="Initialize(Tensor)"/>.</summary>
    public TruncatedGaussianRange(ScaleKind scale)
        : base(nameof(TruncatedGaussianRange))
    {
        this.scale = scale;
        ratio = new Parameter(ones([]));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x) => ratio.copy_((x.abs().mean() * (FirstThreshold / Deviation(x))).clamp(LeastStep));

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor weights = x.detach();
        double deviation = Deviation(weights);
        double a = ratio.item<float>();
        double mills = NormalDistribution.InverseMills(a);
        Tensor value = full([], Math.Max(deviation * mills, LeastStep));
        Tensor step = ScaleRules.Snap(StraightThrough.Replace(ratio * (deviation * mills * (mills - a)), value), scale);
        return new Scaled(StraightThrough.Replace(x / step.detach(), weights / (2 * a * deviation)), step);
    }

    /// <inheritdoc/>
    public override void Constrain() => ratio.clamp_(LeastStep);

    private static double Deviation(Tensor weights) => Math.Max(Math.Sqrt(weights.square().mean().item<float>()), LeastStep);
}
