// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;

namespace NnTrain.Lowering;

/// <summary>
/// Output channels that give one code whatever the input. Training leaves some with a tiny step and a bias of thousands of its units,
/// for which a narrow accumulator would have to be widened; with weights of zero a small bias gives the same code.
/// </summary>
internal static class ConstantChannels
{
    /// <summary>Weights and requantisation with the same codes for every input.</summary>
    /// <param name="weights">Weight codes, output channel first.</param>
    /// <param name="requantization">From sums to codes; never falls while the sum grows. One that rounds at random is left alone.</param>
    /// <param name="largestInput">The largest magnitude of an input code.</param>
    public static (int[] Weights, Requantization Requantization) Simplify(int[] weights, Requantization requantization, long largestInput)
    {
        if (requantization.IsStochastic)
        {
            return (weights, requantization);
        }
        int channels = requantization.Bias.Length;
        int perChannel = weights.Length / channels;
        int[] simplified = [.. weights];
        for (int channel = 0; channel < channels; channel++)
        {
            Span<int> own = simplified.AsSpan(channel * perChannel, perChannel);
            long largestSum = largestInput * Magnitude(own);
            int code = requantization.Apply(-largestSum, channel);
            if (requantization.Apply(largestSum, channel) == code && WithoutSum(requantization, channel, code) is Requantization constant)
            {
                requantization = constant;
                own.Clear();
            }
        }
        return (simplified, requantization);
    }

    private static long Magnitude(ReadOnlySpan<int> weights)
    {
        long sum = 0;
        foreach (int weight in weights)
        {
            sum += Math.Abs((long)weight);
        }
        return sum;
    }

    /// <summary>The requantisation that makes a code of a sum of zero; null where none is found.</summary>
    private static Requantization? WithoutSum(Requantization requantization, int channel, int code)
    {
        Requantization changed = requantization.Kind == RequantizationKind.Thresholds
            ? requantization with { Thresholds = Reached(requantization, channel, code) }
            : requantization with { Bias = requantization.Bias.SetItem(channel, Smaller(requantization.Bias[channel], SumFor(requantization, channel, code))) };
        return changed.Apply(0, channel) == code ? changed : null;
    }

    /// <summary>The one of smaller magnitude: the bias that is there gives the code, too, and may be all that its word holds.</summary>
    private static long Smaller(long old, long other) => Math.Abs(other) < Math.Abs(old) ? other : old;

    /// <summary>Thresholds of a channel that a sum of zero reaches as many of as the code tells, and no more.</summary>
    private static ImmutableArray<long> Reached(Requantization requantization, int channel, int code)
    {
        int reached = (code - requantization.Minimum) / requantization.ThresholdStep;
        ImmutableArray<long>.Builder thresholds = requantization.Thresholds.ToBuilder();
        for (int i = 0; i < requantization.ThresholdsPerChannel; i++)
        {
            thresholds[(channel * requantization.ThresholdsPerChannel) + i] = i < reached ? 0 : 1;
        }
        return thresholds.ToImmutable();
    }

    private static long SumFor(Requantization requantization, int channel, int code)
    {
        long multiplier = requantization.Multiplier.IsEmpty ? 1 : Of(requantization.Multiplier, channel);
        double scale = new MultiplierShift((uint)multiplier, Of(requantization.Shift, channel)).Scale;
        return (long)Math.Round(code / scale);
    }

    private static T Of<T>(ImmutableArray<T> perTensorOrChannel, int channel) =>
        perTensorOrChannel.Length == 1 ? perTensorOrChannel[0] : perTensorOrChannel[channel];
}
