// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Simulation.Values;

/// <summary>
/// What a layer's additions can come to: interval arithmetic in the order of the additions over the weights and the range of the activations. Where it says that an
/// addition stays inside its word, no input whatever makes it overflow.
/// </summary>
internal sealed class SumBounds
{
    private readonly AccumulationPlan? plan;
    private readonly int[] safeRows = [];
    private readonly bool[] accumulators = [];
    private readonly int outputs;

    /// <param name="orders">The order of every output channel.</param>
    /// <param name="plan">The widths of the adders; null for adders that hold any sum.</param>
    /// <param name="low">Least weights, <c>[output][k]</c>.</param>
    /// <param name="high">Greatest weights; the same as the least ones where they are constant.</param>
    /// <param name="activation">Range of the activations.</param>
    public SumBounds(AdditionOrders orders, AccumulationPlan? plan, ReadOnlySpan<int> low, ReadOnlySpan<int> high, Interval activation)
    {
        this.plan = plan;
        outputs = orders.OfOutput.Length;
        int depth = low.Length / outputs;
        AddsEachProductOnce = orders.AddEachProductOnce(depth, activation.High);
        if (AddsEachProductOnce && IsPlainlySafe(orders, low, high, depth, activation))
        {
            return;
        }
        int segments = orders.All.Max(order => order.Segments.Length);
        safeRows = new int[segments * outputs];
        accumulators = new bool[segments * outputs];
        for (int output = 0; output < outputs; output++)
        {
            AddOutput(orders.All[orders.OfOutput[output]], low.Slice(output * depth, depth), high.Slice(output * depth, depth), activation, output);
        }
    }

    /// <summary>Whether every product is added once, so that without overflow the order does not matter.</summary>
    public bool AddsEachProductOnce { get; }

    /// <summary>Whether any addition can overflow.</summary>
    public bool CanOverflow { get; private set; }

    /// <summary>Greatest magnitude of an exact sum in the array, before it is brought into the word.</summary>
    public long GreatestSum { get; private set; }

    /// <summary>Greatest magnitude that is added to a partial sum.</summary>
    public long GreatestSumAddend { get; private set; }

    /// <summary>Greatest magnitude of an exact sum at an accumulator, before it is brought into the word.</summary>
    public long GreatestAccumulator { get; private set; }

    /// <summary>Greatest magnitude that is added to an accumulator.</summary>
    public long GreatestAccumulatorAddend { get; private set; }

    /// <summary>Greatest magnitude of a finished accumulator.</summary>
    public long GreatestResult { get; private set; }

    /// <summary>Additions of a segment before the first one with which a partial sum of one of these output channels can overflow; <see cref="int.MaxValue"/> where none can.</summary>
    public int SafeRows(int segment, int output, int count)
    {
        int least = int.MaxValue;
        foreach (int rows in Of(safeRows, segment, output, count))
        {
            least = Math.Min(least, rows);
        }
        return least;
    }

    /// <summary>Whether an accumulator of one of these output channels can overflow when a segment of its order is added.</summary>
    public bool AccumulatorCanOverflow(int segment, int output, int count) => Of(accumulators, segment, output, count).Contains(true);

    private ReadOnlySpan<TValue> Of<TValue>(TValue[] values, int segment, int output, int count) =>
        values.Length == 0 ? [] : values.AsSpan((segment * outputs) + output, Math.Min(count, outputs - output));

