// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace RtlExport.Corners;

/// <summary>Where the sums of <see cref="LimitsNetwork"/> leave partial sums and accumulators, addition by addition in the hardware's order.</summary>
internal sealed class SumCorners
{
    private const string Group = "sums inside the array";

    private readonly List<string> _partialTop = [], _partialBottom = [], _accumulatorTop = [], _accumulatorBottom = [];
    private long _largestPartial, _largestAccumulator, _largestProduct;

    /// <summary>The four corners; without the network they have its absence as reason.</summary>
    public static IEnumerable<CornerCoverage> Of(AcceleratorSpec spec, CornerNetwork? limits)
    {
        var corners = new SumCorners();
        if (limits is not null)
        {
            corners.Add(limits);
        }

        string Reason(long largest, int width, string what) => limits is null
            ? "the network 'limits' does not run on this design"
            : FormattableString.Invariant($"the largest {what} of {((DenseLayer)limits.Schedule.Network.Layers[0]).Weights.Shape[1]} products is {largest} (a product is {corners._largestProduct} at most), the limit {TwosComplement.Max(width)}");
        string partial = Reason(corners._largestPartial, spec.Array.PartialSumWidth, "partial sum"), accumulator = Reason(corners._largestAccumulator, spec.Accumulator.Width, "accumulator");
        string psums = $"partial sum of {spec.Array.PartialSumWidth} bits {Verb(spec.Array.Overflow)}", words = $"accumulator of {spec.Accumulator.Width} bits {Verb(spec.Accumulator.Overflow)}";
        return
        [
            CornerCount.Of(Group, psums + " at the top", corners._partialTop, partial),
            CornerCount.Of(Group, psums + " at the bottom", corners._partialBottom, partial),
            CornerCount.Of(Group, words + " at the top", corners._accumulatorTop, accumulator),
            CornerCount.Of(Group, words + " at the bottom", corners._accumulatorBottom, accumulator),
        ];
    }

    private static string Verb(OverflowMode mode) => EnumNames.Of(mode) + "s";

    private void Add(CornerNetwork network)
    {
        var layer = (DenseLayer)network.Schedule.Network.Layers[0];
        AccumulationPlan plan = network.Schedule.Plans[0];
        int products = layer.Weights.Shape[1];
        for (int image = 0; image < network.Vectors.Images; image++)
        {
            for (int channel = 0; channel < layer.Output.Channels; channel++)
            {
                long accumulator = 0;
                foreach (PlanSegment segment in plan.Segments)
                {
                    string place = FormattableString.Invariant($"{network.Prefix}layer_000.memh image {image} channel {channel}");
                    long partial = 0;
                    for (int k = 0; k < segment.K.Length; k += plan.Lanes)
                    {
                        long product = segment.K.AsSpan(k, plan.Lanes).ToArray().Where(index => index >= 0)
                            .Sum(index => (long)layer.Weights.Values[(channel * products) + index] * Operand(plan, segment, network.Vectors.Input[(image * products) + index]));
                        _largestProduct = Math.Max(_largestProduct, Math.Abs(product));
                        partial = Narrow(partial, product, plan.PartialSumOverflow, plan.PartialSumWidth, ref _largestPartial, _partialTop, _partialBottom, place);
                    }

                    accumulator = Narrow(
                        accumulator, partial << (segment.Digit * plan.DigitWidth), plan.AccumulatorOverflow, plan.AccumulatorWidth, ref _largestAccumulator, _accumulatorTop, _accumulatorBottom, place);
                }
            }
        }
    }

    private static long Operand(AccumulationPlan plan, PlanSegment segment, int code) => segment.WholeCode ? code : code >> (segment.Digit * plan.DigitWidth) & ((1 << plan.DigitWidth) - 1);

    private static long Narrow(long a, long b, OverflowMode mode, int width, ref long largest, List<string> top, List<string> bottom, string place)
    {
        long sum = Overflow.Add(mode, a, b, width, out bool overflowed);
        largest = Math.Max(largest, Math.Abs(a + b));
        if (overflowed)
        {
            (a + b > 0 ? top : bottom).Add(place);
        }

        return sum;
    }
}
