// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
using RtlExport.Vectors;

namespace RtlExport.Corners;

/// <summary>Words for <c>post_requantizer</c>, which designs with <c>vector.elementwise</c> have: a combined value, the record's fields, and the code.</summary>
public static class PostRequantizerVectors
{
    /// <summary>Name of the files.</summary>
    public const string Name = "post_requantizer";

    private static readonly int[] Shifts = [0, 1, 2, 7, 15, 16, 31, 48, 62, 63];

    /// <summary>The table; null where the design has no such module.</summary>
    public static VectorTable? Table(AcceleratorSpec spec)
    {
        if (!spec.Vector.Elementwise)
        {
            return null;
        }

        int code = spec.Requantizer.ElementWidth + 1, twice = spec.Requantizer.DoubleRounding ? 1 : 0;
        VectorColumn[] columns =
        [
            new("value", VectorSpec.CombinedWidth, true), new("post", 1, false), new("multiplier", spec.Requantizer.MultiplierWidth, false), new("shift", RequantizerSpec.ShiftWidth, false),
            new("zero_point", code, true), new("minimum", code, true), new("maximum", code, true), new("half_away", 1, false),
            new("double_rounding", twice, false), new("second_shift", twice * RequantizerSpec.SecondShiftWidth, false), new("code", code, true),
        ];
        return new(Name, columns, Inputs(spec, code).Concat(RecordNeighbours.PostRequantizer(spec)).Select(input => Word(spec, input.Record, input.Value, input.Post)));
    }

    private static IEnumerable<(LaneRecord Record, long Value, bool Post)> Inputs(AcceleratorSpec spec, int codeWidth)
    {
        long least = TwosComplement.Min(VectorSpec.CombinedWidth), most = TwosComplement.Max(VectorSpec.CombinedWidth);
        int leastCode = (int)TwosComplement.Min(codeWidth), mostCode = (int)TwosComplement.Max(codeWidth);
        LaneRecord wide = LaneRecord.Zero with { PostMultiplier = 1, PostMinimum = leastCode, PostMaximum = mostCode };
        foreach (int shift in Shifts)
        {
            foreach (bool halfAway in new[] { false, true })
            {
                foreach (long value in RequantizerCases.Ties(shift, least, most).Concat([least, -1, 0, 1, most]))
                {
                    yield return (wide with { PostShift = shift, PostHalfAway = halfAway }, value, true);
                }
            }
        }

        foreach (int second in spec.Requantizer.DoubleRounding ? new[] { 0, 1, 7, 31 } : [])
        {
            foreach (int shift in new[] { 0, 1, 15, 31 })
            {
                foreach (long value in RequantizerCases.Ties(shift, least, most).Concat(RequantizerCases.Ties(shift + second, least, most)).Concat([least, -1, 0, 1, most]).Distinct())
                {
                    yield return (wide with { PostShift = shift, PostDoubleRounding = true, PostSecondShift = second }, value, true);
                }
            }
        }

        foreach (LaneRecord record in new[]
        {
            wide, wide with { PostMinimum = 0, PostMaximum = (1 << (codeWidth - 1)) - 1 }, wide with { PostMinimum = -3, PostMaximum = 6, PostZeroPoint = 2 },
            wide with { PostZeroPoint = leastCode }, wide with { PostZeroPoint = mostCode }, wide with { PostMinimum = 5, PostMaximum = 5 },
        })
        {
            foreach (long edge in new long[] { record.PostMinimum - record.PostZeroPoint, record.PostMaximum - record.PostZeroPoint })
            {
                for (long value = edge - 1; value <= edge + 1; value++)
                {
                    yield return (record, value, true);
                }
            }
        }

        foreach (long multiplier in new[] { 0, (1L << spec.Requantizer.MultiplierWidth) - 1 })
        {
            foreach (int shift in new[] { 0, spec.Requantizer.MultiplierWidth - 1, MultiplierShift.MaxShift })
            {
                yield return (wide with { PostMultiplier = multiplier, PostShift = shift }, least, true);
                yield return (wide with { PostMultiplier = multiplier, PostShift = shift }, most, true);
            }
        }

        foreach (long value in new long[] { leastCode, -1, 0, 1, mostCode })
        {
            yield return (wide with { PostShift = 3, PostMultiplier = 3 }, value, false);
        }
    }

    private static long[] Word(AcceleratorSpec spec, LaneRecord record, long value, bool post)
    {
        RoundingMode rounding = record.PostHalfAway ? RoundingMode.HalfAway : spec.Requantizer.Rounding == RoundingMode.Stochastic ? RoundingMode.HalfUp : spec.Requantizer.Rounding;
        long code = !post ? value
            : record.PostDoubleRounding ? Requantizer.ByTwoShifts(
                value, 0, new MultiplierShift((uint)record.PostMultiplier, record.PostShift), record.PostSecondShift, new OutputRange(record.PostZeroPoint, record.PostMinimum, record.PostMaximum))
            : RequantizerCases.Round(rounding, value, 0, new MultiplierShift((uint)record.PostMultiplier, record.PostShift), new OutputRange(record.PostZeroPoint, record.PostMinimum, record.PostMaximum), 0);
        return [value, post ? 1 : 0, record.PostMultiplier, record.PostShift, record.PostZeroPoint, record.PostMinimum, record.PostMaximum, record.PostHalfAway ? 1 : 0, record.PostDoubleRounding ? 1 : 0, record.PostSecondShift, code];
    }
}