    /// <summary>
    /// The quick proof, which most layers on wide words pass: <c>sum |w| * max|a|</c>, every digit at its greatest, fits the partial sum and the accumulator.
    /// </summary>
    private bool IsPlainlySafe(AdditionOrders orders, ReadOnlySpan<int> low, ReadOnlySpan<int> high, int depth, Interval activation)
    {
        long activationMagnitude = Math.Max(activation.Magnitude, 1);
        foreach ((int shift, int mask) in orders.All.SelectMany(order => order.Segments).Where(segment => segment.Mask != -1).Select(segment => (segment.Shift, segment.Mask)).Distinct())
        {
            activationMagnitude += (long)mask << shift;
        }
        long greatest = 0;
        for (int output = 0; output < outputs; output++)
        {
            greatest = Math.Max(greatest, SumOfMagnitudes(low.Slice(output * depth, depth), high.Slice(output * depth, depth)));
        }
        Int128 bound = (Int128)greatest * activationMagnitude;
        if (bound > TwosComplement.Max(plan is null ? AccumulatorFormat.MaxWidth : Math.Min(plan.PartialSumWidth, plan.AccumulatorWidth)))
        {
            return false;
        }
        GreatestSum = GreatestSumAddend = GreatestAccumulator = GreatestAccumulatorAddend = GreatestResult = (long)bound;
        return true;
    }

    private static long SumOfMagnitudes(ReadOnlySpan<int> low, ReadOnlySpan<int> high)
    {
        long sum = 0;
        if (low == high)
        {
            foreach (int weight in low)
            {
                // |w| without a branch on its sign, which no processor foresees.
                long sign = weight >> 31;
                sum += (weight ^ sign) - sign;
            }
            return sum;
        }
        for (int i = 0; i < low.Length; i++)
        {
            sum += Math.Max(Math.Abs((long)low[i]), Math.Abs((long)high[i]));
        }
        return sum;
    }

    private void AddOutput(AdditionOrder order, ReadOnlySpan<int> low, ReadOnlySpan<int> high, Interval activation, int output)
    {
        Interval accumulator = default;
        for (int s = 0; s < order.Segments.Length; s++)
        {
            AdditionSegment segment = order.Segments[s];
            Interval sum = AddSegment(segment, order.Lanes, low, high, segment.Operand(activation), out int safe);
            Interval weighted = sum.Times(1L << segment.Shift);
            Interval total = accumulator + weighted;
            GreatestAccumulatorAddend = Math.Max(GreatestAccumulatorAddend, weighted.Magnitude);
            GreatestAccumulator = Math.Max(GreatestAccumulator, total.Magnitude);
            bool accumulatorOverflows = false;
            accumulator = plan is null ? total : total.In(plan.AccumulatorWidth, plan.AccumulatorOverflow, out accumulatorOverflows);
            safeRows[(s * outputs) + output] = safe;
            accumulators[(s * outputs) + output] = accumulatorOverflows;
            CanOverflow |= safe < int.MaxValue || accumulatorOverflows;
        }
        GreatestResult = Math.Max(GreatestResult, accumulator.Magnitude);
    }

    private Interval AddSegment(AdditionSegment segment, int lanes, ReadOnlySpan<int> lowWeights, ReadOnlySpan<int> highWeights, Interval operand, out int safeRows)
    {
        ReadOnlySpan<int> ks = segment.K;
        Interval sums = default;
        Interval addends = default;
        Interval sum = default;
        safeRows = int.MaxValue;
        for (int first = 0; first < ks.Length; first += lanes)
        {
            Interval addend = default;
            foreach (int k in ks.Slice(first, lanes))
            {
                if (k >= 0)
                {
                    // Most weights are constant, and there are many of them.
                    addend += lowWeights[k] == highWeights[k] ? operand.Times(lowWeights[k]) : operand.Times(new Interval(lowWeights[k], highWeights[k]));
                }
            }
            Interval exact = sum + addend;
            addends = addends.With(addend);
            sums = sums.With(exact);
            bool canOverflow = false;
            sum = plan is null ? exact : exact.In(plan.PartialSumWidth, plan.PartialSumOverflow, out canOverflow);
            if (canOverflow && safeRows == int.MaxValue)
            {
                safeRows = first / lanes;
            }
        }
        GreatestSum = Math.Max(GreatestSum, sums.Magnitude);
        GreatestSumAddend = Math.Max(GreatestSumAddend, addends.Magnitude);
        return sum;
    }
}
