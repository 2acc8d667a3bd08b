// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation.Values;

/// <summary>Overflows of one layer as one thread finds them.</summary>
internal sealed class OverflowTally
{
    /// <summary>At partial sums.</summary>
    public long PartialSums { get; set; }

    /// <summary>At accumulators.</summary>
    public long Accumulators { get; set; }

    /// <summary>The least one.</summary>
    public FirstOverflow? First { get; private set; }

    /// <summary>Whether an overflow of this output would come before the first one known.</summary>
    public bool ComesBeforeFirst(int image, int output) => First is not { } first || (image, output).CompareTo((first.Image, first.Output)) < 0;

    /// <summary>Keeps the lesser of two overflows.</summary>
    public void Offer(FirstOverflow? overflow)
    {
        if (overflow is { } other && ComesBeforeFirst(other.Image, other.Output))
        {
            First = overflow;
        }
    }

    /// <summary>The sum over threads; it does not depend on how images were spread.</summary>
    public static LayerOverflows Merge(IEnumerable<OverflowTally> tallies)
    {
        OverflowTally total = new();
        foreach (OverflowTally tally in tallies)
        {
            total.PartialSums += tally.PartialSums;
            total.Accumulators += tally.Accumulators;
            total.Offer(tally.First);
        }
        return new LayerOverflows(total.PartialSums, total.Accumulators, total.First);
    }
}
