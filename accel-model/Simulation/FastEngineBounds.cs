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
    private readonly bool[] sums;
    private readonly bool[] accumulators;
    private readonly int channels;

    public FastEngineBounds(MatrixLayer layer, AccumulationPlan plan, Interval activation)
    {
        channels = layer.OutputChannels;
        sums = new bool[plan.Segments.Length * channels];
        accumulators = new bool[plan.Segments.Length * channels];
        AddsEachProductOnce = Covers(plan, layer.Depth, activation);
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
        flags.AsSpan((segment * channels) + channel, Math.Min(count, channels - channel)).Contains(true);

    private void AddChannel(ReadOnlySpan<int> weights, AccumulationPlan plan, Interval activation, int channel)
    {
        Interval accumulator = default;
        for (int s = 0; s < plan.Segments.Length; s++)
        {
            PlanSegment segment = plan.Segments[s];
            Interval operand = Operand(segment, plan, activation);
            ReadOnlySpan<int> ks = segment.K.AsSpan();
            Rows = Math.Max(Rows, ks.Length / plan.Lanes);
            Interval sum = default;
            bool sumOverflows = false;
            for (int first = 0; first < ks.Length; first += plan.Lanes)
            {
                Interval addend = default;
                foreach (int k in ks.Slice(first, plan.Lanes))
                {
                    if (k >= 0)
                    {
                        addend += operand.Times(weights[k]);
                    }
                }
                Interval exact = sum + addend;
                GreatestSumAddend = Math.Max(GreatestSumAddend, addend.Magnitude);
                GreatestSum = Math.Max(GreatestSum, exact.Magnitude);
                sum = exact.In(plan.PartialSumWidth, plan.PartialSumOverflow, out bool canOverflow);
                sumOverflows |= canOverflow;
            }
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
