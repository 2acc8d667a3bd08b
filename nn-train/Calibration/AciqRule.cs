// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Calibration;

/// <summary>The distribution that values are taken to have.</summary>
public enum ValuePrior
{
    /// <summary>Normal, of standard deviation 1.</summary>
    Gauss,

    /// <summary>Laplace, of mean magnitude 1.</summary>
    Laplace,
}

/// <summary>
/// Analytical clipping (ACIQ; Banner et al. 2019, arXiv:1810.05723, section 2): the level a of least noise under a prior,
/// <code>
/// Laplace  2 e^(-a) + a^2 / (3 4^M)
/// Gauss    (1 + a^2) (1 - erf(a / sqrt 2)) - sqrt(2 / pi) a e^(-a^2 / 2) + a^2 / (3 4^M)
/// level    mean + a d,  d = standard deviation (Gauss), or mean of |x - mean| (Laplace);  s = level / Highest
/// </code>
/// M are the bits. Values without signs have half the clipping and a quarter of the rounding noise, which is the table of one bit more. Weights are taken about zero.
/// The first version of the paper, whose constants are still in the code of outlier channel splitting, has the rounding noise <c>a^2 (4 - 8 / 2^M) / (3 4^M)</c>.
/// </summary>
public sealed record AciqRule(ValuePrior Prior, Reading Reading) : IClippingRule
{
    private const double MostDeviations = 30;

    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample)
    {
        Tensor values = sample.Values;
        double mean = sample.Signed ? 0 : values.mean().item<float>();
        Tensor from = values - mean;
        double deviation = Prior == ValuePrior.Gauss ? Math.Sqrt(from.square().mean().item<float>()) : from.abs().mean().item<float>();
        double level = mean + (LevelOf(Prior, Reading, sample.Signed ? sample.Bits : sample.Bits + 1) * deviation);
        return level / sample.Grid.Highest;
    }

    /// <summary>a for M bits and values with signs.</summary>
    public static double LevelOf(ValuePrior prior, Reading reading, int bits) => Minimum.Of(level => Noise(prior, reading, bits, level), 0, MostDeviations);

    /// <summary>The noise of a level.</summary>
    public static double Noise(ValuePrior prior, Reading reading, int bits, double level)
    {
        double levels = Math.ScaleB(1, bits);
        double rounding = level * level / (3 * levels * levels) * (reading == Reading.Paper ? 1 : 4 - (8 / levels));
        double clipping = prior == ValuePrior.Laplace
            ? 2 * Math.Exp(-level)
            : 2 * (((1 + (level * level)) * NormalDistribution.Upper(level)) - (level * NormalDistribution.Density(level)));
        return clipping + rounding;
    }
}
