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
/// signs       code = acc &gt;= ceil(-f / a) ? +1 : -1                for g &gt; 0
///             code = -acc &gt;= ceil(f / a) ? +1 : -1                for g &lt; 0
/// </code>
/// A scale that is <c>2^-k</c> is a shift; others become multiplier and shift.
/// </summary>
internal static class RequantizationLowering
{
    private static readonly double Widest = TwosComplement.Max(AccumulatorFormat.MaxWidth);

    public static Requantization Lower(string layer, MatrixConstants constants, IGrid output, RequantizerSpec hardware) =>
        output is SignGrid ? Signs(constants, hardware) : Scales(layer, constants, output, hardware);

    private static Requantization Signs(MatrixConstants constants, RequantizerSpec hardware) => new()
    {
        Kind = RequantizationKind.Thresholds,
        Bias = [.. constants.Gains.Select(_ => 0L)],
        Rounding = hardware.Rounding,
        Minimum = -1,
        Maximum = 1,
        Thresholds = [.. constants.Gains.Select((gain, channel) => Threshold(constants, channel, gain))],
        ThresholdsPerChannel = 1,
        ThresholdStep = 2,
    };

    private static long Threshold(MatrixConstants constants, int channel, double gain)
    {
        double root = -constants.Offsets[channel] / constants.AccumulatorSteps[channel];
        double threshold = Math.Ceiling(gain < 0 ? -root : root);

        // Beyond every sum the threshold decides nothing but a constant.
        return (long)Math.Clamp(threshold, -Widest, Widest);
    }

    private static Requantization Scales(string layer, MatrixConstants constants, IGrid output, RequantizerSpec hardware)
    {
        double[] scales = [.. constants.Gains.Select((gain, channel) => Math.Abs(gain) * constants.AccumulatorSteps[channel] / constants.OutputStep)];
        MultiplierShift[] factors = [.. scales.Select((scale, channel) => Factor(layer, channel, scale, hardware))];
        bool shifts = factors.All(factor => factor.TryAsShift(out _));
        return new Requantization
        {
            Kind = shifts ? RequantizationKind.Shift : RequantizationKind.MultiplierShift,
            Bias = [.. constants.Gains.Select((gain, channel) => Bias(layer, constants, channel, gain))],
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

    private static long Bias(string layer, MatrixConstants constants, int channel, double gain)
    {
        try
        {
            long bias = constants.Bias(channel);
            return gain < 0 ? -bias : bias;
        }
        catch (OverflowException exception)
        {
            throw new LoweringException(layer, exception.Message);
        }
    }

    /// <summary>One entry where all channels have the same.</summary>
    private static ImmutableArray<T> Collapsed<T>(ImmutableArray<T> perChannel)
        where T : IEquatable<T> => perChannel.All(entry => entry.Equals(perChannel[0])) ? [perChannel[0]] : perChannel;
}
