// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
using RtlExport.Parameters;

namespace RtlExport.Vectors;

/// <summary>One word through the first requantiser of one lane: what goes in, and the term that the model makes of it.</summary>
public sealed record RequantizerCase(LaneRecord Record, long Source, int Expected);

/// <summary>Directed words for a lane: every corner in which two requantisers that are almost equal differ.</summary>
public static class RequantizerCases
{
    /// <summary>
    /// Ties of every shift and both signs with their neighbours, both clamp edges with their neighbours, shift 0 and the largest shift, the limits of
    /// source, bias and multiplier, zero points, the sign output, and thresholds with their neighbours. Words with the same record follow one another; at the end there are records by turns.
    /// </summary>
    public static IReadOnlyList<RequantizerCase> Of(AcceleratorSpec spec)
    {
        var random = Lfsr.ForLane(0);
        return [.. Inputs(spec).Concat(Levels(spec)).Concat(Twice(spec)).Concat(RecordNeighbours.Requantizer(spec)).Select(input => new RequantizerCase(input.Record, input.Source, Expected(spec, input.Record, input.Source, random.Next())))];
    }

    /// <summary>The model's term for one word; <paramref name="random"/> is used by stochastic rounding only.</summary>
    public static int Expected(AcceleratorSpec spec, LaneRecord record, long source, uint random)
    {
        if (!record.Thresholds.IsEmpty)
        {
            return Requantizer.ByThresholds(source, record.Bias, record.Thresholds.AsSpan(), record.Minimum, record.ThresholdStep);
        }

        if (record.SignOutput)
        {
            return Requantizer.BySign(source, record.Bias);
        }

        if (record.DoubleRounding)
        {
            return Requantizer.ByTwoShifts(
                source, record.Bias, new MultiplierShift((uint)record.Multiplier, record.Shift), record.SecondShift, new OutputRange(record.ZeroPoint, record.Minimum, record.Maximum));
        }

        return Round(
            spec.Requantizer.Rounding, source, record.Bias, new MultiplierShift((uint)record.Multiplier, record.Shift),
            new OutputRange(record.ZeroPoint, record.Minimum, record.Maximum), random);
    }

    /// <summary>The model's requantiser in the rounding mode of a design.</summary>
    internal static int Round(RoundingMode rounding, long value, long bias, MultiplierShift scale, OutputRange range, uint random) => rounding switch
    {
        RoundingMode.Floor => Requantizer.ByMultiplierShift<RoundFloor>(value, bias, scale, range),
        RoundingMode.HalfUp => Requantizer.ByMultiplierShift<RoundHalfUp>(value, bias, scale, range),
        RoundingMode.HalfAway => Requantizer.ByMultiplierShift<RoundHalfAway>(value, bias, scale, range),
        RoundingMode.HalfEven => Requantizer.ByMultiplierShift<RoundHalfEven>(value, bias, scale, range),
        RoundingMode.TowardZero => Requantizer.ByMultiplierShift<RoundTowardZero>(value, bias, scale, range),
        RoundingMode.Stochastic => Requantizer.ByMultiplierShift<RoundStochastic>(value, bias, scale, range, random),
        _ => throw new ArgumentOutOfRangeException(nameof(rounding), rounding, "not a rounding mode"),
    };

    /// <summary>Odd multiples of a half, and the values beside them, near zero and near both limits.</summary>
    internal static IEnumerable<long> Ties(int shift, long least, long most)
    {
        if (shift == 0 || shift > 48)
        {
            return [];
        }

        long half = 1L << (shift - 1);
        return new[] { -5, -3, -1, 1, 3, 5 }
            .Select(odd => odd * half)
            .Concat([((most / half) | 1) * half, -((most / half) | 1) * half])
            .SelectMany(tie => new[] { tie - 1, tie, tie + 1 })
            .Where(value => value >= least && value <= most);
    }

