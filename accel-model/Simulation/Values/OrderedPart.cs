// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>Output channels side by side that are summed together: those of one group (of all groups in a depthwise layer) that have the same order of additions.</summary>
internal sealed class OrderedPart
{
    private readonly int[] orderOfOutput;
    private readonly int order;

    private OrderedPart(MatrixShape shape, AdditionOrders orders, OrderedPlanes planes, SumBounds bounds, int blockChannels, int order, int firstOutput, int outputs)
    {
        this.order = order;
        orderOfOutput = orders.OfOutput;
        FirstOutput = firstOutput;
        Outputs = outputs;
        IsWhole = !orderOfOutput.AsSpan(firstOutput, outputs).ContainsAnyExcept(order);
        FirstElement = shape.IsDepthwise ? 0 : shape.FirstInput(firstOutput);
        AdditionOrder additions = orders.All[order];
        Lanes = additions.Lanes;
        Steps = [.. additions.Segments.SelectMany(segment => segment.K)];
        Offsets = new PinnedBuffer<int>(Steps.Length);
        int step = 0;
        foreach (AdditionSegment segment in additions.Segments)
        {
            foreach (int k in segment.K)
            {
                // A hole has the weight zero, whatever it reads.
                Offsets.Span[step++] = k < 0 ? 0 : planes.Offset(segment, k);
            }
        }
        int blocks = (outputs + blockChannels - 1) / blockChannels;
        WeightCount = (long)blocks * Steps.Length * blockChannels;
        Segments =
        [
            .. additions.Segments.Select((segment, index) => new OrderedSegment(
                segment.K.Length / Lanes,
                segment.Shift,
                [.. Enumerable.Range(0, blocks).Select(block => bounds.SumCanOverflow(index, firstOutput + (block * blockChannels), Math.Min(blockChannels, outputs - (block * blockChannels))))],
                [.. Enumerable.Range(0, blocks).Select(block => bounds.AccumulatorCanOverflow(index, firstOutput + (block * blockChannels), Math.Min(blockChannels, outputs - (block * blockChannels))))])),
        ];
    }

    /// <summary>The first of the output channels.</summary>
    public int FirstOutput { get; }

    /// <summary>How many there are, others between them included.</summary>
    public int Outputs { get; }

    /// <summary>Whether there are no others between them.</summary>
    public bool IsWhole { get; }

    /// <summary>From a window's first element to the first one that they read.</summary>
    public int FirstElement { get; }

    /// <summary>Products of an addition.</summary>
    public int Lanes { get; }

    /// <summary>The weight of every product, -1 for a hole.</summary>
    public int[] Steps { get; }

    /// <summary>Elements from the window's first to the activation of every product.</summary>
    public PinnedBuffer<int> Offsets { get; }

    /// <summary>The segments.</summary>
    public OrderedSegment[] Segments { get; }

    /// <summary>Packed weights of the parts before it.</summary>
    public long FirstWeight { get; private init; }

    /// <summary>Its packed weights.</summary>
    public long WeightCount { get; }

    /// <summary>Whether an output channel from <see cref="FirstOutput"/> on is one of them.</summary>
    public bool Has(int output) => orderOfOutput[output] == order;

    /// <summary>All parts of a layer.</summary>
    public static OrderedPart[] Of(MatrixShape shape, AdditionOrders orders, OrderedPlanes planes, SumBounds bounds, int blockChannels)
    {
        int outputs = shape.IsDepthwise ? shape.Outputs : shape.GroupOutputs;
        List<OrderedPart> parts = [];
        long weights = 0;
        for (int first = 0; first < shape.Outputs; first += outputs)
        {
            foreach (int order in orders.OfOutput.AsSpan(first, outputs).ToArray().Distinct())
            {
                OrderedPart part = new(shape, orders, planes, bounds, blockChannels, order, first, outputs) { FirstWeight = weights };
                weights += part.WeightCount;
                parts.Add(part);
            }
        }
        return [.. parts];
    }
}

/// <summary>One segment of a part.</summary>
/// <param name="Rows">Additions.</param>
/// <param name="Shift">Left shift of the finished sum.</param>
/// <param name="SumChecked">For each block of output channels, whether a partial sum can overflow.</param>
/// <param name="AccumulatorChecked">For each block, whether the accumulator can.</param>
internal readonly record struct OrderedSegment(int Rows, int Shift, bool[] SumChecked, bool[] AccumulatorChecked);
