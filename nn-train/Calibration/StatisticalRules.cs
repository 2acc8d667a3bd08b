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
/// Dynamic fixed point (Ristretto, Gysel et al. 2016, arXiv:1604.03168, section 3.3; with a share below 1 the overflow rate of pytorch-playground): so many bits before the binary point
/// as the largest value needs, <c>il = ceil(log2 v)</c>, <c>s = 2^(il - b)</c>, b the bits of a code without its sign.
/// </summary>
public sealed record IntegerLengthRule(double Share) : IClippingRule
{
    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample)
    {
        double largest = PercentileRule.Quantile(sample.Values, Share);
        int bits = (int)Math.Ceiling(Math.Log2(sample.Grid.Highest + 1));
        return largest == 0 ? 0 : Math.ScaleB(1, (int)Math.Ceiling(Math.Log2(largest)) - bits);
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
