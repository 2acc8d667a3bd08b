// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
using RtlExport.Parameters;

namespace RtlExport.Vectors;

/// <summary>
/// Words that follow each other with records that differ in one field alone, and with it in their result: a lane that takes a field of the word before or after shows it, one or two words away and in both directions.
/// </summary>
internal static class RecordNeighbours
{
    /// <summary>Of two records, so that each has each behind it and before it, and two words away.</summary>
    private static readonly bool[] Turns = [false, true, true, false, false, true, false, true];

    /// <summary>Words of the first requantiser: a pair for each field that the design's record has.</summary>
    public static IEnumerable<(LaneRecord Record, long Source)> Requantizer(AcceleratorSpec spec) =>
        from pair in Pairs(spec)
        where RequantizerCases.Expected(spec, pair.One, pair.Source, 0) != RequantizerCases.Expected(spec, pair.Other, pair.Source, 0)
        from other in Turns
        select (other ? pair.Other : pair.One, pair.Source);

    /// <summary>Words of the second requantiser, likewise.</summary>
    public static IEnumerable<(LaneRecord Record, long Value, bool Post)> PostRequantizer(AcceleratorSpec spec) =>
        from pair in PostPairs(spec)
        from other in Turns
        select (other ? pair.Other : pair.One, pair.Value, true);

    private static IEnumerable<(LaneRecord One, LaneRecord Other, long Source)> Pairs(AcceleratorSpec spec)
    {
        int shift = spec.Requantizer.FixedShift ?? 0, levels = spec.Vector.ThresholdLevels;
        long most = TwosComplement.Max(RtlParameters.SourceWidth(spec)), largest = (1L << spec.Requantizer.MultiplierWidth) - 1;

        // A source of zero gives zero whatever the scale is.
        LaneRecord plain = new(0, 1, shift, 0, -100, 100, false);
        yield return (plain with { Bias = 1, SignOutput = true }, plain with { Bias = -1, SignOutput = true }, 0);
        yield return (plain with { Multiplier = largest }, plain with { Multiplier = 0 }, most);
        yield return (plain with { ZeroPoint = 3 }, plain with { ZeroPoint = -3 }, 0);
        yield return (plain with { ZeroPoint = -10, Minimum = -5 }, plain with { ZeroPoint = -10, Minimum = -7 }, 0);
        yield return (plain with { ZeroPoint = 10, Maximum = 5 }, plain with { ZeroPoint = 10, Maximum = 7 }, 0);
        yield return (plain with { ZeroPoint = 3, SignOutput = true }, plain with { ZeroPoint = 3 }, 0);
        if (spec.Requantizer.FixedShift is null)
        {
            yield return (plain, plain with { Shift = 1 }, 64);
        }

        if (spec.Requantizer.DoubleRounding)
        {
            yield return (plain with { SecondShift = 2 }, plain with { SecondShift = 2, DoubleRounding = true }, 64);
            yield return (plain with { SecondShift = 2, DoubleRounding = true }, plain with { SecondShift = 3, DoubleRounding = true }, 64);
        }

        if (levels > 0)
        {
            long[] reached = new long[levels], missed = [.. reached[..^1], 1];
            LaneRecord all = plain with { Minimum = 0, ThresholdStep = 1, Thresholds = [.. reached] };
            yield return (all with { Thresholds = [0] }, all with { Thresholds = [], ZeroPoint = 0 }, 0);
            yield return (all, all with { ThresholdStep = 2 }, 0);
            yield return (all, all with { Minimum = 3 }, 0);
            yield return (all, all with { Thresholds = [.. missed] }, 0);
        }
    }

    private static IEnumerable<(LaneRecord One, LaneRecord Other, long Value)> PostPairs(AcceleratorSpec spec)
    {
        LaneRecord plain = LaneRecord.Zero with { PostMultiplier = 1, PostMinimum = -100, PostMaximum = 100 };
        yield return (plain, plain with { PostMultiplier = 0 }, 5);
        yield return (plain, plain with { PostShift = 1 }, 64);
        yield return (plain with { PostZeroPoint = 3 }, plain with { PostZeroPoint = -3 }, 0);
        yield return (plain with { PostZeroPoint = -10, PostMinimum = -5 }, plain with { PostZeroPoint = -10, PostMinimum = -7 }, 0);
        yield return (plain with { PostZeroPoint = 10, PostMaximum = 5 }, plain with { PostZeroPoint = 10, PostMaximum = 7 }, 0);

        // Ties of one and of minus one and a half: one of them half away from zero is another code than in each of the other roundings.
        foreach (long tie in new long[] { 1, -3 })
        {
            yield return (plain with { PostShift = 1, PostHalfAway = true }, plain with { PostShift = 1 }, tie);
        }

        if (spec.Requantizer.DoubleRounding)
        {
            yield return (plain with { PostSecondShift = 2 }, plain with { PostSecondShift = 2, PostDoubleRounding = true }, 64);
            yield return (plain with { PostSecondShift = 2, PostDoubleRounding = true }, plain with { PostSecondShift = 3, PostDoubleRounding = true }, 64);
        }
    }
}
