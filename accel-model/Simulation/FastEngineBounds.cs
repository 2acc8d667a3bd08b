// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>A closed range of integers.</summary>
internal readonly record struct Interval(long Low, long High)
{
    /// <summary>Greatest magnitude in it.</summary>
    public long Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>The range of a product with a constant.</summary>
    public Interval Times(long factor) => factor >= 0 ? new(factor * Low, factor * High) : new(factor * High, factor * Low);

    public static Interval operator +(Interval a, Interval b) => new(a.Low + b.Low, a.High + b.High);

    /// <summary>What an addition that ends in this exact sum leaves in a word, and whether it can overflow.</summary>
    public Interval In(int width, OverflowMode overflow, out bool canOverflow)
    {
        long minimum = TwosComplement.Min(width);
        long maximum = TwosComplement.Max(width);
        canOverflow = Low < minimum || High > maximum;
        return !canOverflow ? this
            : overflow == OverflowMode.Saturate ? new(Math.Clamp(Low, minimum, maximum), Math.Clamp(High, minimum, maximum))
            : new(minimum, maximum);
    }
}

/// <summary>
/// What a layer's additions can come to: interval arithmetic in the plan's order over the actual weights and the range of the activations. Where it says that an
/// addition stays inside its word, no input whatever makes it overflow.
/// </summary>
internal sealed class FastEngineBounds
{
    private readonly bool[] sums = [];
    private readonly bool[] accumulators = [];
    private readonly int channels;

    public FastEngineBounds(MatrixLayer layer, AccumulationPlan plan, Interval activation)
    {
        channels = layer.OutputChannels;
        AddsEachProductOnce = Covers(plan, layer.Depth, activation);
        if (AddsEachProductOnce && IsPlainlySafe(layer, plan, activation))
        {
            return;
        }
        sums = new bool[plan.Segments.Length * channels];
        accumulators = new bool[plan.Segments.Length * channels];
        for (int channel = 0; channel < channels; channel++)
        {
            AddChannel(layer.Weights.Values.AsSpan().Slice(channel * layer.Depth, layer.Depth), plan, activation, channel);
        }
    }

    /// <summary>Whether the plan adds every product once, so that without overflow its order does not matter.</summary>
    public bool AddsEachProductOnce { get; }

    /// <summary>Whether any addition can overflow.</summary>
    public bool CanOverflow { get; private set; }

    /// <summary>Most additions of a segment.</summary>
    public int Rows { get; private set; }

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

    /// <summary>Whether a partial sum of one of these channels can overflow in a segment.</summary>
    public bool SumCanOverflow(int segment, int channel, int count) => Any(sums, segment, channel, count);

    /// <summary>Whether an accumulator of one of these channels can overflow when a segment is added.</summary>
    public bool AccumulatorCanOverflow(int segment, int channel, int count) => Any(accumulators, segment, channel, count);

    /// <summary>The operand that a segment makes of an activation.</summary>
    public static Interval Operand(PlanSegment segment, AccumulationPlan plan, Interval activation) =>
        segment.WholeCode ? activation : new(0, Math.Min(activation.High >> (segment.Digit * plan.DigitWidth), (1L << plan.DigitWidth) - 1));

    /// <summary>Left shift of a segment's finished partial sum.</summary>
    public static int Shift(PlanSegment segment, AccumulationPlan plan) => segment.WholeCode ? 0 : segment.Digit * plan.DigitWidth;

    private bool Any(bool[] flags, int segment, int channel, int count) =>
        flags.Length > 0 && flags.AsSpan((segment * channels) + channel, Math.Min(count, channels - channel)).Contains(true);

