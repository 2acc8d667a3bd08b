// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;

namespace NnTrain.Rewriting;

/// <summary>
/// Weights with few levels that keep a layer's outputs, not its weights (Hu et al. 2018, arXiv:1802.02733: binary weights as hashes that preserve inner products): for each output channel
/// <code>
/// min over a, b of (w - a b)^T G (w - a b),  b_j one of the levels,  G = E x x^T
/// a = b^T G w / b^T G b for any b, and leaves  w^T G w - (b^T G w)^2 / b^T G b
/// </code>
/// so from <c>b = sgn(w)</c> on one b_j after the other is turned where that leaves less, until a round turns none. The layer's weights become <c>a b</c>. Inputs are those of the network as it is rewritten so far.
/// </summary>
public static class OutputReconstruction
{
    private const int MostRounds = 20;
    private const double Margin = 1e-9;

    /// <summary>Rewrites a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="moments">Second moments of its inputs.</param>
    public static void Apply(FloatLayer layer, InputMoments moments)
    {
        for (int output = 0; output < layer.Outputs; output++)
        {
            Span<float> row = layer.Output(output);
            double[] weights = [.. row.ToArray().Select(weight => (double)weight)];
            (double scale, double[] signs) = Fit(weights, moments);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = (float)(scale * signs[i]);
            }
        }
    }

    /// <summary>Scale and signs of an output channel.</summary>
    public static (double Scale, double[] Signs) Fit(double[] weights, InputMoments moments)
    {
        int n = weights.Length;
        double[] target = Product(moments, weights);
        double[] signs = [.. weights.Select(weight => weight >= 0 ? 1.0 : -1.0)];
        double[] ofSigns = Product(moments, signs);
        double along = Dot(signs, target);
        double inner = Dot(signs, ofSigns);
        bool changed = true;
        for (int round = 0; round < MostRounds && changed; round++)
        {
            changed = false;
            for (int j = 0; j < n; j++)
            {
                double turnedAlong = along - (2 * signs[j] * target[j]);
                double turnedInner = inner - (4 * signs[j] * ofSigns[j]) + (4 * moments[j, j]);
                if (turnedInner > 0 && (inner <= 0 || turnedAlong * turnedAlong * inner > along * along * turnedInner * (1 + Margin)))
                {
                    signs[j] = -signs[j];
                    (along, inner) = (turnedAlong, turnedInner);
                    for (int i = 0; i < n; i++)
                    {
                        ofSigns[i] += 2 * signs[j] * moments[i, j];
                    }

                    changed = true;
                }
            }
        }

        // Inputs that are always zero tell nothing; a negative scale is the same as all signs turned.
        double scale = inner > 0 ? along / inner : weights.Average(Math.Abs);
        return scale < 0 ? (-scale, [.. signs.Select(sign => -sign)]) : (scale, signs);
    }

    private static double[] Product(InputMoments moments, double[] vector)
    {
        double[] product = new double[vector.Length];
        for (int i = 0; i < product.Length; i++)
        {
            for (int j = 0; j < vector.Length; j++)
            {
                product[i] += moments[i, j] * vector[j];
            }
        }

        return product;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
