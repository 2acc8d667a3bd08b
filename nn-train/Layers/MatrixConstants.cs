// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using NnTrain.Lowering;

namespace NnTrain.Layers;

/// <summary>
/// The scales of a trained matrix layer: <c>y = Gains[o] (AccumulatorSteps[o] * sum(codes) + Offsets[o])</c> for output channel o.
/// </summary>
public sealed record MatrixConstants
{
    /// <summary>Value of one unit of the accumulator, <c>s_x s_w</c>.</summary>
    public required ImmutableArray<double> AccumulatorSteps { get; init; }

    /// <summary>The layer, for messages.</summary>
    public required string Layer { get; init; }

    /// <summary>Gain of the batch norm, 1 without.</summary>
    public required ImmutableArray<double> Gains { get; init; }

    /// <summary>Added before the gain: bias, or offset of the batch norm.</summary>
    public required ImmutableArray<double> Offsets { get; init; }

    /// <summary>Value of one code of the output.</summary>
    public required double OutputStep { get; init; }

    /// <summary>From the beginning of one code of the output to that of the next; the value of a code, but where an interval is trained.</summary>
    public required double OutputWidth { get; init; }

    /// <summary>Rounding of the bias; the recipe's for weights.</summary>
    public required RoundingMode Rounding { get; init; }

    /// <summary>Biases end at this magnitude, in units of the accumulator; null where they have no end.</summary>
    public double? LargestBiasAllowed { get; init; }

    /// <summary>The offset in units of the accumulator: <c>round(Offsets[o] / AccumulatorSteps[o])</c>, clipped to <see cref="LargestBiasAllowed"/>.</summary>
    /// <exception cref="LoweringException">The quotient is beyond 2^52, as after a training that went astray.</exception>
    public long Bias(int channel)
    {
        const double exact = 1L << 52;
        double quotient = Offsets[channel] / AccumulatorSteps[channel];
        if (LargestBiasAllowed is double most)
        {
            quotient = Math.Clamp(quotient, -most, most);
        }

        return Math.Abs(quotient) < exact
            ? (long)RoundToInteger(quotient, Rounding)
            : throw new LoweringException(Layer, $"the bias of channel {channel} is beyond 2^52 units of the accumulator");
    }

    /// <summary>Offsets as the accumulator can hold them: <c>Bias(o) * AccumulatorSteps[o]</c>.</summary>
    public double[] RoundedOffsets() => [.. AccumulatorSteps.Select((step, channel) => Bias(channel) * step)];

    /// <summary>The largest magnitude of a bias.</summary>
    public double LargestBias => Enumerable.Range(0, Offsets.Length).Max(channel => Math.Abs((double)Bias(channel)));

    private static double RoundToInteger(double x, RoundingMode mode) => mode switch
    {
        RoundingMode.Floor => Math.Floor(x),
        RoundingMode.HalfUp => Math.Floor(x) + (x - Math.Floor(x) >= 0.5 ? 1 : 0),
        RoundingMode.HalfAway => Math.Round(x, MidpointRounding.AwayFromZero),
        RoundingMode.HalfEven => Math.Round(x, MidpointRounding.ToEven),
        RoundingMode.TowardZero => Math.Truncate(x),
        _ => throw new InvalidOperationException($"{mode} is not a rounding of the forward pass"),
    };
}
