// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;
using RtlExport.Parameters;

namespace RtlExport.Vectors;

/// <summary>The file <c>vectors/requantizer.memh</c> of the requantiser's bench: source word, lane record and expected term of each word, lowest first.</summary>
public static class RequantizerFile
{
    /// <summary>The file's text.</summary>
    public static string Write(BundleStamp stamp, AcceleratorSpec spec)
    {
        int source = RtlParameters.SourceWidth(spec);
        int bits = source + spec.ParameterRecordWidth + spec.TermWidth;
        return MemhFile.Write(stamp, bits, [.. RequantizerCases.Of(spec).Select(word => new WordBuilder(bits)
            .Add(word.Source, source)
            .Add(word.Record, spec)
            .Add(word.Expected, spec.TermWidth)
            .ToParts())]);
    }

    /// <summary>Appends a lane record in the order of docs/architecture.md, section 5.1.</summary>
    internal static WordBuilder Add(this WordBuilder word, LaneRecord record, AcceleratorSpec spec)
    {
        word.Add(record.Bias, spec.Accumulator.Width)
            .Add(record.Multiplier, spec.Requantizer.MultiplierWidth)
            .Add(record.Shift, spec.ShiftFieldWidth)
            .Add(record.ZeroPoint, spec.TermWidth)
            .Add(record.Minimum, spec.TermWidth)
            .Add(record.Maximum, spec.TermWidth)
            .Add(record.SignOutput ? 1 : 0, 1)
            .AddDouble(record.DoubleRounding, record.SecondShift, spec);
        if (spec.Vector.Elementwise)
        {
            word.AddPost(record, spec);
        }

        if (spec.Vector.ThresholdLevels > 0)
        {
            word.Add(record.Thresholds.Length, VectorSpec.ThresholdCountWidth).Add(record.ThresholdStep, VectorSpec.ThresholdStepWidth);
            for (int i = 0; i < spec.Vector.ThresholdLevels; i++)
            {
                word.Add(i < record.Thresholds.Length ? record.Thresholds[i] : 0, spec.Accumulator.Width + 1);
            }
        }

        return word;
    }

    /// <summary>Appends the fields of a record's second requantiser.</summary>
    internal static WordBuilder AddPost(this WordBuilder word, LaneRecord record, AcceleratorSpec spec)
    {
        int code = spec.Requantizer.ElementWidth + 1;
        return word
            .Add(record.PostMultiplier, spec.Requantizer.MultiplierWidth)
            .Add(record.PostShift, RequantizerSpec.ShiftWidth)
            .Add(record.PostZeroPoint, code)
            .Add(record.PostMinimum, code)
            .Add(record.PostMaximum, code)
            .Add(record.PostHalfAway ? 1 : 0, 1)
            .AddDouble(record.PostDoubleRounding, record.PostSecondShift, spec);
    }

    private static WordBuilder AddDouble(this WordBuilder word, bool twice, int secondShift, AcceleratorSpec spec) =>
        spec.Requantizer.DoubleRounding ? word.Add(twice ? 1 : 0, 1).Add(secondShift, RequantizerSpec.SecondShiftWidth) : word;
}
