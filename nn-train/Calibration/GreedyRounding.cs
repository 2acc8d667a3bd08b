// SPDX-License-Identifier: Apache-2.0
using NnTrain.Layers;
using NnTrain.Quantizers;
using NnTrain.Specification;

namespace NnTrain.Calibration;

/// <summary>
/// Codes of an output's weights, one after the other, each making up for the errors of those before it (GPFQ; Lybrand and Saab 2021, arXiv:2010.15979; with quantised inputs Zhang et al. 2023, arXiv:2201.11113), within what
/// accumulators hold (AXE; Colbert et al. 2024, arXiv:2409.17092). With X the inputs in real numbers, X' the quantised ones, one column a weight, and w in units of the step,
/// <code>
/// u_0 = 0,   v_t = &lt;X'_t, u_(t-1) + w_t X_t&gt; / |X'_t|^2,   u_t = u_(t-1) + w_t X_t - q_t X'_t
/// q_t = round(sgn(v_t) max(|v_t| - l, 0)), and no larger than what is left of its segment's budget and of the whole one
/// </code>
/// l is the threshold that projects the segment's weights on the ball of the norm that its budget has for both signs (Duchi et al. 2008), so that the budget is not used up by the first of them.
/// Order and segments are those of an accelerator that maps convolutions by im2col and does not cut a layer's input channels. Without widths it is GPFQ.
/// </summary>
public sealed class GreedyRounding
{
    private readonly double[] own;
    private readonly double[] cross;
    private readonly int[] order;
    private readonly IGrid grid;
    private readonly int segment;
    private readonly int run;
    private readonly SumBudget? inner;
    private readonly SumBudget? outer;

    /// <summary>For all outputs of a layer.</summary>
    /// <param name="own"><c>&lt;X'_i, X'_j&gt;</c>, row after row.</param>
    /// <param name="cross"><c>&lt;X'_i, X_j&gt;</c>, row after row.</param>
    /// <param name="order">The weights in the order in which they are summed.</param>
    /// <param name="grid">The codes.</param>
    /// <param name="input">Codes of the inputs.</param>
    /// <param name="spec">Segments and widths.</param>
    public GreedyRounding(double[] own, double[] cross, int[] order, IGrid grid, LayerInput input, WeightCorrectionSpec spec)
    {
        (this.own, this.cross, this.order, this.grid) = (own, cross, order, grid);
        (segment, run) = (spec.Segment, input.Run);
        inner = spec.PartialSumWidth is int partial ? new(partial, input.Lowest, input.Highest) : null;
        outer = spec.AccumulatorWidth is int whole ? new(whole, input.Lowest, input.Highest) : null;
    }

    /// <summary>The codes of an output.</summary>
    /// <param name="ratios">Its weights in units of the step.</param>
    public int[] Codes(ReadOnlySpan<float> ratios)
    {
        int[] codes = new int[ratios.Length];
        Spent whole = default;
        for (int first = 0, end; first < order.Length; first = end)
        {
            end = Math.Min(first + segment, ((first / run) + 1) * run);
            double threshold = inner is SumBudget limit ? Threshold(ratios, order.AsSpan(first, end - first), 2.0 * limit.CenteredBound) : 0;
            Spent spent = default;
            for (int t = first; t < end; t++)
            {
                double ideal = Ideal(ratios, codes, t);
                double rounded = Math.Floor(Math.Max(Math.Abs(ideal) - threshold, 0) + 0.5);
                bool negative = ideal < 0;
                long most = Math.Min(negative ? -grid.Lowest : grid.Highest, Math.Min(spent.Left(inner, negative), whole.Left(outer, negative)));
                int magnitude = (int)Math.Min(rounded, Math.Max(most, 0));
                codes[order[t]] = negative ? -magnitude : magnitude;
                spent = spent.With(magnitude, negative);
                whole = whole.With(magnitude, negative);
            }
        }

        return codes;
    }

    /// <summary>The threshold l that leaves <c>sum max(|w| - l, 0) = radius</c>; 0 where the weights' norm is no larger.</summary>
    public static double Threshold(ReadOnlySpan<float> ratios, ReadOnlySpan<int> indices, double radius)
    {
        double[] descending = new double[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            descending[i] = -Math.Abs(ratios[indices[i]]);
        }

        Array.Sort(descending);
        double sum = 0;
        double threshold = 0;
        for (int i = 0; i < descending.Length; i++)
        {
            sum -= descending[i];
            double candidate = (sum - radius) / (i + 1);
            threshold = -descending[i] > candidate ? candidate : threshold;
        }

        return Math.Max(threshold, 0);
    }

    private double Ideal(ReadOnlySpan<float> ratios, int[] codes, int t)
    {
        int row = order[t] * order.Length;
        double self = own[row + order[t]];
        if (self <= 0)
        {
            // An input that is always zero tells nothing.
            return ratios[order[t]];
        }

        double inner = ratios[order[t]] * cross[row + order[t]];
        for (int j = 0; j < t; j++)
        {
            inner += (ratios[order[j]] * cross[row + order[j]]) - (codes[order[j]] * own[row + order[j]]);
        }

        return inner / self;
    }

    /// <summary>Sums of the magnitudes of codes of both signs.</summary>
    private readonly record struct Spent(long Positive, long Negative)
    {
        public long Left(SumBudget? budget, bool negative) =>
            budget is not SumBudget limit ? long.MaxValue : negative ? limit.Left(Negative, Positive) : limit.Left(Positive, Negative);

        public Spent With(int magnitude, bool negative) => negative ? this with { Negative = Negative + magnitude } : this with { Positive = Positive + magnitude };
    }
}
