// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Networks;

/// <summary>What makes a plan one of a layer: every product is added exactly once, no word is rounded twice.</summary>
internal static class PlanChecks
{
    /// <param name="plan">The plan.</param>
    /// <param name="layer">A matrix layer.</param>
    /// <param name="operands">Its operands.</param>
    /// <param name="input">Format of the activations.</param>
    /// <param name="stochastic">Whether the order of its words matters.</param>
    /// <exception cref="ArgumentException">The plan is not one of the layer.</exception>
    public static void ThrowIfNotOf(AccumulationPlan plan, Layer layer, MatrixOperands operands, FixedPointFormat input, bool stochastic)
    {
        string? complaint = Adders(plan) ?? Segments(plan, layer, operands, input) ?? (stochastic ? Words(plan.RequantizationOrder, layer.Output) : null);
        if (complaint is not null)
        {
            throw new ArgumentException($"the plan of layer '{layer.Name}' {complaint}", nameof(plan));
        }
    }

    private static string? Adders(AccumulationPlan plan)
    {
        if (!IsWidth(plan.PartialSumWidth) || !IsWidth(plan.AccumulatorWidth))
        {
            return $"adds at {plan.PartialSumWidth} and {plan.AccumulatorWidth} bits, which are not both {AccumulatorFormat.MinWidth}..{AccumulatorFormat.MaxWidth}";
        }
        return plan.DigitWidth is < 1 or > FixedPointFormat.MaxWidth ? $"has digits of {plan.DigitWidth} bits, which is not 1..{FixedPointFormat.MaxWidth}" : null;

        static bool IsWidth(int width) => width is >= AccumulatorFormat.MinWidth and <= AccumulatorFormat.MaxWidth;
    }

    private static string? Segments(AccumulationPlan plan, Layer layer, MatrixOperands operands, FixedPointFormat input)
    {
        if (plan.Lanes < 1 || plan.Segments.Any(segment => segment.K.Length == 0 || segment.K.Length % plan.Lanes != 0))
        {
            return "has a segment that is not rows of lanes";
        }
        if (plan.Span is { OutputsPerTile: < 1 } or { Channels: < 1 })
        {
            return "spans no channels";
        }
        long entries = plan.Span is GroupSpan span ? (long)operands.Products / operands.InputsPerGroup * span.Channels : operands.Products;
        if (plan.Segments.SelectMany(segment => segment.K).Any(k => k < -1 || k >= entries))
        {
            return $"has a k outside 0..{entries - 1}";
        }
        if (plan.Segments.Any(segment => !segment.WholeCode) && (input.Signed || layer is MatmulLayer { FirstOffset: not 0 }))
        {
            return "cuts a signed tensor into digits";
        }
        if (plan.Segments.Any(segment => segment.WholeCode && segment.Digit != 0))
        {
            return "has a segment of whole codes with a digit other than 0";
        }
        int digits = (input.Width + plan.DigitWidth - 1) / plan.DigitWidth;
        if (plan.Segments.Select(segment => segment.Digit).FirstOrDefault(digit => digit < 0 || digit >= digits) is int digit and not 0)
        {
            return $"has digit {digit} of {digits}";
        }
        return DifferingChannels(plan, layer.Output.Channels, operands).All(channel => AddsEachProductOnce(plan, operands, channel, digits))
            ? null
            : "does not add every product exactly once";
    }

    /// <summary>Output channels for which the entries of a plan are different products: one of each place that a group has in a tile.</summary>
    private static IEnumerable<int> DifferingChannels(AccumulationPlan plan, int channels, MatrixOperands operands) => plan.Span is GroupSpan span
        ? Enumerable.Range(0, channels)
            .DistinctBy(channel => (channel / operands.OutputsPerGroup) - (channel / span.OutputsPerTile * span.OutputsPerTile / operands.OutputsPerGroup))
        : [0];

    private static bool AddsEachProductOnce(AccumulationPlan plan, MatrixOperands operands, int channel, int digits)
    {
        // A whole code counts as all of its digits.
        int[,] added = new int[operands.Products, digits];
        foreach (PlanSegment segment in plan.Segments)
        {
            foreach (int k in segment.K.Select(entry => operands.ProductOf(plan, entry, channel)).Where(k => k >= 0))
            {
                for (int digit = segment.WholeCode ? 0 : segment.Digit; digit < (segment.WholeCode ? digits : segment.Digit + 1); digit++)
                {
                    added[k, digit]++;
                }
            }
        }
        return added.Cast<int>().All(times => times == 1);
    }

    private static string? Words(RequantizationOrder order, TensorSpec output)
    {
        if (order.Lanes < 1 || order.WordsBefore < 0)
        {
            return "has no lanes or a negative number of words before";
        }
        int tiles = (output.Channels + order.Lanes - 1) / order.Lanes;
        HashSet<(int Pixel, int ChannelTile)> rounded = [];
        foreach ((int pixel, int tile) in order.Words)
        {
            if (pixel < 0 || pixel >= output.Pixels || tile < 0 || tile >= tiles)
            {
                return $"rounds word ({pixel}, {tile}) of {output.Pixels} pixels and {tiles} channel tiles";
            }
            if (!rounded.Add((pixel, tile)))
            {
                return $"rounds word ({pixel}, {tile}) twice";
            }
        }
        return null;
    }
}
