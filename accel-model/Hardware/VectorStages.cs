// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>A stage of the vector unit: what it makes of the word in the register before it, it sends on.</summary>
internal abstract class VectorStage(WordRegister input, IWordSink output, int lanes) : IStage
{
    private readonly long[] _results = new long[lanes];

    /// <inheritdoc/>
    public void Evaluate()
    {
        WordTag tag = input.Tag;
        if (!tag.IsValid)
        {
            return;
        }
        for (int lane = 0; lane < _results.Length; lane++)
        {
            _results[lane] = Lane(tag, input.Line, lane, input.Values[lane]);
        }
        if (Sends(tag))
        {
            output.Take(tag, _results, input.Line);
        }
    }

    /// <summary>What becomes of the value of one lane.</summary>
    protected abstract long Lane(in WordTag tag, ReadOnlySpan<byte> line, int lane, long value);

    /// <summary>Whether the word goes on.</summary>
    protected virtual bool Sends(in WordTag tag) => true;
}

/// <summary>Product with the multiplier; or, of a lane with thresholds or a sign, the code at once.</summary>
internal sealed class MultiplyStage(WordRegister input, IWordSink output, int lanes, LaneFields fields) : VectorStage(input, output, lanes)
{
    /// <inheritdoc/>
    protected override long Lane(in WordTag tag, ReadOnlySpan<byte> line, int lane, long value)
    {
        if (fields.ThresholdCount(line, lane) is > 0 and int count)
        {
            return fields.Range(line, lane).Minimum + ((long)fields.ThresholdStep(line, lane) * Reached(line, lane, count, value));
        }

        // At most 64 bits: a rule of the specification.
        return fields.SignOutput(line, lane) ? (value >= 0 ? 1 : -1) : value * fields.Multiplier(line, lane);
    }

    private int Reached(ReadOnlySpan<byte> line, int lane, int count, long value)
    {
        int reached = 0;
        for (int i = 0; i < count; i++)
        {
            reached += value >= fields.Threshold(line, lane, i) ? 1 : 0;
        }
        return reached;
    }
}

/// <summary>Rounds, once or twice, adds the zero point and clamps. Each lane has a random word, which every word that passes uses up; a frame's first word finds the seed.</summary>
internal sealed class RoundStage(WordRegister input, IWordSink output, int lanes, LaneFields fields, RoundingMode rounding) : VectorStage(input, output, lanes)
{
    private readonly uint[] _random = new uint[lanes];

    /// <inheritdoc/>
    protected override long Lane(in WordTag tag, ReadOnlySpan<byte> line, int lane, long value)
    {
        uint random = tag.BeginsFrame ? Lfsr.LaneSeed(lane) : _random[lane];
        _random[lane] = Lfsr.Advance(random);
        return fields.SignOutput(line, lane) || fields.ThresholdCount(line, lane) > 0
            ? value
            : fields.Range(line, lane).Clamp(
                fields.DoubleRounding(line, lane)
                    ? Rounding.ShiftRightTwice(value, fields.Shift(line, lane), fields.SecondShift(line, lane))
                    : Rounding.ShiftRight(rounding, value, fields.Shift(line, lane), random));
    }
}

/// <summary>Maximum, sum or product of a window, 32 bits; goes on with the window's last word.</summary>
internal sealed class CombineStage(WordRegister input, IWordSink output, int lanes) : VectorStage(input, output, lanes)
{
    private readonly long[] _combined = new long[lanes];

    /// <inheritdoc/>
    protected override long Lane(in WordTag tag, ReadOnlySpan<byte> line, int lane, long value) =>
        _combined[lane] = tag.BeginsWindow ? value : Combine(tag.Combine, _combined[lane], value);

    /// <inheritdoc/>
    protected override bool Sends(in WordTag tag) => tag.EndsWindow;

    private static long Combine(VectorCombine combine, long window, long value) => combine switch
    {
        VectorCombine.Maximum => Math.Max(window, value),
        VectorCombine.Sum => TwosComplement.Wrap(window + value, VectorSpec.CombinedWidth),
        _ => TwosComplement.Wrap(window * value, VectorSpec.CombinedWidth),
    };
}

/// <summary>Product with the second multiplier, where the instruction asks for it.</summary>
internal sealed class PostMultiplyStage(WordRegister input, IWordSink output, int lanes, LaneFields fields) : VectorStage(input, output, lanes)
{
    /// <inheritdoc/>
    protected override long Lane(in WordTag tag, ReadOnlySpan<byte> line, int lane, long value) => tag.Post ? value * fields.PostMultiplier(line, lane) : value;
}

/// <summary>Rounds without random words, adds the second zero point and clamps, where the instruction asks for it.</summary>
internal sealed class PostRoundStage(WordRegister input, IWordSink output, int lanes, LaneFields fields, RoundingMode rounding) : VectorStage(input, output, lanes)
{
    private readonly RoundingMode _rounding = rounding == RoundingMode.Stochastic ? RoundingMode.HalfUp : rounding;

    /// <inheritdoc/>
    protected override long Lane(in WordTag tag, ReadOnlySpan<byte> line, int lane, long value) => tag.Post
        ? fields.PostRange(line, lane).Clamp(
            fields.PostDoubleRounding(line, lane)
                ? Rounding.ShiftRightTwice(value, fields.PostShift(line, lane), fields.PostSecondShift(line, lane))
                : Rounding.ShiftRight(fields.PostHalfAway(line, lane) ? RoundingMode.HalfAway : _rounding, value, fields.PostShift(line, lane)))
        : value;
}
