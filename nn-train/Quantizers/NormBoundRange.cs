// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Weights whose norm is a parameter that an accumulator bounds (A2Q; Colbert et al. 2023, arXiv:2308.13504; the clamp is that of its authors' Brevitas), for each output channel, rounded toward zero:
/// <code>
/// forward   u = min(2^t / s, B) v / |v|_1,  s = 2^d       v the latent weights; so sum|c| &lt;= sum|u| &lt;= B
/// backward  of this formula; t has no gradient where B is less
/// penalty   sum over channels of max(t - log2(s B), 0)
/// start     v = sgn(w) max(|w| - l, 0), t = log2|v|_1;  l projects the weights w on the ball of norm s B, d is that of least squared error of the codes
/// </code>
/// B is <see cref="SumBudget.NormBound"/>. Centred (A2Q+; Colbert et al. 2024, arXiv:2401.10432), <c>v - mean(v)</c> takes the place of v and twice <see cref="SumBudget.CenteredBound"/> that of B: positive and
/// negative ratios then have half the norm each, and rounding toward zero only takes from both.
/// The start is that of A2Q+, for both: without the projection a narrow accumulator leaves many small weights, which all round to zero.
/// </summary>
public sealed class NormBoundRange : RangeEstimator
{
    private const double LeastNorm = 1e-12;

    /// <summary>Beyond this a bound does not bind, and single precision would not keep it.</summary>
    private const long MostBound = 1 << 20;

    /// <summary>Steps that are tried at the start, and how many of them are in an octave.</summary>
    private const int StartSteps = 48;
    private const int StepsPerOctave = 4;

    private readonly IGrid grid;
    private readonly ScaleKind scale;
    private readonly ScaleGroups groups;
    private readonly bool centered;
    private readonly double bound;
    private readonly Parameter norm;
    private readonly Parameter exponent;

    /// <summary>Norms and steps of 1, to be set by <see cref="Initialize"/>.</summary>
    /// <param name="grid">The codes.</param>
    /// <param name="scale">Which steps are allowed.</param>
    /// <param name="groups">What shares a step.</param>
    /// <param name="budget">The accumulator.</param>
    /// <param name="centered">Whether weights are centred.</param>
    /// <param name="shape">Shape of the weights.</param>
    public NormBoundRange(IGrid grid, ScaleKind scale, ScaleGroups groups, SumBudget budget, bool centered, ReadOnlySpan<long> shape)
        : base(nameof(NormBoundRange))
    {
        (this.grid, this.scale, this.groups, this.centered) = (grid, scale, groups, centered);
        bound = Math.Min(centered ? 2 * budget.CenteredBound : budget.NormBound, MostBound);
        norm = new Parameter(zeros(ScaleGroups.Of(Granularity.PerChannel, shape).Shape));
        exponent = new Parameter(zeros(groups.Shape));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x)
    {
        float[] values = Centred(x).contiguous().data<float>().ToArray();
        int perChannel = values.Length / (int)norm.numel();
        int perGroup = values.Length / (int)groups.Count;
        float[] exponents = new float[groups.Count];
        for (int group = 0; group < exponents.Length; group++)
        {
            exponents[group] = (float)Math.Log2(BestStep(values.AsSpan(group * perGroup, perGroup), perChannel));
        }

        exponent.copy_(tensor(exponents, groups.Shape));
        norm.copy_(NormOf(Start(x)).clamp(LeastNorm).log2());
    }

    /// <inheritdoc/>
    public override Tensor Start(Tensor x)
    {
        Tensor v = Centred(x);
        float[] values = v.contiguous().data<float>().ToArray();
        float[] steps = exponent.exp2().data<float>().ToArray();
        int perChannel = values.Length / (int)norm.numel();
        for (int first = 0; first < values.Length; first += perChannel)
        {
            Project(values.AsSpan(first, perChannel), steps[steps.Length == 1 ? 0 : first / perChannel]);
        }

        return tensor(values, v.shape);
    }

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor step = Step();
        Tensor v = Centred(x);
        Tensor inSteps = (norm.exp2() / step).minimum(full([], bound));
        return new Scaled(v * (inSteps / NormOf(v).clamp(LeastNorm)), step);
    }

    /// <inheritdoc/>
    public override Tensor? Penalty => (norm - (Step() * bound).clamp(LeastNorm).log2()).relu().sum();

    /// <inheritdoc/>
    public override void Constrain() => exponent.clamp_(Math.Log2(LeastStep));

    private Tensor Step() => ScaleRules.Snap(exponent.exp2(), scale);

    private Tensor Centred(Tensor x) => centered ? x - OfChannels(x.flatten(1).mean([1L])) : x;

    private Tensor NormOf(Tensor x) => OfChannels(x.abs().flatten(1).sum([1L]));

    private Tensor OfChannels(Tensor perChannel) => perChannel.reshape(norm.shape);

    /// <summary>The step of least squared error among those from the largest code at the largest weight on.</summary>
    private double BestStep(ReadOnlySpan<float> values, int perChannel)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        double first = Math.Max((double)largest / grid.Highest, LeastStep);
        (double best, double least) = (first, double.PositiveInfinity);
        for (int i = 0; i < StartSteps; i++)
        {
            double step = first * Math.Pow(2, (double)i / StepsPerOctave);
            double error = 0;
            for (int channel = 0; channel < values.Length; channel += perChannel)
            {
                error += Error(values.Slice(channel, perChannel), step);
            }

            (best, least) = error < least ? (step, error) : (best, least);
        }

        return best;
    }

    private double Error(ReadOnlySpan<float> values, double step)
    {
        float[] projected = values.ToArray();
        Project(projected, step);
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double error = values[i] - (step * Math.Truncate(Math.Clamp(projected[i] / step, grid.Lowest, grid.Highest)));
            sum += error * error;
        }

        return sum;
    }

    /// <summary>The nearest weights of a norm of at most the bound.</summary>
    private void Project(Span<float> weights, double step)
    {
        int[] all = [.. Enumerable.Range(0, weights.Length)];
        double threshold = GreedyRounding.Threshold(weights, all, step * bound);
        if (threshold > 0)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = (float)(Math.Sign(weights[i]) * Math.Max(Math.Abs(weights[i]) - threshold, 0));
            }
        }
    }
}
