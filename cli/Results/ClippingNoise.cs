// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;

namespace Cli.Results;

/// <summary>
/// The noise of clipping values at a level and rounding them to 2^M equal steps, without ACIQ's closed formulas: <c>2 integral from a to infinity of (x - a)^2 f(x) dx + d^2 / 12</c>, d the step, by Simpson's rule.
/// </summary>
internal static class ClippingNoise
{
    private const int Parts = 400;
    private const double Tail = 40;

    /// <summary>The mean squared error.</summary>
    /// <param name="prior">Normal with deviation 1, or Laplace with mean magnitude 1.</param>
    /// <param name="bits">M.</param>
    /// <param name="level">a.</param>
    public static double Of(ValuePrior prior, int bits, double level)
    {
        double width = Tail / Parts;
        double clipping = 0;
        for (int i = 0; i <= Parts; i++)
        {
            double beyond = i * width;
            double weight = i is 0 or Parts ? 1 : i % 2 == 1 ? 4 : 2;
            clipping += weight * beyond * beyond * Density(prior, level + beyond);
        }

        double step = 2 * level / Math.ScaleB(1, bits);
        return (2 * clipping * width / 3) + (step * step / 12);
    }

    private static double Density(ValuePrior prior, double x) =>
        prior == ValuePrior.Gauss ? Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) : Math.Exp(-x) / 2;
}