    private static IEnumerable<(LaneRecord Record, long Source)> Inputs(AcceleratorSpec spec)
    {
        int sourceWidth = RtlParameters.SourceWidth(spec);
        long least = TwosComplement.Min(sourceWidth);
        long most = TwosComplement.Max(sourceWidth);
        long leastBias = TwosComplement.Min(spec.Accumulator.Width);
        long mostBias = TwosComplement.Max(spec.Accumulator.Width);
        int element = spec.Requantizer.ElementWidth;
        int termMinimum = (int)TwosComplement.Min(spec.TermWidth);
        int termMaximum = (int)TwosComplement.Max(spec.TermWidth);
        long multiplierMaximum = (1L << spec.Requantizer.MultiplierWidth) - 1;

        // With a fixed shift only that one, and a multiplier that makes up for it where there is one.
        int? fixedShift = spec.Requantizer.FixedShift;
        LaneRecord wide = new(0, 1, fixedShift ?? 0, 0, termMinimum, termMaximum, false);
        LaneRecord unit = wide with { Multiplier = 1L << Math.Min(fixedShift ?? 0, spec.Requantizer.MultiplierWidth - 1) };
        int[] shifts = fixedShift is { } only ? [only] : [.. Enumerable.Range(0, MultiplierShift.MaxShift + 1)];

        // Ties and their neighbours, and the limits, for every shift.
        foreach (int shift in shifts)
        {
            LaneRecord record = wide with { Shift = shift };
            foreach (long source in Ties(shift, least, most).Concat([least, least + 1, -1, 0, 1, most - 1, most]))
            {
                yield return (record, source);
            }
        }

        // Both clamp edges, approached in single steps, with and without a zero point; a ReLU and a clip.
        foreach (LaneRecord record in new[]
        {
            unit with { Minimum = -(1 << (element - 1)), Maximum = (1 << (element - 1)) - 1 },
            unit with { Minimum = 0, Maximum = (1 << element) - 1 },
            unit with { Minimum = 0, Maximum = 6, ZeroPoint = -3 },
            unit with { ZeroPoint = termMinimum },
            unit with { ZeroPoint = termMaximum },
            unit with { Minimum = 5, Maximum = 5 },
        })
        {
            foreach (long edge in new long[] { record.Minimum - record.ZeroPoint, record.Maximum - record.ZeroPoint })
            {
                for (long source = edge - 2; source <= edge + 2; source++)
                {
                    if (source >= least && source <= most)
                    {
                        yield return (record, source);
                    }
                }
            }

            yield return (record, least);
            yield return (record, most);
        }

        // The sum of source and bias needs one bit more; the largest products.
        foreach (long bias in new[] { leastBias, mostBias, -1L })
        {
            foreach (long multiplier in new[] { 0L, 1L, multiplierMaximum })
            {
                foreach (int shift in new[] { shifts[0], shifts[Math.Min(spec.Accumulator.Width - 1, shifts.Length - 1)], shifts[^1] }.Distinct())
                {
                    LaneRecord record = wide with { Bias = bias, Multiplier = multiplier, Shift = shift };
                    yield return (record, least);
                    yield return (record, most);
                    yield return (record, 0);
                }
            }
        }

        foreach (long bias in new[] { leastBias, -7L, 0L, 7L, mostBias })
        {
            LaneRecord record = new(bias, 1, fixedShift ?? 0, 0, -1, 1, true);
            foreach (long source in new[] { least, -bias - 1, -bias, -bias + 1, most }.Where(a => a >= least && a <= most))
            {
                yield return (record, source);
            }
        }
    }

    /// <summary>Two roundings: ties of the first that become ties of the second, ties of either alone, and their neighbours, at every pair of shifts of a few; the limits.</summary>
    private static IEnumerable<(LaneRecord Record, long Source)> Twice(AcceleratorSpec spec)
    {
        if (!spec.Requantizer.DoubleRounding)
        {
            yield break;
        }
        int sourceWidth = RtlParameters.SourceWidth(spec);
        long least = TwosComplement.Min(sourceWidth);
        long most = TwosComplement.Max(sourceWidth);
        long largest = (1L << spec.Requantizer.MultiplierWidth) - 1;
        foreach (int first in new[] { 0, 1, 3, 17, 31, 63 })
        {
            foreach (int second in new[] { 0, 1, 2, 7, 31 })
            {
                LaneRecord record = new(0, 1, first, 0, (int)TwosComplement.Min(spec.TermWidth), (int)TwosComplement.Max(spec.TermWidth), false) { DoubleRounding = true, SecondShift = second };
                long before = first == 0 ? 0 : 1L << (first - 1);
                IEnumerable<long> ties = Ties(first, least, most).Concat(Ties(first + second, least, most)).Concat(Ties(first + second, least, most).Select(tie => tie - before));
                foreach (long source in ties.Concat([least, -1, 0, 1, most]).Where(value => value >= least && value <= most).Distinct())
                {
                    yield return (record, source);
                }
                foreach (long bias in new[] { TwosComplement.Min(spec.Accumulator.Width), TwosComplement.Max(spec.Accumulator.Width) })
                {
                    yield return (record with { Bias = bias, Multiplier = largest, ZeroPoint = -3 }, least);
                    yield return (record with { Bias = bias, Multiplier = largest, ZeroPoint = -3 }, most);
                }
            }
        }
    }

    /// <summary>Few and all thresholds, some of them equal, out to both limits, each with its neighbours.</summary>
    private static IEnumerable<(LaneRecord Record, long Source)> Levels(AcceleratorSpec spec)
    {
        int sourceWidth = RtlParameters.SourceWidth(spec);
        long least = TwosComplement.Min(sourceWidth);
        long most = TwosComplement.Max(sourceWidth);
        long leastThreshold = TwosComplement.Min(spec.Accumulator.Width + 1);
        long mostThreshold = TwosComplement.Max(spec.Accumulator.Width + 1);
        int range = (1 << spec.Requantizer.ElementWidth) - 1;
        int levels = spec.Vector.ThresholdLevels;
        foreach (int count in new[] { 1, 2, (levels + 1) / 2, levels }.Where(count => count >= 1 && count <= levels).Distinct())
        {
            foreach ((long bias, int minimum) in new[] { (0L, -1), (5L, 0), (-3L, -(range / 2)) })
            {
                long[] thresholds = [.. Enumerable.Range(0, count).Select(i => i == 0 && count > 2 ? leastThreshold : i == count - 1 && count > 3 ? mostThreshold : 3L * (i / 2) - count)];
                LaneRecord record = new(bias, 0, spec.Requantizer.FixedShift ?? 0, 0, minimum, 0, false)
                {
                    ThresholdStep = Math.Min((1 << VectorSpec.ThresholdStepWidth) - 1, Math.Max(1, range / 2 / count)),
                    Thresholds = [.. thresholds],
                };
                foreach (long source in thresholds.SelectMany(t => new[] { t - 1, t, t + 1 }).Select(t => t - bias).Concat([least, most, 0]).Where(a => a >= least && a <= most).Distinct())
                {
                    yield return (record, source);
                }
            }
        }
    }
}
