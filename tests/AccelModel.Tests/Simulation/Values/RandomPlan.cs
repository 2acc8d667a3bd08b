// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Tests.Simulation.Values;

/// <summary>Plans that no scheduler would think of: any order, any number of lanes, segments of any length, holes, digits, tiles that span groups; narrow words now and then.</summary>
internal sealed class RandomPlan(Random random)
{
    /// <param name="products">Products of an output.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="groupOutputs">Output channels of a group.</param>
    /// <param name="groupInputs">Input channels of a group.</param>
    /// <param name="input">Format of the activations.</param>
    /// <param name="rounded">The output whose words are rounded in an order, or null.</param>
    public AccumulationPlan Draw(int products, int outputs, int groupOutputs, int groupInputs, FixedPointFormat input, TensorSpec? rounded)
    {
        int lanes = random.Next(1, 5);
        int digitWidth = !input.Signed && random.Next(2) == 0 ? random.Next(1, input.Width + 1) : input.Width;
        bool whole = input.Signed || (digitWidth >= input.Width && random.Next(2) == 0);
        GroupSpan? span = groupOutputs < outputs && random.Next(2) == 0 ? Span(outputs, groupOutputs, groupInputs) : null;
        int entries = span is { } tile ? products / groupInputs * tile.Channels : products;
        ImmutableArray<PlanSegment>.Builder segments = ImmutableArray.CreateBuilder<PlanSegment>();
        int digits = whole ? 1 : (input.Width + digitWidth - 1) / digitWidth;
        for (int digit = 0; digit < digits; digit++)
        {
            int[] order = [.. Enumerable.Range(0, entries)];
            if (random.Next(2) == 0)
            {
                random.Shuffle(order);
            }
            int longest = random.Next(3) == 0 ? entries : random.Next(1, 12);
            foreach (int[] part in order.Chunk(longest))
            {
                segments.Add(new PlanSegment(digit, whole, WithHoles(part, lanes)));
            }
        }
        return new AccumulationPlan
        {
            Lanes = lanes,
            PartialSumWidth = Width(),
            PartialSumOverflow = (OverflowMode)random.Next(2),
            AccumulatorWidth = Width(),
            AccumulatorOverflow = (OverflowMode)random.Next(2),
            DigitWidth = digitWidth,
            Span = span,
            Segments = segments.ToImmutable(),
            RequantizationOrder = rounded is null ? new RequantizationOrder(1, 0, []) : Order(rounded),
        };
    }

    private int Width() => random.Next(4) switch { 0 => random.Next(8, 14), 1 => random.Next(14, 20), 2 => 32, _ => 48 };

    private GroupSpan Span(int outputs, int groupOutputs, int groupInputs)
    {
        int ofTile = random.Next(1, outputs + 1);
        int groups = Enumerable.Range(0, outputs).Max(output => (Math.Min(outputs - 1, (output / ofTile * ofTile) + ofTile - 1) / groupOutputs) - (output / ofTile * ofTile / groupOutputs) + 1);
        return new GroupSpan(ofTile, groups * groupInputs);
    }

    /// <summary>Rows of lanes, some lanes and some rows empty.</summary>
    private ImmutableArray<int> WithHoles(int[] order, int lanes)
    {
        List<int> k = [];
        int next = 0;
        while (next < order.Length)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                bool hole = next == order.Length || random.Next(4) == 0;
                k.Add(hole ? -1 : order[next++]);
            }
        }
        return [.. k];
    }

    private RequantizationOrder Order(TensorSpec output)
    {
        int lanes = random.Next(1, output.Channels + 3);
        (int Pixel, int ChannelTile)[] words =
            [.. Enumerable.Range(0, output.Pixels).SelectMany(pixel => Enumerable.Range(0, (output.Channels + lanes - 1) / lanes).Select(tile => (pixel, tile)))];
        random.Shuffle(words);
        return new RequantizationOrder(lanes, random.Next(5), [.. words.Skip(random.Next(3) == 0 ? 1 : 0)]);
    }
}
