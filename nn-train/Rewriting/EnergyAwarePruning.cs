// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;

namespace NnTrain.Rewriting;

/// <summary>
/// Energy-aware pruning (Yang et al. 2017, arXiv:1611.05128): layers in the order of their energy, here by multiply-accumulates, which all cost the same. Of the weights of a layer the smallest go, a fifth more
/// than asked for; of those the ones come back whose absence alone changes the output most, <c>w_j^2 G_jj</c>; and what is left is fitted to the old output,
/// <c>w_S = G_SS^-1 (G w)_S</c> for each output channel, G the second moments of the inputs. After the first layer inputs are those of the network as it is pruned so far.
/// </summary>
public static class EnergyAwarePruning
{
    private const double Surplus = 1.2;
    private const double Ridge = 1e-6;

    /// <summary>Prunes a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="moments">Second moments of its inputs.</param>
    /// <param name="share">Share of its weights that goes.</param>
    public static void Apply(FloatLayer layer, InputMoments moments, double share)
    {
        int size = moments.Size;
        int[] smallest = [.. Enumerable.Range(0, layer.Weights.Length).OrderBy(i => Math.Abs(layer.Weights[i])).ThenBy(i => i)];
        int removed = (int)(share * layer.Weights.Length);
        int first = Math.Min((int)(removed * Surplus), layer.Weights.Length);
        HashSet<int> gone = [.. smallest.Take(first).OrderBy(i => layer.Weights[i] * (double)layer.Weights[i] * moments[i % size, i % size]).ThenBy(i => i).Take(removed)];
        for (int output = 0; output < layer.Outputs; output++)
        {
            Span<float> row = layer.Output(output);
            int start = output * size;
            Fit(row, [.. Enumerable.Range(0, size).Where(i => !gone.Contains(start + i))], moments);
        }
    }

    private static void Fit(Span<float> row, int[] kept, InputMoments moments)
    {
        double[] right = new double[kept.Length];
        double[,] matrix = new double[kept.Length, kept.Length];
        double ridge = Ridge * Math.Max(Enumerable.Range(0, moments.Size).Average(i => moments[i, i]), 1e-12);
        for (int i = 0; i < kept.Length; i++)
        {
            for (int j = 0; j < moments.Size; j++)
            {
                right[i] += moments[kept[i], j] * row[j];
            }

            // The ridge draws towards the old weights: inputs that are always zero leave them as they are.
            right[i] += ridge * row[kept[i]];
            for (int j = 0; j < kept.Length; j++)
            {
                matrix[i, j] = moments[kept[i], kept[j]] + (i == j ? ridge : 0);
            }
        }

        double[] fitted = Cholesky.Solve(matrix, right);
        row.Clear();
        for (int i = 0; i < kept.Length; i++)
        {
            row[kept[i]] = (float)fitted[i];
        }
    }
}

/// <summary>Linear equations with a symmetric positive definite matrix.</summary>
internal static class Cholesky
{
    /// <summary>x of <c>A x = b</c>; A is overwritten.</summary>
    public static double[] Solve(double[,] a, double[] b)
    {
        int n = b.Length;
        for (int j = 0; j < n; j++)
        {
            for (int i = j; i < n; i++)
            {
                double sum = a[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= a[i, k] * a[j, k];
                }

                a[i, j] = i == j ? Math.Sqrt(Math.Max(sum, double.Epsilon)) : sum / a[j, j];
            }
        }

        double[] x = [.. b];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
            {
                x[i] -= a[i, k] * x[k];
            }

            x[i] /= a[i, i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
            {
                x[i] -= a[k, i] * x[k];
            }

            x[i] /= a[i, i];
        }

        return x;
    }
}
