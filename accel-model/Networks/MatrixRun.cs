// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace AccelModel.Networks;

/// <summary>A convolution, dense or matmul layer: accumulators first, then requantisation in its own order.</summary>
internal sealed class MatrixRun : LayerRun
{
    private readonly Requantization _requantization;
    private readonly MatrixOperands _operands;
    private readonly AccumulationPlan? _plan;

    private long _partialSumOverflows;
    private long _accumulatorOverflows;
    private FirstOverflow? _first;

    public MatrixRun(Layer layer, MatrixOperands operands, Requantization requantization, TensorSpec input, AccumulationPlan? plan, int images)
        : base(layer, images)
    {
        _operands = operands;
        _requantization = requantization;
        _plan = plan;
        if (plan is not null)
        {
            PlanChecks.ThrowIfNotOf(plan, layer, operands, input.Format, requantization.IsStochastic);
        }
        else if (requantization.IsStochastic)
        {
            throw new ArgumentException($"layer '{layer.Name}' rounds stochastically: its codes are defined only by a plan that says in which order its words are rounded");
        }
    }

    public override LayerOverflows Overflows => new(_partialSumOverflows, _accumulatorOverflows, _first);

    public override int[] Run(int image, int[][] inputs)
    {
        TensorSpec output = Layer.Output;
        long[] accumulators = new long[output.Elements];
        for (int pixel = 0; pixel < output.Pixels; pixel++)
        {
            for (int channel = 0; channel < output.Channels; channel++)
            {
                accumulators[(pixel * output.Channels) + channel] = _plan is null
                    ? AccumulateExactly(inputs, pixel, channel)
                    : AccumulateByPlan(_plan, image, inputs, pixel, channel);
            }
        }
        return _requantization.IsStochastic
            ? RequantizeInOrder(accumulators, _plan!.RequantizationOrder)
            : Requantize(accumulators);
    }

    private long AccumulateExactly(int[][] inputs, int pixel, int channel)
    {
        long accumulator = 0;
        for (int k = 0; k < _operands.Products; k++)
        {
            accumulator += _operands.Weight(inputs, pixel, channel, k) * _operands.Activation(inputs, pixel, channel, k);
        }
        return accumulator;
    }

    private long AccumulateByPlan(AccumulationPlan plan, int image, int[][] inputs, int pixel, int channel)
    {
        int output = (pixel * Layer.Output.Channels) + channel;
        long accumulator = 0;
        for (int s = 0; s < plan.Segments.Length; s++)
        {
            PlanSegment segment = plan.Segments[s];
            int additions = segment.K.Length / plan.Lanes;
            long partialSum = 0;
            for (int addition = 0; addition < additions; addition++)
            {
                long lanes = 0;
                for (int lane = 0; lane < plan.Lanes; lane++)
                {
                    int k = _operands.ProductOf(plan, segment.K[(addition * plan.Lanes) + lane], channel);
                    if (k >= 0)
                    {
                        long activation = _operands.Activation(inputs, pixel, channel, k);
                        lanes += _operands.Weight(inputs, pixel, channel, k) * PlanOperand.Of(activation, segment, plan.DigitWidth);
                    }
                }
                partialSum = Overflow.Add(plan.PartialSumOverflow, partialSum, lanes, plan.PartialSumWidth, out bool left);
                if (left)
                {
                    _partialSumOverflows++;
                    _first ??= new FirstOverflow(image, output, s, addition, OverflowStage.PartialSum);
                }
            }
            accumulator = Overflow.Add(
                plan.AccumulatorOverflow, accumulator, partialSum << (segment.Digit * plan.DigitWidth), plan.AccumulatorWidth, out bool overflowed);
            if (overflowed)
            {
                _accumulatorOverflows++;
                _first ??= new FirstOverflow(image, output, s, additions - 1, OverflowStage.Accumulator);
            }
        }
        return accumulator;
    }

    private int[] Requantize(long[] accumulators)
    {
        int[] codes = new int[accumulators.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = _requantization.Apply(accumulators[i], i % Layer.Output.Channels);
        }
        return codes;
    }

    /// <summary>
    /// Every word advances the registers of all lanes, also of those that have no channel in it. Words that are not in the order are those
    /// that no pooling window reads; they are given the least code.
    /// </summary>
    private int[] RequantizeInOrder(long[] accumulators, RequantizationOrder order)
    {
        int channels = Layer.Output.Channels;
        int[] codes = new int[accumulators.Length];
        Array.Fill(codes, _requantization.Minimum);
        Lfsr[] registers = [.. Enumerable.Range(0, order.Lanes).Select(Lfsr.ForLane)];
        for (int word = 0; word < order.WordsBefore; word++)
        {
            foreach (Lfsr register in registers)
            {
                register.Next();
            }
        }
        foreach ((int pixel, int tile) in order.Words)
        {
            for (int lane = 0; lane < order.Lanes; lane++)
            {
                uint random = registers[lane].Next();
                int channel = (tile * order.Lanes) + lane;
                if (channel < channels)
                {
                    int i = (pixel * channels) + channel;
                    codes[i] = _requantization.Apply(accumulators[i], channel, random);
                }
            }
        }
        return codes;
    }
}

/// <summary>What a segment multiplies of an activation.</summary>
internal static class PlanOperand
{
    /// <summary>The whole code, or digit <c>(x >> digit*digit_width) mod 2^digit_width</c>.</summary>
    public static long Of(long activation, PlanSegment segment, int digitWidth) =>
        segment.WholeCode ? activation : (activation >> (segment.Digit * digitWidth)) & ((1L << digitWidth) - 1);
}
