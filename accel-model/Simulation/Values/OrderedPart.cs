// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>Output channels side by side that are summed together: those of one group (of all groups in a depthwise layer) that have the same order of additions.</summary>
internal sealed class OrderedPart
{
    private readonly int[] orderOfOutput;
    private readonly int order;
    private readonly OrderedStretch[][] stretches;

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
        SegmentCount = additions.Segments.Length;
        Segments = new PinnedBuffer<SegmentRows>((long)blocks * SegmentCount);
        stretches = new OrderedStretch[blocks][];
        for (int block = 0; block < blocks; block++)
        {
            int first = block * blockChannels;
            stretches[block] = StretchesOf(additions, bounds, block, firstOutput + first, Math.Min(blockChannels, outputs - first));
        }
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

    /// <summary>The segments, <c>[block][segment]</c>.</summary>
    public PinnedBuffer<SegmentRows> Segments { get; }

    /// <summary>Segments of a block.</summary>
    public int SegmentCount { get; }

    /// <summary>Packed weights of the parts before it.</summary>
    public long FirstWeight { get; private init; }

    /// <summary>Its packed weights.</summary>
    public long WeightCount { get; }

    /// <summary>Whether an output channel from <see cref="FirstOutput"/> on is one of them.</summary>
    public bool Has(int output) => orderOfOutput[output] == order;

    /// <summary>The segments of a block of output channels, those side by side together that are added the same way.</summary>
    public ReadOnlySpan<OrderedStretch> Stretches(int block) => stretches[block];

    private OrderedStretch[] StretchesOf(AdditionOrder additions, SumBounds bounds, int block, int output, int count)
    {
        List<OrderedStretch> all = [];
        int step = 0;
        for (int segment = 0; segment < SegmentCount; segment++)
        {
            int rows = additions.Segments[segment].K.Length / Lanes;
            int safe = Math.Min(bounds.SafeRows(segment, output, count), rows);
            bool accumulator = bounds.AccumulatorCanOverflow(segment, output, count);
            Segments.Span[(block * SegmentCount) + segment] = new SegmentRows(rows, safe, additions.Segments[segment].Shift);
            if (all.Count > 0 && all[^1].SumChecked == safe < rows && all[^1].AccumulatorChecked == accumulator)
            {
                all[^1] = all[^1] with { Segments = all[^1].Segments + 1 };
            }
            else
            {
                all.Add(new OrderedStretch((block * SegmentCount) + segment, 1, step, safe < rows, accumulator));
            }
            step += rows * Lanes;
        }
        return [.. all];
    }

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

/// <summary>Segments that are added in one go.</summary>
/// <param name="First">The first of them, of all blocks'.</param>
/// <param name="Segments">How many there are.</param>
/// <param name="FirstStep">Products of the segments before them.</param>
/// <param name="SumChecked">Whether a partial sum can overflow.</param>
/// <param name="AccumulatorChecked">Whether the accumulator can.</param>
internal readonly record struct OrderedStretch(int First, int Segments, int FirstStep, bool SumChecked, bool AccumulatorChecked);
