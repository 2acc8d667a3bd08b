// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Calibration;

/// <summary>
/// Clips at a quantile: <c>s = v / Highest</c>, v the least magnitude that the share <c>p</c> of all values does not exceed (an overflow rate of 1 - p). With p = 1 it is the largest magnitude.
/// </summary>
public sealed record PercentileRule(double Share) : IClippingRule
{
    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample) => Quantile(sample.Values, Share) / sample.Grid.Highest;

    /// <summary>The magnitude of rank <c>ceil(p N)</c>, counted from 1.</summary>
    public static double Quantile(Tensor values, double share)
    {
        float[] magnitudes = values.abs().contiguous().data<float>().ToArray();
        Array.Sort(magnitudes);
        return magnitudes[Math.Clamp((int)Math.Ceiling(share * magnitudes.Length) - 1, 0, magnitudes.Length - 1)];
    }
}

/// <summary>
/// Dynamic fixed point (Ristretto, Gysel et al. 2016, arXiv:1604.03168, section 3.3; with a share below 1 the overflow rate of pytorch-playground; with deviations the 3-sigma range of nics_fix_pytorch): so many bits before the binary point
/// as the largest value, or <see cref="DeviationsRule"/>'s level, needs, <c>il = ceil(log2 v)</c>, <c>s = 2^(il - b)</c>, b the bits of a code without its sign.
/// </summary>
public sealed record IntegerLengthRule(double Share, double? Deviations = null) : IClippingRule
{
    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample)
    {
        double largest = Deviations is double count ? DeviationsRule.LevelOf(sample.Values, count) : PercentileRule.Quantile(sample.Values, Share);
        int bits = (int)Math.Ceiling(Math.Log2(sample.Grid.Highest + 1));
        return largest == 0 ? 0 : Math.ScaleB(1, (int)Math.Ceiling(Math.Log2(largest)) - bits);
    }
}

/// <summary>Clips so many standard deviations from the mean (Distiller's clipping mode N_STD), but nowhere beyond the largest magnitude: <c>s = min(|mean| + k sigma, max|x|) / Highest</c>.</summary>
public sealed record DeviationsRule(double Count) : IClippingRule
{
    /// <summary>k where a recipe names none.</summary>
    public const double Usual = 3;

    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample) => LevelOf(sample.Values, Count) / sample.Grid.Highest;

    /// <summary><c>min(|mean| + k sigma, max|x|)</c>.</summary>
    public static double LevelOf(Tensor values, double count)
    {
        double mean = values.mean().item<float>();
        double deviation = Math.Sqrt((values - mean).square().mean().item<float>());
        return Math.Min(Math.Abs(mean) + (count * deviation), values.abs().max().item<float>());
    }
}

/// <summary>Clips at the mean of the largest magnitude of each image (Distiller's clipping mode AVG): one outlier among the images does not set the range. <c>s = mean / Highest</c>.</summary>
public sealed record MeanOfMaximaRule : IClippingRule
{
    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample) => sample.Values.abs().flatten(1).amax([1L]).mean().item<float>() / sample.Grid.Highest;
}

/// <summary>
/// The step of least squared error for normal values (Lin et al. 2016, arXiv:1511.06393, section 3): <c>s = c sigma</c>, c the step of Max's optimal uniform quantiser
/// (<see cref="NormalOptimum"/>), sigma the root mean square, with as many values below zero as above it.
/// </summary>
public sealed record NormalOptimumRule : IClippingRule
{
    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample)
    {
        // A rectified normal value keeps half of its second moment.
        double second = sample.Values.square().mean().item<float>();
        return NormalOptimum.StepOf(sample.Grid.Highest) * Math.Sqrt(sample.Signed ? second : 2 * second);
    }
}
