// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>The fields of a parameter line: for each lane, least significant bit first, bias, multiplier, shift, zero point, minimum, maximum and sign flag.</summary>
internal sealed class LaneFields(AcceleratorSpec spec)
{
    private readonly int _width = spec.ParameterRecordWidth;
    private readonly int _biasWidth = spec.Accumulator.Width;
    private readonly int _multiplierWidth = spec.Requantizer.MultiplierWidth;
    private readonly int _codeWidth = spec.Requantizer.ElementWidth + 1;

    private int MultiplierAt => _biasWidth;

    private int ShiftAt => MultiplierAt + _multiplierWidth;

    private int RangeAt => ShiftAt + RequantizerSpec.ShiftWidth;

    public long Bias(ReadOnlySpan<byte> line, int lane) => BitSlice.Signed(line, lane * _width, _biasWidth);

    public long Multiplier(ReadOnlySpan<byte> line, int lane) => BitSlice.Unsigned(line, (lane * _width) + MultiplierAt, _multiplierWidth);

    public int Shift(ReadOnlySpan<byte> line, int lane) => (int)BitSlice.Unsigned(line, (lane * _width) + ShiftAt, RequantizerSpec.ShiftWidth);

    public OutputRange Range(ReadOnlySpan<byte> line, int lane) => new(Code(line, lane, 0), Code(line, lane, 1), Code(line, lane, 2));

    public bool SignOutput(ReadOnlySpan<byte> line, int lane) => BitSlice.Unsigned(line, (lane * _width) + RangeAt + (3 * _codeWidth), 1) != 0;

    private int Code(ReadOnlySpan<byte> line, int lane, int field) =>
        (int)BitSlice.Signed(line, (lane * _width) + RangeAt + (field * _codeWidth), _codeWidth);
}
