// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>The wires out of a parameter line: the fields of each lane's record, least significant bit first (docs/architecture.md, section 5.1).</summary>
internal sealed class LaneFields
{
    private readonly int _recordWidth;
    private readonly int _fixedShift;
    private readonly Field _bias;
    private readonly Field _multiplier;
    private readonly Field _shift;
    private readonly Field _zeroPoint;
    private readonly Field _minimum;
    private readonly Field _maximum;
    private readonly Field _signOutput;
    private readonly Field _doubleRounding;
    private readonly Field _secondShift;
    private readonly Field _postMultiplier;
    private readonly Field _postShift;
    private readonly Field _postZeroPoint;
    private readonly Field _postMinimum;
    private readonly Field _postMaximum;
    private readonly Field _postHalfAway;
    private readonly Field _postDoubleRounding;
    private readonly Field _postSecondShift;
    private readonly Field _thresholdCount;
    private readonly Field _thresholdStep;
    private readonly Field _threshold;

    /// <summary>The places of a design's fields; those that it does not have are of width 0 and read as 0.</summary>
    public LaneFields(AcceleratorSpec spec)
    {
        int code = spec.Requantizer.ElementWidth + 1;
        int position = 0;
        _bias = Next(spec.Accumulator.Width);
        _multiplier = Next(spec.Requantizer.MultiplierWidth);
        _shift = Next(spec.Requantizer.FixedShift is null ? RequantizerSpec.ShiftWidth : 0);
        int term = spec.TermWidth;
        _zeroPoint = Next(term);
        _minimum = Next(term);
        _maximum = Next(term);
        _signOutput = Next(1);
        bool twice = spec.Requantizer.DoubleRounding;
        _doubleRounding = Next(twice ? 1 : 0);
        _secondShift = Next(twice ? RequantizerSpec.SecondShiftWidth : 0);
        bool hasPost = spec.Vector.Elementwise;
        _postMultiplier = Next(hasPost ? spec.Requantizer.MultiplierWidth : 0);
        _postShift = Next(hasPost ? RequantizerSpec.ShiftWidth : 0);
        _postZeroPoint = Next(hasPost ? code : 0);
        _postMinimum = Next(hasPost ? code : 0);
        _postMaximum = Next(hasPost ? code : 0);
        _postHalfAway = Next(hasPost ? 1 : 0);
        _postDoubleRounding = Next(hasPost && twice ? 1 : 0);
        _postSecondShift = Next(hasPost && twice ? RequantizerSpec.SecondShiftWidth : 0);
        bool hasThresholds = spec.Vector.ThresholdLevels > 0;
        _thresholdCount = Next(hasThresholds ? VectorSpec.ThresholdCountWidth : 0);
        _thresholdStep = Next(hasThresholds ? VectorSpec.ThresholdStepWidth : 0);
        _threshold = new(position, hasThresholds ? spec.Accumulator.Width + 1 : 0);
        _recordWidth = position + (spec.Vector.ThresholdLevels * _threshold.Width);
        _fixedShift = spec.Requantizer.FixedShift ?? 0;

        Field Next(int width)
        {
            var field = new Field(position, width);
            position += width;
            return field;
        }
    }

    public long Bias(ReadOnlySpan<byte> line, int lane) => Signed(line, lane, _bias);

    public long Multiplier(ReadOnlySpan<byte> line, int lane) => Unsigned(line, lane, _multiplier);

    public int Shift(ReadOnlySpan<byte> line, int lane) => _fixedShift + (int)Unsigned(line, lane, _shift);

    public OutputRange Range(ReadOnlySpan<byte> line, int lane) =>
        new((int)Signed(line, lane, _zeroPoint), (int)Signed(line, lane, _minimum), (int)Signed(line, lane, _maximum));

    public bool SignOutput(ReadOnlySpan<byte> line, int lane) => Unsigned(line, lane, _signOutput) != 0;

    public bool DoubleRounding(ReadOnlySpan<byte> line, int lane) => Unsigned(line, lane, _doubleRounding) != 0;

    public int SecondShift(ReadOnlySpan<byte> line, int lane) => (int)Unsigned(line, lane, _secondShift);

    public long PostMultiplier(ReadOnlySpan<byte> line, int lane) => Unsigned(line, lane, _postMultiplier);

    public int PostShift(ReadOnlySpan<byte> line, int lane) => (int)Unsigned(line, lane, _postShift);

    public OutputRange PostRange(ReadOnlySpan<byte> line, int lane) =>
        new((int)Signed(line, lane, _postZeroPoint), (int)Signed(line, lane, _postMinimum), (int)Signed(line, lane, _postMaximum));

    public bool PostHalfAway(ReadOnlySpan<byte> line, int lane) => Unsigned(line, lane, _postHalfAway) != 0;

    public bool PostDoubleRounding(ReadOnlySpan<byte> line, int lane) => Unsigned(line, lane, _postDoubleRounding) != 0;

    public int PostSecondShift(ReadOnlySpan<byte> line, int lane) => (int)Unsigned(line, lane, _postSecondShift);

    public int ThresholdCount(ReadOnlySpan<byte> line, int lane) => (int)Unsigned(line, lane, _thresholdCount);

    public int ThresholdStep(ReadOnlySpan<byte> line, int lane) => (int)Unsigned(line, lane, _thresholdStep);

    public long Threshold(ReadOnlySpan<byte> line, int lane, int index) =>
        Signed(line, lane, _threshold with { First = _threshold.First + (index * _threshold.Width) });

    private long Unsigned(ReadOnlySpan<byte> line, int lane, Field field) =>
        field.Width == 0 ? 0 : BitSlice.Unsigned(line, (lane * _recordWidth) + field.First, field.Width);

    private long Signed(ReadOnlySpan<byte> line, int lane, Field field) =>
        field.Width == 0 ? 0 : BitSlice.Signed(line, (lane * _recordWidth) + field.First, field.Width);

    private readonly record struct Field(int First, int Width);
}
