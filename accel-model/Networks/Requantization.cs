// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;

namespace AccelModel.Networks;

/// <summary>How an accumulator becomes an output code; <c>t = acc + bias</c>.</summary>
public enum RequantizationKind
{
    /// <summary><c>clamp(round(t / 2^shift) + zero_point)</c>.</summary>
    Shift,

    /// <summary><c>clamp(round(t * multiplier / 2^shift) + zero_point)</c>.</summary>
    MultiplierShift,

    /// <summary>TFLite's and CMSIS-NN's two roundings, see <see cref="Requantizer.ByDoubleRounding"/>; the layer's rounding is not used.</summary>
    DoubleRounding,

    /// <summary><c>minimum + threshold_step * (number of thresholds that t reaches)</c>; no rounding, no zero point.</summary>
    Thresholds,
}

/// <summary>Parameters of one layer's requantisation; arrays hold one entry, or one per output channel.</summary>
public sealed record Requantization
{
    /// <summary>The formula.</summary>
    public required RequantizationKind Kind { get; init; }

    /// <summary>Added to the accumulator: one per output channel (conv2d, dense), one for all (the terms of a sum), or either (all others).</summary>
    public required ImmutableArray<long> Bias { get; init; }

    /// <summary>Unsigned multipliers of at most 32 bits (31 with <see cref="RequantizationKind.DoubleRounding"/>); empty for shift and thresholds.</summary>
    public ImmutableArray<long> Multiplier { get; init; } = [];

    /// <summary>Right shifts, 0..63 (for double rounding -31..14, and positive is left, as there); empty for thresholds.</summary>
    public ImmutableArray<int> Shift { get; init; } = [];

    /// <summary>Rounding of the shift.</summary>
    public required RoundingMode Rounding { get; init; }

    /// <summary>Added after rounding.</summary>
    public int ZeroPoint { get; init; }

    /// <summary>Least output code.</summary>
    public required int Minimum { get; init; }

    /// <summary>Greatest output code.</summary>
    public required int Maximum { get; init; }

    /// <summary>Ascending thresholds, channel by channel, <see cref="ThresholdsPerChannel"/> each; or one channel's for all.</summary>
    public ImmutableArray<long> Thresholds { get; init; } = [];

    /// <summary>Thresholds of one channel; 0 unless the kind is thresholds.</summary>
    public int ThresholdsPerChannel { get; init; }

    /// <summary>Code step of a reached threshold (2 for the bipolar grid), starting from <see cref="Minimum"/>.</summary>
    public int ThresholdStep { get; init; } = 1;

    /// <summary>Whether a random word decides the result.</summary>
    public bool IsStochastic =>
        Rounding == RoundingMode.Stochastic && Kind is RequantizationKind.Shift or RequantizationKind.MultiplierShift;

    /// <summary>Whether it is the one-threshold form of the bipolar grid: <c>t &gt;= threshold ? +1 : -1</c>.</summary>
    public bool IsSign => Kind == RequantizationKind.Thresholds && ThresholdsPerChannel == 1 && ThresholdStep == 2 && Minimum == -1;

    /// <summary>The output code of one accumulator of one output channel: <see cref="ApplyTo"/> of <c>accumulator + bias</c>.</summary>
    /// <param name="accumulator">The accumulator, at most 48 bits.</param>
    /// <param name="channel">Its output channel.</param>
    /// <param name="random">The lane's random word; read only where <see cref="IsStochastic"/>.</param>
    /// <exception cref="InvalidOperationException">Kind or rounding is none of its enumeration.</exception>
    public int Apply(long accumulator, int channel, uint random = 0) => ApplyTo(accumulator + Of(Bias, channel), channel, random);

    /// <summary>The output code of <c>t</c>, in which the bias is already.</summary>
    /// <param name="t">At most 49 bits.</param>
    /// <param name="channel">Its output channel.</param>
    /// <param name="random">The lane's random word; read only where <see cref="IsStochastic"/>.</param>
    /// <exception cref="InvalidOperationException">Kind or rounding is none of its enumeration.</exception>
    public int ApplyTo(long t, int channel, uint random = 0)
    {
        OutputRange range = new(ZeroPoint, Minimum, Maximum);
        return Kind switch
        {
            RequantizationKind.Shift => ApplyScale(t, new MultiplierShift(1, Of(Shift, channel)), range, random),
            RequantizationKind.MultiplierShift => ApplyScale(t, new MultiplierShift((uint)Of(Multiplier, channel), Of(Shift, channel)), range, random),
            RequantizationKind.DoubleRounding =>
                Requantizer.ByDoubleRounding(t, 0, new QuantizedMultiplier((int)Of(Multiplier, channel), Of(Shift, channel)), range),
            RequantizationKind.Thresholds => Requantizer.ByThresholds(t, 0, ThresholdsOf(channel), Minimum, ThresholdStep),
            _ => throw new InvalidOperationException($"{Kind} is not a kind of requantization"),
        };
    }

    /// <summary>The thresholds of one output channel.</summary>
    public ReadOnlySpan<long> ThresholdsOf(int channel) =>
        Thresholds.AsSpan().Slice(Thresholds.Length == ThresholdsPerChannel ? 0 : channel * ThresholdsPerChannel, ThresholdsPerChannel);

    /// <summary>Value equality over all members.</summary>
    public bool Equals(Requantization? other) =>
        other is not null && Kind == other.Kind && Rounding == other.Rounding && ZeroPoint == other.ZeroPoint
        && Minimum == other.Minimum && Maximum == other.Maximum
        && ThresholdsPerChannel == other.ThresholdsPerChannel && ThresholdStep == other.ThresholdStep
        && Bias.AsSpan().SequenceEqual(other.Bias.AsSpan()) && Multiplier.AsSpan().SequenceEqual(other.Multiplier.AsSpan())
        && Shift.AsSpan().SequenceEqual(other.Shift.AsSpan()) && Thresholds.AsSpan().SequenceEqual(other.Thresholds.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Rounding, ZeroPoint, Minimum, Maximum, Bias.Length, Thresholds.Length);

    private static T Of<T>(ImmutableArray<T> perTensorOrChannel, int channel) =>
        perTensorOrChannel.Length == 1 ? perTensorOrChannel[0] : perTensorOrChannel[channel];

    private int ApplyScale(long t, MultiplierShift scale, OutputRange range, uint random) => Rounding switch
    {
        RoundingMode.Floor => Requantizer.ByMultiplierShift<RoundFloor>(t, 0, scale, range),
        RoundingMode.HalfUp => Requantizer.ByMultiplierShift<RoundHalfUp>(t, 0, scale, range),
        RoundingMode.HalfAway => Requantizer.ByMultiplierShift<RoundHalfAway>(t, 0, scale, range),
        RoundingMode.HalfEven => Requantizer.ByMultiplierShift<RoundHalfEven>(t, 0, scale, range),
        RoundingMode.TowardZero => Requantizer.ByMultiplierShift<RoundTowardZero>(t, 0, scale, range),
        RoundingMode.Stochastic => Requantizer.ByMultiplierShift<RoundStochastic>(t, 0, scale, range, random),
        _ => throw new InvalidOperationException($"{Rounding} is not a rounding mode"),
    };
}
