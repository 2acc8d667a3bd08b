// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Calibration;

/// <summary>The normal distribution of mean 0 and variance 1.</summary>
public static class NormalDistribution
{
    private const int Terms = 60;

    /// <summary><c>phi(x) = exp(-x^2/2) / sqrt(2 pi)</c>.</summary>
    public static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// <c>1 - Phi(x)</c> for any x: below 3 by the series of Marsaglia (2004), <c>Phi(x) = 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...)</c>, above by the continued fraction
    /// <c>phi(x) / (x + 1/(x + 2/(x + ...)))</c>. Relative error below 1e-12.
    /// </summary>
    public static double Upper(double x)
    {
        if (x < 0)
        {
            return 1 - Upper(-x);
        }

        if (double.IsPositiveInfinity(x))
        {
            return 0;
        }

        if (x >= 3)
        {
            double fraction = x;
            for (int k = Terms; k >= 1; k--)
            {
                fraction = x + (k / fraction);
            }

            return Density(x) / fraction;
        }

        double sum = x;
        double term = x;
        for (int k = 3; k < 2 * Terms; k += 2)
        {
            term *= x * x / k;
            sum += term;
        }

        return 0.5 - (Density(x) * sum);
    }

    /// <summary>The inverse Mills ratio <c>phi(x) / (1 - Phi(x))</c>: the mean of a normal value that is known to exceed x.</summary>
    public static double InverseMills(double x) => Density(x) / Upper(x);
}

/// <summary>The least value of a function with one minimum.</summary>
internal static class Minimum
{
    private const int Rounds = 100;
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>Where the minimum lies between two bounds, by golden sections.</summary>
    public static double Of(Func<double, double> function, double low, double high)
    {
        for (int i = 0; i < Rounds; i++)
        {
            double left = high - (Golden * (high - low));
            double right = low + (Golden * (high - low));
            (low, high) = function(left) <= function(right) ? (low, right) : (left, high);
        }

        return (low + high) / 2;
    }
}
