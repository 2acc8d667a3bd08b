// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Calibration;

/// <summary>
/// The uniform quantiser of least squared error for normal values of variance 1 (Max 1960), levels <c>0, +-s, ... +-n s</c>:
/// <code>
/// E(s) = 2 sum over k of integral over cell k of (x - k s)^2 phi(x) dx,  cell 0 from 0 to s/2, cell n from (n - 1/2) s to infinity
/// </code>
/// </summary>
public static class NormalOptimum
{
    private const double Least = 1e-4;
    private const double Most = 4;

    /// <summary>The step, in units of the standard deviation; the same for a rectified normal value and the levels 0 .. n s.</summary>
    /// <param name="highest">n.</param>
    public static double StepOf(int highest) => Minimum.Of(step => Error(step, highest), Least, Most);

    /// <summary>E(s).</summary>
    public static double Error(double step, int highest)
    {
        double error = Cell(0, 0, step / 2);
        for (int k = 1; k <= highest; k++)
        {
            error += Cell(k * step, (k - 0.5) * step, k == highest ? double.PositiveInfinity : (k + 0.5) * step);
        }

        return 2 * error;
    }

    /// <summary><c>integral from a to b of (x - q)^2 phi(x) dx = (1 + q^2)(Phi(b) - Phi(a)) - ((b - 2q) phi(b) - (a - 2q) phi(a))</c>.</summary>
    private static double Cell(double q, double a, double b)
    {
        double upper = double.IsPositiveInfinity(b) ? 0 : (b - (2 * q)) * NormalDistribution.Density(b);
        return ((1 + (q * q)) * (NormalDistribution.Upper(a) - NormalDistribution.Upper(b))) - upper + ((a - (2 * q)) * NormalDistribution.Density(a));
    }
}
