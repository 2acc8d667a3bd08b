// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// The scale of signs is trained (XNOR-Net++; Bulat and Tzimiropoulos 2019, arXiv:1909.13863, case 1): <c>y = s sgn(w)</c>, <c>dL/ds = sum g sgn(w)</c>, from s = 1 on; <c>u = w</c>.
/// </summary>
public sealed class LearnedScaleRange : RangeEstimator
{
    private readonly ScaleKind kind;
    private readonly Parameter factor;

    /// <summary>Scales of 1.</summary>
    public LearnedScaleRange(ScaleKind kind, ScaleGroups groups)
        : base(nameof(LearnedScaleRange))
    {
        this.kind = kind;
        factor = new Parameter(ones(groups.Shape));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x) => new(x, ScaleRules.Snap(factor.clamp(LeastStep), kind));

    /// <inheritdoc/>
    public override void Constrain() => factor.clamp_(LeastStep);
}

/// <summary>
/// Balanced and standardised weights (IR-Net; Qin et al. 2020, arXiv:1909.10788, section 3.2): <c>u = (w - mean) / sigma</c> of each output channel, <c>s = 2^round(log2 E|u|)</c>, a shift. The backward pass is exact
/// through mean and sigma; s is a constant.
/// </summary>
public sealed class StandardizedRange(ScaleGroups groups) : RangeEstimator(nameof(StandardizedRange))
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor rows = x.flatten(1);
        Tensor centred = rows - rows.mean([1L], keepdim: true);
        Tensor deviation = (centred.square().mean([1L], keepdim: true) + (LeastStep * LeastStep)).sqrt();
        Tensor standard = (centred / deviation).reshape(x.shape);
        Tensor step = ScaleRules.Snap(groups.MeanMagnitude(standard.detach()).clamp(LeastStep), ScaleKind.PowerOfTwo);
        return new Scaled(standard, step);
    }
}

/// <summary>
/// The scale that costs the loss least in second order (LAB, Hou et al. 2017, arXiv:1611.01600; LAQ, Hou and Kwok 2018, arXiv:1802.08635): with <c>d = sqrt(v) + 10^-8</c>, v the second moment of Adam for each weight,
/// <code>
/// signs    s = sum d |w| / sum d
/// ternary  s = sum d |w| t / sum d t,  t = 1[|w| > s / 2], in turn ten times from s = E|w| (LATa)
/// exact    t the largest |w| so that (sum d |w| t)^2 / sum d t is the most, over all numbers of them (LATe): sum d (w - s t sgn(w))^2 is least
/// </code>
/// Codes are those of t. s is a constant in the backward pass; with the unclipped estimator <c>dy/dw = 1</c>.
/// </summary>
public sealed class LossAwareRange : RangeEstimator
{
    private const int Rounds = 10;
    private const double LeastCurvature = 1e-8;

    private readonly IGrid grid;
    private readonly ScaleKind scale;
    private readonly ScaleGroups groups;
    private readonly ValueFit fit;
    private readonly Tensor curvature;

    /// <summary>All weights alike, until gradients were seen.</summary>
    public LossAwareRange(IGrid grid, ScaleKind scale, ScaleGroups groups, ValueFit fit, ReadOnlySpan<long> shape)
        : base(nameof(LossAwareRange))
    {
        this.grid = grid;
        this.scale = scale;
        this.groups = groups;
        this.fit = fit;
        curvature = ones(shape.ToArray());
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void ObserveCurvature(Tensor secondMoment) => curvature.copy_(secondMoment.sqrt() + LeastCurvature);

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor magnitude = x.detach().abs();
        Tensor step;
        if (grid is SignGrid)
        {
            step = groups.MeanMagnitude(curvature * magnitude) / groups.MeanMagnitude(curvature);
        }
        else if (fit == ValueFit.Exact)
        {
            (Tensor sorted, Tensor order) = magnitude.flatten().sort(0, descending: true);
            Tensor costs = curvature.flatten().index_select(0, order);
            Tensor sums = (costs * sorted).cumsum(0);
            Tensor weights = costs.cumsum(0);
            Tensor most = (sums.square() / weights).argmax();
            step = (sums / weights).index_select(0, most.reshape(1)).reshape([]);
        }
        else
        {
            step = groups.MeanMagnitude(magnitude);
            for (int round = 0; round < Rounds; round++)
            {
                Tensor kept = curvature * magnitude.gt(step * 0.5).to_type(x.dtype);
                step = groups.MeanMagnitude(kept * magnitude) / groups.MeanMagnitude(kept).clamp(LeastCurvature * LeastCurvature);
            }
        }

        Tensor snapped = ScaleRules.Snap(step.clamp(LeastStep), scale);
        return new Scaled(x / snapped, snapped);
    }
}

/// <summary>
/// Steps of half-wave Gaussian quantisation (HWGQ; Cai et al. 2017, arXiv:1702.00953, section 3.2): of least squared error for a rectified normal value, where everything above zero is one step at least. Later code (EdMIPS)
/// rounds, with the same steps (reading "code"), which are not best for it; those that are follow the paper's principle (reading "paper").
/// </summary>
public static class HalfWaveSteps
{
    private static readonly double[] Steps = [0.799, 0.538, 0.3217, 0.185];
    private static readonly double[] OfRounding = [1.22401, 0.65077, 0.35341, 0.19325];

    /// <summary>The widest code there is a step for.</summary>
    public static int MostBits => Steps.Length;

    /// <summary>The step of codes of so many bits: those of the authors and of EdMIPS, or those that are best where codes are rounded.</summary>
    /// <param name="bits">The bits.</param>
    /// <param name="rounds">Whether to take the latter.</param>
    public static double Of(int bits, bool rounds = false) => (rounds ? OfRounding : Steps)[bits - 1];
}
