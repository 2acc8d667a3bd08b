// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using NnTrain.Layers;
using NnTrain.Quantizers;

namespace NnTrain.Lowering;

/// <summary>
/// From scales to the requantiser. With a the step of the accumulator, g the gain, f the offset and s the step of the output, the trained
/// layer is <c>y = Q(g (a acc + f))</c> and the hardware's
/// <code>
/// scales      code = clamp(round((acc + round(f / a)) * a |g| / s)), acc negated where g &lt; 0, and so is f
/// thresholds  code = first + step * (number of k with acc &gt;= ceil((t_k s / |g| - f) / a)), acc negated where g &lt; 0, and so is f; floor + 1 where t_k itself is below
/// </code>
/// A scale that is <c>2^-k</c> is a shift; others become multiplier and shift.
/// </summary>
internal static class RequantizationLowering
{
    private static readonly double Widest = TwosComplement.Max(AccumulatorFormat.MaxWidth);

    public static Requantization Lower(string layer, MatrixConstants constants, IGrid output, RequantizerSpec hardware) =>
        output.Ladder.IsEmpty ? Scales(layer, constants, output, hardware) : Thresholds(constants, output, hardware);

    private static Requantization Thresholds(MatrixConstants constants, IGrid output, RequantizerSpec hardware) => new()
    {
        Kind = RequantizationKind.Thresholds,
        Bias = [.. constants.Gains.Select(_ => 0L)],
        Rounding = hardware.Rounding,
        Minimum = output.HasTable ? 0 : output.Lowest,
        Maximum = output.HasTable ? output.Ladder.Length : output.Highest,
        Thresholds = [.. constants.Gains.SelectMany((gain, channel) => output.Ladder.Select(threshold => Threshold(constants, channel, gain, threshold)))],
        ThresholdsPerChannel = output.Ladder.Length,
        ThresholdStep = output.CodeStep,
    };

    private static long Threshold(MatrixConstants constants, int channel, double gain, CodeThreshold threshold)
    {
        double offset = gain < 0 ? -constants.Offsets[channel] : constants.Offsets[channel];
        double root = ((threshold.Ratio * constants.OutputWidth / Math.Abs(gain)) - offset) / constants.AccumulatorSteps[channel];
        double least = threshold.Above ? Math.Floor(root) + 1 : Math.Ceiling(root);

        // Beyond every sum the threshold decides nothing but a constant.
        return (long)Math.Clamp(least, -Widest, Widest);
    }

    private static Requantization Scales(string layer, MatrixConstants constants, IGrid output, RequantizerSpec hardware)
    {
        double[] scales = [.. constants.Gains.Select((gain, channel) => Math.Abs(gain) * constants.AccumulatorSteps[channel] / constants.OutputWidth)];
        MultiplierShift[] factors = [.. scales.Select((scale, channel) => Factor(layer, channel, scale, hardware))];
        bool shifts = factors.All(factor => factor.TryAsShift(out _));
        return new Requantization
        {
            Kind = shifts ? RequantizationKind.Shift : RequantizationKind.MultiplierShift,
            Bias = [.. constants.Gains.Select((gain, channel) => Bias(constants, channel, gain))],
            Multiplier = shifts ? [] : Collapsed([.. factors.Select(factor => (long)factor.Multiplier)]),
            Shift = Collapsed([.. factors.Select(factor => shifts && factor.TryAsShift(out int shift) ? shift : factor.Shift)]),
            Rounding = hardware.Rounding,
            Minimum = output.Lowest,
            Maximum = output.Highest,
        };
    }

    private static MultiplierShift Factor(string layer, int channel, double scale, RequantizerSpec hardware)
    {
        try
        {
            return MultiplierShift.FromScale(scale, hardware.MultiplierWidth);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new LoweringException(layer, string.Create(
                CultureInfo.InvariantCulture,
                $"the scale of channel {channel} is {scale:R}, which a multiplier of {hardware.MultiplierWidth} bits cannot hold"));
        }
    }

    private static long Bias(MatrixConstants constants, int channel, double gain)
    {
        long bias = constants.Bias(channel);
        return gain < 0 ? -bias : bias;
    }

    /// <summary>One entry where all channels have the same.</summary>
    private static ImmutableArray<T> Collapsed<T>(ImmutableArray<T> perChannel)
        where T : IEquatable<T> => perChannel.All(entry => entry.Equals(perChannel[0])) ? [perChannel[0]] : perChannel;
}