    /// <summary>
    /// The quick proof, which most layers on wide words pass: <c>sum |w| * max|a|</c>, every digit at its greatest, fits the partial sum and the accumulator.
    /// </summary>
    private bool IsPlainlySafe(MatrixLayer layer, AccumulationPlan plan, Interval activation)
    {
        long activationMagnitude = Math.Max(activation.Magnitude, 1);
        foreach (int digit in plan.Segments.Where(segment => !segment.WholeCode).Select(segment => segment.Digit).Distinct())
        {
            activationMagnitude += ((1L << plan.DigitWidth) - 1) << (digit * plan.DigitWidth);
        }
        long greatest = 0;
        for (int channel = 0; channel < channels; channel++)
        {
            long magnitude = 0;
            foreach (int weight in layer.Weights.Values.AsSpan().Slice(channel * layer.Depth, layer.Depth))
            {
                magnitude += Math.Abs((long)weight);
            }
            greatest = Math.Max(greatest, magnitude);
        }
        Int128 bound = (Int128)greatest * activationMagnitude;
        if (bound > TwosComplement.Max(Math.Min(plan.PartialSumWidth, plan.AccumulatorWidth)))
        {
            return false;
        }
        GreatestSum = GreatestSumAddend = GreatestAccumulator = GreatestAccumulatorAddend = GreatestResult = (long)bound;
        Rows = plan.Segments.Max(segment => segment.K.Length / plan.Lanes);
        return true;
    }

    private void AddChannel(ReadOnlySpan<int> weights, AccumulationPlan plan, Interval activation, int channel)
    {
        Interval accumulator = default;
        for (int s = 0; s < plan.Segments.Length; s++)
        {
            PlanSegment segment = plan.Segments[s];
            Interval sum = AddSegment(weights, plan, segment, Operand(segment, plan, activation), out bool sumOverflows);
            Interval weighted = sum.Times(1L << Shift(segment, plan));
            Interval total = accumulator + weighted;
            GreatestAccumulatorAddend = Math.Max(GreatestAccumulatorAddend, weighted.Magnitude);
            GreatestAccumulator = Math.Max(GreatestAccumulator, total.Magnitude);
            accumulator = total.In(plan.AccumulatorWidth, plan.AccumulatorOverflow, out bool accumulatorOverflows);
            sums[(s * channels) + channel] = sumOverflows;
            accumulators[(s * channels) + channel] = accumulatorOverflows;
            CanOverflow |= sumOverflows || accumulatorOverflows;
        }
        GreatestResult = Math.Max(GreatestResult, accumulator.Magnitude);
    }

    private Interval AddSegment(ReadOnlySpan<int> weights, AccumulationPlan plan, PlanSegment segment, Interval operand, out bool overflows)
    {
        ReadOnlySpan<int> ks = segment.K.AsSpan();
        long greatest = 0;
        long greatestAddend = 0;
        Interval sum = default;
        overflows = false;
        for (int first = 0; first < ks.Length; first += plan.Lanes)
        {
            long low = 0;
            long high = 0;
            foreach (int k in ks.Slice(first, plan.Lanes))
            {
                if (k >= 0)
                {
                    long a = weights[k] * operand.Low;
                    long b = weights[k] * operand.High;
                    low += Math.Min(a, b);
                    high += Math.Max(a, b);
                }
            }
            Interval exact = sum + new Interval(low, high);
            greatestAddend = Math.Max(greatestAddend, Math.Max(-low, high));
            greatest = Math.Max(greatest, exact.Magnitude);
            sum = exact.In(plan.PartialSumWidth, plan.PartialSumOverflow, out bool canOverflow);
            overflows |= canOverflow;
        }
        Rows = Math.Max(Rows, ks.Length / plan.Lanes);
        GreatestSum = Math.Max(GreatestSum, greatest);
        GreatestSumAddend = Math.Max(GreatestSumAddend, greatestAddend);
        return sum;
    }

    private static bool Covers(AccumulationPlan plan, int depth, Interval activation)
    {
        int digits = 1;
        while (digits < 32 && activation.High >> (digits * plan.DigitWidth) > 0)
        {
            digits++;
        }
        int[] times = new int[depth * digits];
        foreach (PlanSegment segment in plan.Segments)
        {
            foreach (int k in segment.K)
            {
                for (int digit = segment.WholeCode ? 0 : segment.Digit; k >= 0 && digit < (segment.WholeCode ? digits : Math.Min(digits, segment.Digit + 1)); digit++)
                {
                    times[(k * digits) + digit]++;
                }
            }
        }
        return times.AsSpan().IndexOfAnyExcept(1) < 0;
    }
}
