// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;

namespace AccelModel.Tests.Networks;

/// <summary>
/// Networks computed a second way, to compare with: unbounded integers, rounding as a comparison of exact fractions, and the layers of
/// <see cref="DirectLayers"/>.
/// </summary>
internal static class DirectEvaluation
{
    public static List<int[]> Run(IntegerNetwork network, int[] image)
    {
        Dictionary<string, DirectTensor> tensors = new() { ["input"] = new(network.Input, image) };
        List<int[]> outputs = [];
        foreach (Layer layer in network.Layers)
        {
            int[] result = DirectLayers.Compute(layer, [.. layer.Inputs.Select(name => tensors[name])]);
            outputs.Add(result);
            tensors[layer.Name] = new(layer.Output, result);
        }
        return outputs;
    }

    /// <summary><c>clamp(round(t / 2^shift) + zero_point)</c> of <c>t = accumulator + bias</c>, and its relatives.</summary>
    public static int Requantized(Requantization r, BigInteger accumulator, int channel) => OfBiased(r, accumulator + Entry(r.Bias, channel), channel);

    /// <summary>The same with the bias already in <paramref name="t"/>.</summary>
    public static int OfBiased(Requantization r, BigInteger t, int channel)
    {
        switch (r.Kind)
        {
            case RequantizationKind.Thresholds:
                int first = r.Thresholds.Length == r.ThresholdsPerChannel ? 0 : channel * r.ThresholdsPerChannel;
                return r.Minimum + (r.ThresholdStep * r.Thresholds.Skip(first).Take(r.ThresholdsPerChannel).Count(threshold => t >= threshold));
            case RequantizationKind.DoubleRounding:
                int shift = Entry(r.Shift, channel);
                BigInteger high = Rounded(RoundingMode.HalfUp, t * BigInteger.Pow(2, Math.Max(shift, 0)) * Entry(r.Multiplier, channel), BigInteger.Pow(2, 31));
                return Clamped(r, Rounded(RoundingMode.HalfAway, high, BigInteger.Pow(2, Math.Max(-shift, 0))));
            default:
                BigInteger multiplier = r.Kind == RequantizationKind.Shift ? 1 : Entry(r.Multiplier, channel);
                return Clamped(r, Rounded(r.Rounding, t * multiplier, BigInteger.Pow(2, Entry(r.Shift, channel))));
        }
    }

    /// <summary>The integer of the mode next to <c>numerator / denominator</c>, from the distances to its two neighbours.</summary>
    public static BigInteger Rounded(RoundingMode mode, BigInteger numerator, BigInteger denominator)
    {
        BigInteger lower = (numerator - (((numerator % denominator) + denominator) % denominator)) / denominator;
        BigInteger upper = lower * denominator == numerator ? lower : lower + 1;
        BigInteger toLower = numerator - (lower * denominator);
        BigInteger toUpper = (upper * denominator) - numerator;
        BigInteger nearest = toLower < toUpper ? lower : upper;
        bool tie = toLower == toUpper;
        return mode switch
        {
            RoundingMode.Floor => lower,
            RoundingMode.TowardZero => numerator.Sign < 0 ? upper : lower,
            RoundingMode.HalfUp => tie ? upper : nearest,
            RoundingMode.HalfAway => tie ? (numerator.Sign < 0 ? lower : upper) : nearest,
            RoundingMode.HalfEven => tie ? (lower.IsEven ? lower : upper) : nearest,
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };
    }

    private static T Entry<T>(IReadOnlyList<T> entries, int channel) => entries[entries.Count == 1 ? 0 : channel];

    private static int Clamped(Requantization r, BigInteger rounded) =>
        (int)BigInteger.Min(BigInteger.Max(rounded + r.ZeroPoint, r.Minimum), r.Maximum);
}

/// <summary>Codes with their shape.</summary>
internal sealed record DirectTensor(TensorSpec Spec, int[] Codes)
{
    public int this[int row, int column, int channel] => Codes[(((row * Spec.Width) + column) * Spec.Channels) + channel];
}
