// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;
using RtlExport.Parameters;
using RtlExport.Vectors;

namespace RtlExport.Corners;

/// <summary>Words for <c>requantizer</c>: source word, lane record (docs/architecture.md, section 5.1) and expected term, lowest first.</summary>
public static class RequantizerVectors
{
    /// <summary>Name of the files.</summary>
    public const string Name = "requantizer";

    /// <summary>The table of a design.</summary>
    public static VectorTable Table(AcceleratorSpec spec)
    {
        int code = spec.Vector.Elementwise ? spec.Requantizer.ElementWidth + 1 : 0, levels = spec.Vector.ThresholdLevels, twice = spec.Requantizer.DoubleRounding ? 1 : 0;
        VectorColumn[] columns =
        [
            new("source", RtlParameters.SourceWidth(spec), true), new("bias", spec.Accumulator.Width, true), new("multiplier", spec.Requantizer.MultiplierWidth, false),
            new("shift", spec.ShiftFieldWidth, false), new("zero_point", spec.TermWidth, true), new("minimum", spec.TermWidth, true), new("maximum", spec.TermWidth, true), new("sign_output", 1, false),
            new("double_rounding", twice, false), new("second_shift", twice * RequantizerSpec.SecondShiftWidth, false),
            new("post_multiplier", code == 0 ? 0 : spec.Requantizer.MultiplierWidth, false), new("post_shift", code == 0 ? 0 : RequantizerSpec.ShiftWidth, false),
            new("post_zero_point", code, true), new("post_minimum", code, true), new("post_maximum", code, true), new("post_half_away", code == 0 ? 0 : 1, false),
            new("post_double_rounding", code == 0 ? 0 : twice, false), new("post_second_shift", code == 0 ? 0 : twice * RequantizerSpec.SecondShiftWidth, false),
            new("threshold_count", levels == 0 ? 0 : VectorSpec.ThresholdCountWidth, false), new("threshold_step", levels == 0 ? 0 : VectorSpec.ThresholdStepWidth, false),
            .. Enumerable.Range(0, levels).Select(i => new VectorColumn($"threshold_{i}", spec.Accumulator.Width + 1, true)),
            new("term", spec.TermWidth, true),
        ];
        return new(Name, columns, RequantizerCases.Of(spec).Select(word => (long[])
        [
            word.Source, .. Fields(word.Record), word.Record.Thresholds.Length, word.Record.ThresholdStep,
            .. Enumerable.Range(0, levels).Select(i => i < word.Record.Thresholds.Length ? word.Record.Thresholds[i] : 0), word.Expected,
        ]));
    }

    private static long[] Fields(LaneRecord record) =>
    [
        record.Bias, record.Multiplier, record.Shift, record.ZeroPoint, record.Minimum, record.Maximum, record.SignOutput ? 1 : 0, record.DoubleRounding ? 1 : 0, record.SecondShift,
        record.PostMultiplier, record.PostShift, record.PostZeroPoint, record.PostMinimum, record.PostMaximum, record.PostHalfAway ? 1 : 0, record.PostDoubleRounding ? 1 : 0, record.PostSecondShift,
    ];
}
