// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace RtlExport.Corners;

/// <summary>Words for <c>overflow_adder</c> at a width: two addends, and the sum that saturates and the one that wraps.</summary>
public static class AdderVectors
{
    /// <summary>Name of the files of the width of partial sums.</summary>
    public const string PartialSum = "partial_sum_adder";

    /// <summary>Name of the files of the width of accumulators.</summary>
    public const string Accumulator = "accumulator_adder";

    /// <summary>Both tables of a design, whose modes are only one of the two sums each: the module has both.</summary>
    public static IEnumerable<VectorTable> Of(AcceleratorSpec spec) => [Table(PartialSum, spec.Array.PartialSumWidth), Table(Accumulator, spec.Accumulator.Width)];

    /// <summary>Sums at both limits, one and two beside them on either side, the extremes with each other, single bits with carries through all places, and zero.</summary>
    public static VectorTable Table(string name, int width)
    {
        long least = TwosComplement.Min(width), most = TwosComplement.Max(width);
        List<(long, long)> pairs = [];
        foreach (long limit in new[] { least, most })
        {
            for (long beside = -2; beside <= 2; beside++)
            {
                foreach (long augend in new[] { limit, limit - 1, limit + 1, limit / 2, 0, -1, 1 })
                {
                    pairs.Add((augend, limit + beside - augend));
                }
            }
        }

        foreach (long a in new[] { least, least + 1, -1, 0, 1, most - 1, most })
        {
            foreach (long b in new[] { least, least + 1, -1, 0, 1, most - 1, most })
            {
                pairs.Add((a, b));
            }
        }

        for (int bit = 0; bit < width - 1; bit++)
        {
            pairs.Add((1L << bit, (1L << bit) - 1));
            pairs.Add((1L << bit, 1L << bit));
            pairs.Add((-(1L << bit), -(1L << bit)));
        }

        VectorColumn[] columns = [new("augend", width, true), new("addend", width, true), new("saturated", width, true), new("wrapped", width, true)];
        return new(name, columns, pairs.Where(pair => TwosComplement.Fits(pair.Item1, width) && TwosComplement.Fits(pair.Item2, width)).Distinct().Select(pair => (long[])
        [
            pair.Item1, pair.Item2, SaturateOnOverflow.Add(pair.Item1, pair.Item2, width, out _), WrapOnOverflow.Add(pair.Item1, pair.Item2, width, out _),
        ]));
    }
}
