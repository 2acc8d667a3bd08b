// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace AccelModel.Simulation.Values;

/// <summary>
/// The additions that really happen for an output channel, in order. Additions without a product, and segments without an addition, are left out: they add nothing, so they
/// neither change nor overflow a word.
/// </summary>
internal sealed class AdditionOrder : IEquatable<AdditionOrder>
{
    private AdditionOrder(int lanes, AdditionSegment[] segments)
    {
        Lanes = lanes;
        Segments = segments;
    }

    /// <summary>Most products of an addition.</summary>
    public int Lanes { get; }

    /// <summary>Segments with an addition.</summary>
    public AdditionSegment[] Segments { get; }

    /// <summary>Every product in the order of the weights, as one segment.</summary>
    public static AdditionOrder Plain(int depth) => new(1, [new AdditionSegment(0, -1, [.. Enumerable.Range(0, depth)])]);

    /// <param name="plan">The plan.</param>
    /// <param name="product">The weight that an entry of the plan stands for, or -1.</param>
    public static AdditionOrder Of(AccumulationPlan plan, Func<int, int> product)
    {
        int[] additions = new int[plan.Lanes];
        int lanes = 1;
        List<(PlanSegment Segment, List<int[]> Additions)> kept = [];
        foreach (PlanSegment segment in plan.Segments)
        {
            List<int[]> ofSegment = [];
            for (int first = 0; first < segment.K.Length; first += plan.Lanes)
            {
                int count = 0;
                foreach (int entry in segment.K.AsSpan().Slice(first, plan.Lanes))
                {
                    int k = entry < 0 ? -1 : product(entry);
                    if (k >= 0)
                    {
                        additions[count++] = k;
                    }
                }
                if (count > 0)
                {
                    ofSegment.Add(additions[..count]);
                    lanes = Math.Max(lanes, count);
                }
            }
            if (ofSegment.Count > 0)
            {
                kept.Add((segment, ofSegment));
            }
        }
        return new AdditionOrder(lanes, [.. kept.Select(segment => Pack(segment.Segment, segment.Additions, lanes, plan.DigitWidth))]);
    }

    public bool Equals(AdditionOrder? other) =>
        other is not null && Lanes == other.Lanes && Segments.Length == other.Segments.Length
        && Segments.Zip(other.Segments, (a, b) => a.Shift == b.Shift && a.Mask == b.Mask && a.K.AsSpan().SequenceEqual(b.K)).All(equal => equal);

    public override bool Equals(object? obj) => Equals(obj as AdditionOrder);

    public override int GetHashCode() => Segments.Aggregate(Lanes, (hash, segment) => HashCode.Combine(hash, segment.Shift, segment.K.Length, segment.K[0], segment.K[^1]));

    private static AdditionSegment Pack(PlanSegment segment, List<int[]> additions, int lanes, int digitWidth)
    {
        int[] k = new int[additions.Count * lanes];
        k.AsSpan().Fill(-1);
        for (int row = 0; row < additions.Count; row++)
        {
            additions[row].CopyTo(k, row * lanes);
        }
        return segment.WholeCode ? new(0, -1, k) : new(segment.Digit * digitWidth, (int)((1L << digitWidth) - 1), k);
    }
}

/// <summary>One partial sum.</summary>
/// <param name="Shift">Where its digit begins in the activation, and how far its sum is shifted left; 0 for whole codes.</param>
/// <param name="Mask">The digit's bits; -1 for whole codes.</param>
/// <param name="K">Weights, <see cref="AdditionOrder.Lanes"/> for each addition, -1 where there is none.</param>
internal readonly record struct AdditionSegment(int Shift, int Mask, int[] K)
{
    /// <summary>What it makes of an activation.</summary>
    public long Operand(long activation) => (activation >> Shift) & Mask;

    /// <summary>What it makes of a range of activations.</summary>
    public Interval Operand(Interval activation) => Mask == -1 ? activation : new(0, Math.Min(activation.High >> Shift, Mask));
}
