// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace RtlExport.Vectors;

/// <summary>One word through one lane of the vector unit: what goes in, and the code that the model makes of it.</summary>
public sealed record RequantizerCase(LaneRecord Record, long Accumulator, int Expected);

/// <summary>Directed words for a lane: every corner in which two requantisers that are almost equal differ.</summary>
public static class RequantizerCases
{
    /// <summary>
    /// Ties of every shift and both signs with their neighbours, both clamp edges with their neighbours, shift 0 and the largest shift, the limits of
    /// accumulator, bias and multiplier, zero points, and the sign output. Words with the same record follow one another.
    /// </summary>
    public static IReadOnlyList<RequantizerCase> Of(AcceleratorSpec spec)
    {
        var random = Lfsr.ForLane(0);
        return [.. Inputs(spec).Select(input => new RequantizerCase(input.Record, input.Accumulator, Expected(spec, input.Record, input.Accumulator, random.Next())))];
    }

    /// <summary>The model's code for one word; <paramref name="random"/> is used by stochastic rounding only.</summary>
    public static int Expected(AcceleratorSpec spec, LaneRecord record, long accumulator, uint random)
    {
        if (record.SignOutput)
        {
            return Requantizer.BySign(accumulator, record.Bias);
        }

        var scale = new MultiplierShift((uint)record.Multiplier, record.Shift);
        var range = new OutputRange(record.ZeroPoint, record.Minimum, record.Maximum);
        return spec.Requantizer.Rounding switch
        {
            RoundingMode.Floor => Requantizer.ByMultiplierShift<RoundFloor>(accumulator, record.Bias, scale, range),
            RoundingMode.HalfUp => Requantizer.ByMultiplierShift<RoundHalfUp>(accumulator, record.Bias, scale, range),
            RoundingMode.HalfAway => Requantizer.ByMultiplierShift<RoundHalfAway>(accumulator, record.Bias, scale, range),
            RoundingMode.HalfEven => Requantizer.ByMultiplierShift<RoundHalfEven>(accumulator, record.Bias, scale, range),
            RoundingMode.TowardZero => Requantizer.ByMultiplierShift<RoundTowardZero>(accumulator, record.Bias, scale, range),
            RoundingMode.Stochastic => Requantizer.ByMultiplierShift<RoundStochastic>(accumulator, record.Bias, scale, range, random),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Requantizer.Rounding, "not a rounding mode"),
        };
    }

    private static IEnumerable<(LaneRecord Record, long Accumulator)> Inputs(AcceleratorSpec spec)
    {
        int width = spec.Accumulator.Width;
        long least = TwosComplement.Min(width);
        long most = TwosComplement.Max(width);
        int element = spec.Requantizer.ElementWidth;
        int codeMinimum = (int)TwosComplement.Min(element + 1);
        int codeMaximum = (int)TwosComplement.Max(element + 1);
        long multiplierMaximum = (1L << spec.Requantizer.MultiplierWidth) - 1;
        LaneRecord wide = new(0, 1, 0, 0, codeMinimum, codeMaximum, false);

        // Ties and their neighbours, and the limits, for every shift.
        for (int shift = 0; shift <= MultiplierShift.MaxShift; shift++)
        {
            LaneRecord record = wide with { Shift = shift };
            foreach (long accumulator in Ties(shift, least, most).Concat([least, least + 1, -1, 0, 1, most - 1, most]))
            {
                yield return (record, accumulator);
            }
        }

        // Both clamp edges, approached in single steps, with and without a zero point; a ReLU and a clip.
        foreach (LaneRecord record in new[]
        {
            wide with { Minimum = -(1 << (element - 1)), Maximum = (1 << (element - 1)) - 1 },
            wide with { Minimum = 0, Maximum = (1 << element) - 1 },
            wide with { Minimum = 0, Maximum = 6, ZeroPoint = -3 },
            wide with { ZeroPoint = codeMinimum },
            wide with { ZeroPoint = codeMaximum },
            wide with { Minimum = 5, Maximum = 5 },
        })
        {
            foreach (long edge in new long[] { record.Minimum - record.ZeroPoint, record.Maximum - record.ZeroPoint })
            {
                for (long accumulator = edge - 2; accumulator <= edge + 2; accumulator++)
                {
                    if (TwosComplement.Fits(accumulator, width))
                    {
                        yield return (record, accumulator);
                    }
                }
            }

            yield return (record, least);
            yield return (record, most);
        }

        // The sum of accumulator and bias needs one bit more; the largest products.
        foreach (long bias in new[] { least, most, -1L })
        {
            foreach (long multiplier in new[] { 0L, 1L, multiplierMaximum })
            {
                foreach (int shift in new[] { 0, width - 1, MultiplierShift.MaxShift })
                {
                    LaneRecord record = wide with { Bias = bias, Multiplier = multiplier, Shift = shift };
                    yield return (record, least);
                    yield return (record, most);
                    yield return (record, 0);
                }
            }
        }

        foreach (long bias in new[] { least, -7L, 0L, 7L, most })
        {
            LaneRecord record = new(bias, 1, 0, 0, -1, 1, true);
            foreach (long accumulator in new[] { least, -bias - 1, -bias, -bias + 1, most }.Where(a => TwosComplement.Fits(a, width)))
            {
                yield return (record, accumulator);
            }
        }
    }

    /// <summary>Odd multiples of a half, and the values beside them, near zero and near both limits.</summary>
    private static IEnumerable<long> Ties(int shift, long least, long most)
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
}
