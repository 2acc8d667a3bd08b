// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace AccelModel.Scheduling;

/// <summary>Records of what the layers of a network ask of the vector unit. A record that the design cannot hold is made all the same: <see cref="Misfits"/> says so.</summary>
public sealed partial record LaneRecord
{
    /// <summary>
    /// The first requantiser for one output channel. Thresholds beyond what accumulator + bias can reach are brought to its limits, which changes nothing (unless operands are
    /// wider). Without threshold fields the one threshold T of a sign becomes the bias <c>bias - T</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The vector unit has no such requantisation.</exception>
    public static LaneRecord Of(Requantization requantization, int channel, AcceleratorSpec spec)
    {
        long bias = PerChannel(requantization.Bias, channel);
        LaneRecord range = new(bias, 0, 0, requantization.ZeroPoint, requantization.Minimum, requantization.Maximum, false);
        return requantization.Kind switch
        {
            RequantizationKind.Shift => range.WithScale(1, PerChannel(requantization.Shift, channel), spec),
            RequantizationKind.MultiplierShift => range.WithScale(PerChannel(requantization.Multiplier, channel), PerChannel(requantization.Shift, channel), spec),
            RequantizationKind.DoubleRounding => range.WithScale(ScaleOf(requantization, channel), leftShift: 0, spec),
            RequantizationKind.Thresholds when spec.Vector.ThresholdLevels > 0 => (range with
            {
                ThresholdStep = requantization.ThresholdStep,
                Thresholds = [.. requantization.ThresholdsOf(channel).ToArray().Select(Reachable)],
            }).WithScale(0, 0, spec),
            RequantizationKind.Thresholds when requantization.IsSign =>
                (range with { Bias = bias - requantization.ThresholdsOf(channel)[0], SignOutput = true }).WithScale(0, 0, spec),
            RequantizationKind.Thresholds =>
                throw new ArgumentException($"the vector unit has no thresholds but a sign, found {requantization.ThresholdsPerChannel} in steps of {requantization.ThresholdStep}"),
            _ => throw new ArgumentException($"the vector unit has no requantisation {EnumNames.Of(requantization.Kind)}"),
        };

        long Reachable(long threshold) => spec.Vector.Elementwise && spec.Accumulator.Width <= spec.Requantizer.ElementWidth
            ? threshold
            : Math.Clamp(threshold, TwosComplement.Min(spec.Accumulator.Width + 1), TwosComplement.Max(spec.Accumulator.Width + 1));
    }

    /// <summary>The code as it is, for copies and for windows of codes.</summary>
    public static LaneRecord Identity(AcceleratorSpec spec) => Term(0, 1, 0, spec);

    /// <summary>
    /// Average of <paramref name="count"/> codes, each of at most <paramref name="maxMagnitude"/>: the sum of identity terms, times <c>ceil(2^s / n) / 2^s</c> with the least s for which
    /// <c>2^s &gt; 2 * n * max|sum|</c>, half away from zero (<see cref="MultiplierShift.ForAverage"/>). Factors of two that multiplier and <c>2^s</c> have in common are taken off both.
    /// </summary>
    /// <param name="count">Codes of the window that count.</param>
    /// <param name="maxMagnitude">Greatest magnitude of a code.</param>
    /// <param name="output">Least and greatest code of the result.</param>
    /// <param name="spec">The design.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1, or the multiplier would need more than 32 bits.</exception>
    public static LaneRecord Average(int count, long maxMagnitude, (int Minimum, int Maximum) output, AcceleratorSpec spec)
    {
        var scale = MultiplierShift.ForAverage(count, count * maxMagnitude);
        int common = Math.Min(BitOperations.TrailingZeroCount(scale.Multiplier), scale.Shift);
        return Identity(spec) with
        {
            PostMultiplier = scale.Multiplier >> common,
            PostShift = scale.Shift - common,
            PostMinimum = output.Minimum,
            PostMaximum = output.Maximum,
            PostHalfAway = true,
        };
    }

    /// <summary>
    /// Term of one input of an addition: <c>first((code + first.bias) * 2^left_shift)</c>, the left shift taken off the right shift and the rest of it put into the multiplier;
    /// the second requantiser is the layer's own. Its bias is added to the first input's term: to its zero point, minimum and maximum.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">0 or 1.</param>
    /// <param name="channel">Output channel.</param>
    /// <param name="spec">The design.</param>
    /// <exception cref="ArgumentException">The vector unit has no such requantisation, or rounds in another way.</exception>
    public static LaneRecord Add(AddLayer layer, int input, int channel, AcceleratorSpec spec)
    {
        Requantization term = input == 0 ? layer.First : layer.Second;
        long bias = input == 0 ? PerChannel(layer.Requantization.Bias, channel) : 0;
        return new LaneRecord(
            PerChannel(term.Bias, channel), 0, 0, checked((int)(term.ZeroPoint + bias)), Bound(term.Minimum + bias), Bound(term.Maximum + bias), false)
            .WithScale(ScaleOf(term, channel), layer.LeftShift, spec)
            .WithPost(layer.Requantization, channel, spec);
    }

