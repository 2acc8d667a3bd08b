// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>
/// What one lane of the vector unit is told for one output channel, field by field as the parameter buffer holds it (docs/architecture.md, section 5.1). Fields
/// that a design does not have are 0. With a fixed shift <see cref="Shift"/> is that shift, and the multiplier makes up for it.
/// </summary>
/// <param name="Bias">Added to the source.</param>
/// <param name="Multiplier">Unsigned multiplier.</param>
/// <param name="Shift">Right shift.</param>
/// <param name="ZeroPoint">Added after rounding.</param>
/// <param name="Minimum">Least result of the first requantiser; with thresholds, the code where none is reached.</param>
/// <param name="Maximum">Greatest result of the first requantiser.</param>
/// <param name="SignOutput">The result is +1 where source + bias is at least 0, else -1.</param>
public sealed partial record LaneRecord(long Bias, long Multiplier, int Shift, int ZeroPoint, int Minimum, int Maximum, bool SignOutput)
{
    /// <summary>All fields 0: a channel that does not exist.</summary>
    public static LaneRecord Zero { get; } = new(0, 0, 0, 0, 0, 0, false);

    /// <summary>Whether it rounds twice, half up at <see cref="Shift"/> and half away from zero at <see cref="SecondShift"/>, whatever the design's rounding.</summary>
    public bool DoubleRounding { get; init; }

    /// <summary>Right shift of the second of two roundings.</summary>
    public int SecondShift { get; init; }

    /// <summary>Unsigned multiplier of the second requantiser.</summary>
    public long PostMultiplier { get; init; }

    /// <summary>Right shift of the second requantiser; never fixed.</summary>
    public int PostShift { get; init; }

    /// <summary>Added after the second rounding.</summary>
    public int PostZeroPoint { get; init; }

    /// <summary>Least code of the second requantiser.</summary>
    public int PostMinimum { get; init; }

    /// <summary>Greatest code of the second requantiser.</summary>
    public int PostMaximum { get; init; }

    /// <summary>Whether the second requantiser rounds half away from zero, whatever the design's rounding.</summary>
    public bool PostHalfAway { get; init; }

    /// <summary>Whether the second requantiser rounds twice.</summary>
    public bool PostDoubleRounding { get; init; }

    /// <summary>Right shift of the second of its two roundings.</summary>
    public int PostSecondShift { get; init; }

    /// <summary>Code step of a reached threshold.</summary>
    public int ThresholdStep { get; init; }

    /// <summary>Ascending thresholds in use; none: the record requantises.</summary>
    public ImmutableArray<long> Thresholds { get; init; } = [];

    /// <summary>Appends the record to a parameter line: <see cref="AcceleratorSpec.ParameterRecordWidth"/> bits in the order of section 5.1.</summary>
    /// <exception cref="ArgumentException">A field does not fit the design (<see cref="Misfits"/>).</exception>
    internal void Write(BitWriter line, AcceleratorSpec spec)
    {
        if (Misfits(spec).FirstOrDefault() is { } misfit)
        {
            throw new ArgumentException($"lane record: {misfit.Path}: {misfit.Message}");
        }

        int code = spec.Requantizer.ElementWidth + 1;
        line.Write(Bias, spec.Accumulator.Width);
        line.Write(Multiplier, spec.Requantizer.MultiplierWidth);
        line.Write(Shift, spec.ShiftFieldWidth);
        line.Write(ZeroPoint, spec.TermWidth);
        line.Write(Minimum, spec.TermWidth);
        line.Write(Maximum, spec.TermWidth);
        line.Write(SignOutput ? 1 : 0, 1);
        WriteDouble(DoubleRounding, SecondShift);
        if (spec.Vector.Elementwise)
        {
            line.Write(PostMultiplier, spec.Requantizer.MultiplierWidth);
            line.Write(PostShift, RequantizerSpec.ShiftWidth);
            line.Write(PostZeroPoint, code);
            line.Write(PostMinimum, code);
            line.Write(PostMaximum, code);
            line.Write(PostHalfAway ? 1 : 0, 1);
            WriteDouble(PostDoubleRounding, PostSecondShift);
        }

        if (spec.Vector.ThresholdLevels > 0)
        {
            line.Write(Thresholds.Length, VectorSpec.ThresholdCountWidth);
            line.Write(ThresholdStep, VectorSpec.ThresholdStepWidth);
            for (int i = 0; i < spec.Vector.ThresholdLevels; i++)
            {
                line.Write(i < Thresholds.Length ? Thresholds[i] : 0, spec.Accumulator.Width + 1);
            }
        }

        void WriteDouble(bool twice, int secondShift)
        {
            if (spec.Requantizer.DoubleRounding)
            {
                line.Write(twice ? 1 : 0, 1);
                line.Write(secondShift, RequantizerSpec.SecondShiftWidth);
            }
        }
    }

    /// <summary>Value equality over all members.</summary>
    public bool Equals(LaneRecord? other) =>
        other is not null && Bias == other.Bias && Multiplier == other.Multiplier && Shift == other.Shift
        && ZeroPoint == other.ZeroPoint && Minimum == other.Minimum && Maximum == other.Maximum && SignOutput == other.SignOutput
        && DoubleRounding == other.DoubleRounding && SecondShift == other.SecondShift && PostDoubleRounding == other.PostDoubleRounding && PostSecondShift == other.PostSecondShift
        && PostMultiplier == other.PostMultiplier && PostShift == other.PostShift && PostZeroPoint == other.PostZeroPoint
        && PostMinimum == other.PostMinimum && PostMaximum == other.PostMaximum && PostHalfAway == other.PostHalfAway
        && ThresholdStep == other.ThresholdStep && Thresholds.AsSpan().SequenceEqual(other.Thresholds.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Bias, Multiplier, Shift, ZeroPoint, Minimum, Maximum, PostMultiplier, Thresholds.Length);
}
