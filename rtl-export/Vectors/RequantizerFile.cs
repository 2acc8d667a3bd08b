// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using RtlExport.Parameters;

namespace RtlExport.Vectors;

/// <summary>The file <c>vectors/requantizer.memh</c> of the requantiser's bench: accumulator, lane record and expected code of each word, lowest first.</summary>
public static class RequantizerFile
{
    /// <summary>The file's text.</summary>
    public static string Write(BundleStamp stamp, AcceleratorSpec spec)
    {
        int code = spec.Requantizer.ElementWidth + 1;
        int bits = spec.Accumulator.Width + spec.ParameterRecordWidth + code;
        return MemhFile.Write(stamp, bits, [.. RequantizerCases.Of(spec).Select(word => new WordBuilder(bits)
            .Add(word.Accumulator, spec.Accumulator.Width)
            .Add(word.Record.Bias, spec.Accumulator.Width)
            .Add(word.Record.Multiplier, spec.Requantizer.MultiplierWidth)
            .Add(word.Record.Shift, RequantizerSpec.ShiftWidth)
            .Add(word.Record.ZeroPoint, code)
            .Add(word.Record.Minimum, code)
            .Add(word.Record.Maximum, code)
            .Add(word.Record.SignOutput ? 1 : 0, 1)
            .Add(word.Expected, code)
            .ToParts())]);
    }
}
