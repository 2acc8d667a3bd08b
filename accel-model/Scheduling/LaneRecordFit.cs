// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>Whether a record is one that a design can hold.</summary>
public sealed partial record LaneRecord
{
    /// <summary>Every field that the design's record does not hold: its name, what was found and what is allowed; empty where the record fits.</summary>
    public IEnumerable<Finding> Misfits(AcceleratorSpec spec)
    {
        RequantizerSpec requantizer = spec.Requantizer;
        int code = requantizer.ElementWidth + 1;
        const int LargestShift = (1 << RequantizerSpec.ShiftWidth) - 1;
        const int LargestSecondShift = (1 << RequantizerSpec.SecondShiftWidth) - 1;
        bool twice = spec.Vector.Elementwise && requantizer.DoubleRounding;
        (string Name, long Value, long Least, long Most, string Key)[] fields =
        [
            ("bias", Bias, TwosComplement.Min(spec.Accumulator.Width), TwosComplement.Max(spec.Accumulator.Width), "accumulator.width"),
            ("multiplier", Multiplier, 0, (1L << requantizer.MultiplierWidth) - 1, requantizer.FixedShift is null ? "requantizer.multiplier_width" : "requantizer.multiplier_width, at requantizer.fixed_shift"),
            ("shift", Multiplier == 0 && requantizer.FixedShift is { } shift ? shift : Shift, requantizer.FixedShift ?? 0, requantizer.FixedShift ?? LargestShift, requantizer.FixedShift is null ? "6 bits" : "requantizer.fixed_shift"),
            Signed("zero_point", ZeroPoint, spec.TermWidth, "requantizer.element_width"),
            Signed("minimum", Minimum, spec.TermWidth, "requantizer.element_width"),
            Signed("maximum", Maximum, spec.TermWidth, "requantizer.element_width"),
            ("double_rounding", DoubleRounding ? 1 : 0, 0, requantizer.DoubleRounding ? 1 : 0, "requantizer.double_rounding"),
            ("second_shift", SecondShift, 0, requantizer.DoubleRounding ? LargestSecondShift : 0, "5 bits, with requantizer.double_rounding"),
            ("post_multiplier", PostMultiplier, 0, spec.Vector.Elementwise ? (1L << requantizer.MultiplierWidth) - 1 : 0, "requantizer.multiplier_width, with vector.elementwise"),
            ("post_shift", PostShift, 0, spec.Vector.Elementwise ? LargestShift : 0, "6 bits, with vector.elementwise"),
            Post("post_zero_point", PostZeroPoint),
            Post("post_minimum", PostMinimum),
            Post("post_maximum", PostMaximum),
            ("post_half_away", PostHalfAway ? 1 : 0, 0, spec.Vector.Elementwise ? 1 : 0, "vector.elementwise"),
            ("post_double_rounding", PostDoubleRounding ? 1 : 0, 0, twice ? 1 : 0, "requantizer.double_rounding, with vector.elementwise"),
            ("post_second_shift", PostSecondShift, 0, twice ? LargestSecondShift : 0, "5 bits, with requantizer.double_rounding and vector.elementwise"),
            ("threshold_count", Thresholds.Length, 0, spec.Vector.ThresholdLevels, "vector.threshold_levels"),
            ("threshold_step", ThresholdStep, 0, spec.Vector.ThresholdLevels > 0 ? (1 << VectorSpec.ThresholdStepWidth) - 1 : 0, "8 bits, with vector.threshold_levels"),
            Signed("threshold_step", Minimum + ((long)ThresholdStep * Thresholds.Length), spec.TermWidth, "minimum and all steps, requantizer.element_width"),
            .. Thresholds.Select((threshold, i) => Signed($"threshold[{i}]", threshold, spec.Accumulator.Width + 1, "accumulator.width")),
        ];
        return fields
            .Where(field => field.Value < field.Least || field.Value > field.Most)
            .Select(field => new Finding(field.Name, $"does not fit, found {field.Value}, allowed {field.Least}..{field.Most} ({field.Key})"));

        (string Name, long Value, long Least, long Most, string Key) Signed(string name, long value, int width, string key) =>
            (name, value, TwosComplement.Min(width), TwosComplement.Max(width), key);

        (string Name, long Value, long Least, long Most, string Key) Post(string name, long value) =>
            spec.Vector.Elementwise ? Signed(name, value, code, "requantizer.element_width") : (name, value, 0, 0, "vector.elementwise");
    }

    /// <summary>Whether <c>multiplier * 2^-shift</c> can be held exactly: by the fixed shift if there is one, else by a shift of 0..63.</summary>
    /// <param name="multiplier">Not negative.</param>
    /// <param name="shift">Right shift; below 0 a left shift.</param>
    /// <param name="spec">The design.</param>
    public static bool HoldsScale(long multiplier, int shift, AcceleratorSpec spec)
    {
        LaneRecord record = Zero.WithScale(multiplier, shift, spec);
        return record.Misfits(spec).All(misfit => misfit.Path is not ("multiplier" or "shift"));
    }

    /// <summary>
    /// The record with the scale <c>multiplier * 2^-shift</c>. With a fixed shift f the multiplier becomes <c>multiplier * 2^(f - shift)</c>, which rounds alike in every
    /// mode; a left shift goes into the multiplier. Where that is not exact the record keeps what it was given, and <see cref="Misfits"/> names it.
    /// </summary>
    private LaneRecord WithScale(long multiplier, int shift, AcceleratorSpec spec)
    {
        int held = spec.Requantizer.FixedShift ?? Math.Max(shift, 0);
        Int128 scaled = held >= shift ? (Int128)multiplier << (held - shift) : (Int128)multiplier >> (shift - held);
        bool exact = held >= shift ? held - shift < 64 : scaled << (shift - held) == multiplier;
        return (exact || multiplier == 0) && scaled <= long.MaxValue
            ? this with { Multiplier = (long)scaled, Shift = held }
            : this with { Multiplier = multiplier, Shift = shift };
    }
}
