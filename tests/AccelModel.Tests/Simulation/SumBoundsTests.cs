// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation.Values;
using Xunit;

namespace AccelModel.Tests.Simulation;

/// <summary>What the bounds say against every input of small layers, each run addition by addition.</summary>
public sealed class SumBoundsTests
{
    private const int Channels = 2;
    private const int Depth = 5;

    [Theory]
    [InlineData(-2, 1)]
    [InlineData(0, 3)]
    [InlineData(-1, 0)]
    [InlineData(1, 2)]
    public void Saturating_bounds_are_those_of_the_worst_input(int low, int high)
    {
        int overflowing = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            int[] weights = [.. Enumerable.Range(0, Channels * Depth).Select(_ => random.Next(-8, 8))];
            AccumulationPlan plan = Plan(OverflowMode.Saturate, random.Next(5, 8), random.Next(5, 8), lanes: random.Next(1, 3));
            SumBounds bounds = Bounds(weights, plan, low, high);
            Worst worst = Worst.Of(weights, plan, low, high);
            for (int segment = 0; segment < plan.Segments.Length; segment++)
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    Assert.Equal(worst.SafeRows[segment, channel], bounds.SafeRows(segment, channel, 1));
                    Assert.Equal(worst.AccumulatorOverflows[segment, channel], bounds.AccumulatorCanOverflow(segment, channel, 1));
                }
            }
            Assert.Equal(Math.Min(worst.SafeRows[0, 0], worst.SafeRows[0, 1]), bounds.SafeRows(0, 0, Channels));
            bool any = worst.SafeRows.Cast<int>().Any(rows => rows < int.MaxValue) || worst.AccumulatorOverflows.Cast<bool>().Contains(true);
            Assert.Equal(any, bounds.CanOverflow);
            Assert.True(bounds.AddsEachProductOnce);
            overflowing += any ? 1 : 0;

            // The quick proof gives greater bounds than the worst input, never smaller ones.
            Assert.True(bounds.GreatestSum >= worst.Sum && bounds.GreatestSumAddend >= worst.SumAddend);
            Assert.True(bounds.GreatestAccumulator >= worst.Accumulator && bounds.GreatestAccumulatorAddend >= worst.AccumulatorAddend);
            Assert.True(bounds.GreatestResult >= worst.Result);
            if (any)
            {
                Assert.Equal(
                    (worst.Sum, worst.SumAddend, worst.Accumulator, worst.AccumulatorAddend, worst.Result),
                    (bounds.GreatestSum, bounds.GreatestSumAddend, bounds.GreatestAccumulator, bounds.GreatestAccumulatorAddend, bounds.GreatestResult));
            }
        }
        Assert.True(overflowing is > 5 and < 60, $"{overflowing} of 60 layers can overflow: too few of one kind to mean anything");
    }

    [Fact]
    public void Wrapping_bounds_leave_no_overflow_out()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            int[] weights = [.. Enumerable.Range(0, Channels * Depth).Select(_ => random.Next(-8, 8))];
            AccumulationPlan plan = Plan(OverflowMode.Wrap, random.Next(5, 8), random.Next(5, 8), lanes: 1);
            SumBounds bounds = Bounds(weights, plan, -2, 2);
            Worst worst = Worst.Of(weights, plan, -2, 2);
            for (int segment = 0; segment < plan.Segments.Length; segment++)
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    Assert.True(bounds.SafeRows(segment, channel, 1) <= worst.SafeRows[segment, channel]);
                    Assert.True(bounds.AccumulatorCanOverflow(segment, channel, 1) || !worst.AccumulatorOverflows[segment, channel]);
                }
            }
            Assert.True(bounds.GreatestSum >= worst.Sum && bounds.GreatestAccumulator >= worst.Accumulator && bounds.GreatestResult >= worst.Result);
        }
    }

    [Fact]
    public void A_plan_that_leaves_a_product_out_or_adds_one_twice_is_noticed()
    {
        int[] weights = new int[Channels * Depth];
        AccumulationPlan plan = Plan(OverflowMode.Saturate, 24, 24, lanes: 1);
        Assert.False(Bounds(weights, plan with { Segments = plan.Segments[..1] }, 0, 1).AddsEachProductOnce);
        Assert.False(Bounds(weights, plan with { Segments = [.. plan.Segments, plan.Segments[0]] }, 0, 1).AddsEachProductOnce);
    }

    [Fact]
    public void Digits_add_each_product_once_when_all_of_them_are_there()
    {
        int[] weights = [.. Enumerable.Range(0, Channels * Depth)];
        PlanSegment Digit(int digit) => new(digit, false, [.. Enumerable.Range(0, Depth)]);
        AccumulationPlan plan = Plan(OverflowMode.Saturate, 24, 24, lanes: 1) with { DigitWidth = 2 };
        Assert.True(Bounds(weights, plan with { Segments = [Digit(0), Digit(1)] }, 0, 15).AddsEachProductOnce);
        Assert.False(Bounds(weights, plan with { Segments = [Digit(0)] }, 0, 15).AddsEachProductOnce);
        Assert.False(Bounds(weights, plan with { Segments = [Digit(0), Digit(1)] }, 0, 16).AddsEachProductOnce);
    }

    private static AccumulationPlan Plan(OverflowMode overflow, int sums, int accumulators, int lanes) => new()
    {
        Lanes = lanes,
        PartialSumWidth = sums,
        PartialSumOverflow = overflow,
        AccumulatorWidth = accumulators,
        AccumulatorOverflow = overflow,
        DigitWidth = 8,
        Segments = [new PlanSegment(0, true, [3, 0, 1, -1]), new PlanSegment(0, true, [2, 4])],
        RequantizationOrder = new RequantizationOrder(1, 0, []),
    };

    private static SumBounds Bounds(int[] weights, AccumulationPlan plan, int low, int high)
    {
        MatrixShape shape = new()
        {
            Name = "layer",
            Input = new TensorSpec(1, 1, Depth, new FixedPointFormat(true, 8, 0)),
            Rows = 1,
            Columns = 1,
            Outputs = Channels,
            Weights = [.. weights],
        };
        return new SumBounds(AdditionOrders.Of(plan, shape), plan, weights, weights, new Interval(low, high));
    }

    /// <summary>The greatest magnitudes and all overflows over every input.</summary>
    private sealed class Worst
    {
        /// <summary>Additions before the first one with which any input overflows.</summary>
        public int[,] SafeRows { get; } = new int[2, Channels];

        public bool[,] AccumulatorOverflows { get; } = new bool[2, Channels];

        public long Sum { get; private set; }

        public long SumAddend { get; private set; }

        public long Accumulator { get; private set; }

        public long AccumulatorAddend { get; private set; }

        public long Result { get; private set; }

        public static Worst Of(int[] weights, AccumulationPlan plan, int low, int high)
        {
            Worst worst = new();
            for (int segment = 0; segment < plan.Segments.Length; segment++)
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    worst.SafeRows[segment, channel] = int.MaxValue;
                }
            }
            int values = high - low + 1;
            for (int input = 0; input < (int)Math.Pow(values, Depth); input++)
            {
                int[] codes = new int[Depth];
                for (int k = 0, rest = input; k < Depth; k++, rest /= values)
                {
                    codes[k] = low + (rest % values);
                }
                for (int channel = 0; channel < Channels; channel++)
                {
                    worst.Add(weights.AsSpan(channel * Depth, Depth), plan, codes, channel);
                }
            }
            return worst;
        }

        private void Add(ReadOnlySpan<int> weights, AccumulationPlan plan, int[] codes, int channel)
        {
            long accumulator = 0;
            for (int s = 0; s < plan.Segments.Length; s++)
            {
                long sum = 0;
                for (int first = 0; first < plan.Segments[s].K.Length; first += plan.Lanes)
                {
                    long addend = 0;
                    foreach (int k in plan.Segments[s].K.AsSpan().Slice(first, plan.Lanes))
                    {
                        addend += k < 0 ? 0 : weights[k] * codes[k];
                    }
                    SumAddend = Math.Max(SumAddend, Math.Abs(addend));
                    Sum = Math.Max(Sum, Math.Abs(sum + addend));
                    sum = Overflow.Add(plan.PartialSumOverflow, sum, addend, plan.PartialSumWidth, out bool left);
                    SafeRows[s, channel] = left ? Math.Min(SafeRows[s, channel], first / plan.Lanes) : SafeRows[s, channel];
                }
                AccumulatorAddend = Math.Max(AccumulatorAddend, Math.Abs(sum));
                Accumulator = Math.Max(Accumulator, Math.Abs(accumulator + sum));
                accumulator = Overflow.Add(plan.AccumulatorOverflow, accumulator, sum, plan.AccumulatorWidth, out bool overflowed);
                AccumulatorOverflows[s, channel] |= overflowed;
            }
            Result = Math.Max(Result, Math.Abs(accumulator));
        }
    }
}
