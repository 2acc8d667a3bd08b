// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace AccelModel.Networks;

/// <summary>A convolution or dense layer: accumulators first, then requantisation in its own order.</summary>
internal sealed class MatrixRun : LayerRun
{
    private readonly Requantization _requantization;
    private readonly MatrixOperands _operands;
    private readonly AccumulationPlan? _plan;

    private long _partialSumOverflows;
    private long _accumulatorOverflows;
    private FirstOverflow? _first;

    public MatrixRun(Layer layer, Requantization requantization, TensorSpec input, AccumulationPlan? plan, int images)
        : base(layer, images)
    {
        _requantization = requantization;
        _plan = plan;
        _operands = MatrixOperands.Of(layer, input);
        if (plan is not null)
        {
            PlanChecks.ThrowIfNotOf(plan, layer, _operands.Products, input.Format, requantization.IsStochastic);
        }
        else if (requantization.IsStochastic)
        {
            throw new ArgumentException($"layer '{layer.Name}' rounds stochastically: its codes are defined only by a plan that says in which order its words are rounded");
        }
    }

    public override LayerOverflows Overflows => new(_partialSumOverflows, _accumulatorOverflows, _first);

    public override int[] Run(int image, int[] input)
    {
        TensorSpec output = Layer.Output;
        long[] accumulators = new long[output.Elements];
        for (int pixel = 0; pixel < output.Pixels; pixel++)
        {
            for (int channel = 0; channel < output.Channels; channel++)
            {
                accumulators[(pixel * output.Channels) + channel] = _plan is null
                    ? AccumulateExactly(input, pixel, channel)
                    : AccumulateByPlan(_plan, image, input, pixel, channel);
            }
        }
        return _requantization.IsStochastic
            ? RequantizeInOrder(accumulators, _plan!.RequantizationOrder)
            : Requantize(accumulators);
    }

    private long AccumulateExactly(int[] input, int pixel, int channel)
    {
        long accumulator = 0;
        for (int k = 0; k < _operands.Products; k++)
        {
            accumulator += (long)_operands.Weight(channel, k) * _operands.Activation(input, pixel, channel, k);
        }
        return accumulator;
    }

    private long AccumulateByPlan(AccumulationPlan plan, int image, int[] input, int pixel, int channel)
    {
        int output = (pixel * Layer.Output.Channels) + channel;
        long accumulator = 0;
        for (int s = 0; s < plan.Segments.Length; s++)
        {
            PlanSegment segment = plan.Segments[s];
            int rows = segment.K.Length / plan.Lanes;
            long partialSum = 0;
            for (int row = 0; row < rows; row++)
            {
                long lanes = 0;
                for (int lane = 0; lane < plan.Lanes; lane++)
                {
                    int k = segment.K[(row * plan.Lanes) + lane];
                    if (k >= 0)
                    {
                        int code = _operands.Activation(input, pixel, channel, k);
                        lanes += _operands.Weight(channel, k) * Operand(code, segment, plan.DigitWidth);
                    }
                }
                partialSum = Overflow.Add(plan.PartialSumOverflow, partialSum, lanes, plan.PartialSumWidth, out bool left);
                if (left)
                {
                    _partialSumOverflows++;
                    _first ??= new FirstOverflow(image, output, s, row, OverflowStage.PartialSum);
                }
            }
            accumulator = Overflow.Add(
                plan.AccumulatorOverflow, accumulator, partialSum << (segment.Digit * plan.DigitWidth), plan.AccumulatorWidth, out bool overflowed);
            if (overflowed)
            {
                _accumulatorOverflows++;
                _first ??= new FirstOverflow(image, output, s, rows - 1, OverflowStage.Accumulator);
            }
        }
        return accumulator;
    }

    private static long Operand(int code, PlanSegment segment, int digitWidth) =>
        segment.WholeCode ? code : (code >> (segment.Digit * digitWidth)) & ((1L << digitWidth) - 1);

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
