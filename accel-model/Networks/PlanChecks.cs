// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Networks;

/// <summary>What makes a plan one of a layer: every product is added exactly once, no word is rounded twice.</summary>
internal static class PlanChecks
{
    /// <exception cref="ArgumentException">The plan is not one of the layer.</exception>
    public static void ThrowIfNotOf(AccumulationPlan plan, Layer layer, int products, FixedPointFormat input, bool stochastic)
    {
        string? complaint = Segments(plan, products, input) ?? (stochastic ? Words(plan.RequantizationOrder, layer.Output) : null);
        if (complaint is not null)
        {
            throw new ArgumentException($"the plan of layer '{layer.Name}' {complaint}", nameof(plan));
        }
    }

    private static string? Segments(AccumulationPlan plan, int products, FixedPointFormat input)
    {
        if (plan.Lanes < 1 || plan.DigitWidth < 1 || plan.Segments.Any(segment => segment.K.Length == 0 || segment.K.Length % plan.Lanes != 0))
        {
            return "has a segment that is not rows of lanes";
        }
        if (plan.Segments.SelectMany(segment => segment.K).Any(k => k < -1 || k >= products))
        {
            return $"has a k outside 0..{products - 1}";
        }
        if (input.Signed && plan.Segments.Any(segment => !segment.WholeCode))
        {
            return "cuts a signed tensor into digits";
        }

        if (plan.Segments.Any(segment => segment.WholeCode && segment.Digit != 0))
        {
            return "has a segment of whole codes with a digit other than 0";
        }

        // A whole code counts as all of its digits.
        int digits = (input.Width + plan.DigitWidth - 1) / plan.DigitWidth;
        int[,] added = new int[products, digits];
        foreach (PlanSegment segment in plan.Segments)
        {
            if (segment.Digit < 0 || segment.Digit >= digits)
            {
                return $"has digit {segment.Digit} of {digits}";
            }
            foreach (int k in segment.K.Where(k => k >= 0))
            {
                for (int digit = segment.WholeCode ? 0 : segment.Digit; digit < (segment.WholeCode ? digits : segment.Digit + 1); digit++)
                {
                    added[k, digit]++;
                }
            }
        }
        return added.Cast<int>().All(times => times == 1) ? null : "does not add every product exactly once";
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