    /// <summary>A bound that leaves 32 bits bounds nothing: terms that would leave them are refused (<see cref="HardwareFit"/>).</summary>
    private static int Bound(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    /// <summary>Factor of one input of a product: code + offset, with the layer's own requantisation as the second one.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">0 or 1.</param>
    /// <param name="channel">Output channel.</param>
    /// <param name="spec">The design.</param>
    /// <exception cref="ArgumentException">The vector unit has no such requantisation, or rounds in another way; or the requantisation has a bias, for which a product has no place.</exception>
    public static LaneRecord Multiply(MultiplyLayer layer, int input, int channel, AcceleratorSpec spec) =>
        PerChannel(layer.Requantization.Bias, channel) == 0
            ? Term(input == 0 ? layer.FirstOffset : layer.SecondOffset, 1, 0, spec).WithPost(layer.Requantization, channel, spec)
            : throw new ArgumentException($"the vector unit adds no bias to a product, found {PerChannel(layer.Requantization.Bias, channel)}");

    /// <summary>Whether the second requantiser can round in a mode: half away from zero always, and the design's mode (half up where that is stochastic).</summary>
    public static bool HasPostRounding(RoundingMode mode, AcceleratorSpec spec) =>
        mode == RoundingMode.HalfAway
        || mode == (spec.Requantizer.Rounding == RoundingMode.Stochastic ? RoundingMode.HalfUp : spec.Requantizer.Rounding);

    /// <summary>A term with the whole range of terms.</summary>
    private static LaneRecord Term(long bias, long multiplier, int shift, AcceleratorSpec spec) =>
        new LaneRecord(bias, 0, 0, 0, (int)TwosComplement.Min(spec.TermWidth), (int)TwosComplement.Max(spec.TermWidth), false).WithScale(multiplier, shift, spec);

    private LaneRecord WithPost(Requantization post, int channel, AcceleratorSpec spec)
    {
        Scale scale = ScaleOf(post, channel);
        return scale.Shift == 0 || scale.Twice || HasPostRounding(post.Rounding, spec)
            ? this with
            {
                PostMultiplier = scale.Multiplier,
                PostShift = scale.Shift,
                PostDoubleRounding = scale.Twice,
                PostSecondShift = scale.SecondShift,
                PostZeroPoint = post.ZeroPoint,
                PostMinimum = post.Minimum,
                PostMaximum = post.Maximum,
                PostHalfAway = !scale.Twice && post.Rounding == RoundingMode.HalfAway,
            }
            : throw new ArgumentException($"the second requantiser does not round {EnumNames.Of(post.Rounding)} where requantizer.rounding is {EnumNames.Of(spec.Requantizer.Rounding)}");
    }

    private LaneRecord WithScale(Scale scale, int leftShift, AcceleratorSpec spec) =>
        (this with { DoubleRounding = scale.Twice, SecondShift = scale.SecondShift }).WithScale(scale.Multiplier, scale.Shift - leftShift, spec);

    private static Scale ScaleOf(Requantization requantization, int channel)
    {
        switch (requantization.Kind)
        {
            case RequantizationKind.Shift:
                return new(1, PerChannel(requantization.Shift, channel), false, 0);
            case RequantizationKind.MultiplierShift:
                return new(PerChannel(requantization.Multiplier, channel), PerChannel(requantization.Shift, channel), false, 0);
            case RequantizationKind.DoubleRounding:
                QuantizedMultiplier scale = new((int)PerChannel(requantization.Multiplier, channel), PerChannel(requantization.Shift, channel));
                return new(scale.Multiplier, scale.FirstShift, true, scale.SecondShift);
            default:
                throw new ArgumentException($"terms and combined values are scaled, found {EnumNames.Of(requantization.Kind)}, allowed shift, multiplier_shift, double_rounding");
        }
    }

    /// <summary>A multiplier, its right shift, and that of a second rounding where there are two.</summary>
    private readonly record struct Scale(long Multiplier, int Shift, bool Twice, int SecondShift);

    private static T PerChannel<T>(ImmutableArray<T> values, int channel) => values.Length == 1 ? values[0] : values[channel];
}
