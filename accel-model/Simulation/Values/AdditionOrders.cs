// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Simulation.Values;

/// <summary>The order of every output channel of a layer. Channels of different groups may have different ones where a plan spans groups.</summary>
internal sealed class AdditionOrders
{
    private AdditionOrders(AdditionOrder[] all, int[] ofOutput)
    {
        All = all;
        OfOutput = ofOutput;
    }

    /// <summary>The orders that occur.</summary>
    public AdditionOrder[] All { get; }

    /// <summary>For each output channel an index into <see cref="All"/>.</summary>
    public int[] OfOutput { get; }

    /// <param name="plan">The plan, or null for a sum in any order.</param>
    /// <param name="shape">The layer.</param>
    /// <exception cref="ArgumentException">The plan has a product that the layer has not.</exception>
    public static AdditionOrders Of(AccumulationPlan? plan, MatrixShape shape)
    {
        if (plan?.Span is not GroupSpan span)
        {
            AdditionOrder only = plan is null ? AdditionOrder.Plain(shape.Depth) : AdditionOrder.Of(plan, k => k);
            return Checked(new AdditionOrders([only], new int[shape.Outputs]), shape);
        }
        Dictionary<(int Tile, int Group), int> known = [];
        Dictionary<AdditionOrder, int> indices = [];
        int[] ofOutput = new int[shape.Outputs];
        for (int output = 0; output < shape.Outputs; output++)
        {
            (int Tile, int Group) place = (output / span.OutputsPerTile, output / shape.GroupOutputs);
            if (!known.TryGetValue(place, out int index))
            {
                int channel = output;
                AdditionOrder order = AdditionOrder.Of(plan, k => span.Product(k, channel, shape.GroupOutputs, shape.GroupInputs));
                indices.TryAdd(order, indices.Count);
                index = indices[order];
                known.Add(place, index);
            }
            ofOutput[output] = index;
        }
        return Checked(new AdditionOrders([.. indices.OrderBy(entry => entry.Value).Select(entry => entry.Key)], ofOutput), shape);
    }

    /// <summary>Whether every order adds every product once, so that without overflow it does not matter which one it is.</summary>
    /// <param name="depth">Products of an output.</param>
    /// <param name="greatestActivation">Decides how many digits matter.</param>
    public bool AddEachProductOnce(int depth, long greatestActivation) => All.All(order => Covers(order, depth, greatestActivation));

    private static AdditionOrders Checked(AdditionOrders orders, MatrixShape shape) =>
        orders.All.All(order => order.Segments.All(segment => segment.K.All(k => k < shape.Depth)))
            ? orders
            : throw new ArgumentException($"the plan of layer '{shape.Name}' has a product beyond the {shape.Depth} of an output");

    /// <summary>Whether the bits of an activation that each product takes part with are all of them, once.</summary>
    private static bool Covers(AdditionOrder order, int depth, long greatestActivation)
    {
        long all = (long)(BitOperations.RoundUpToPowerOf2((ulong)Math.Max(greatestActivation, 1) + 1) - 1);
        long[] bits = new long[depth];
        foreach (AdditionSegment segment in order.Segments)
        {
            long taken = segment.Mask == -1 ? all : ((long)segment.Mask << segment.Shift) & all;
            foreach (int k in segment.K.Where(k => k >= 0))
            {
                if (taken != 0 && (bits[k] & taken) != 0)
                {
                    return false;
                }
                bits[k] |= taken;
            }
        }
        return bits.AsSpan().IndexOfAnyExcept(all) < 0;
    }
}
