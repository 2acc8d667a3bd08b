// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Area;

/// <summary>Linear regression.</summary>
internal static class LeastSquares
{
    /// <summary>
    /// Coefficients <c>c</c> that minimise <c>sum_i w_i^2 (y_i - rows_i c)^2 + ridge * sum_j (s_j c_j)^2</c>, where <c>s_j</c> is the weighted norm of column j: the small ridge leaves what the points do
    /// not tell apart near zero. Normal equations by Cholesky's method.
    /// </summary>
    public static double[] Fit(IReadOnlyList<double[]> rows, IReadOnlyList<double> values, IReadOnlyList<double> weights, double ridge)
    {
        int n = rows[0].Length;
        double[,] normal = new double[n, n];
        double[] right = new double[n];
        for (int i = 0; i < rows.Count; i++)
        {
            double square = weights[i] * weights[i];
            for (int j = 0; j < n; j++)
            {
                right[j] += square * rows[i][j] * values[i];
                for (int k = 0; k <= j; k++)
                {
                    normal[j, k] += square * rows[i][j] * rows[i][k];
                }
            }
        }

        for (int j = 0; j < n; j++)
        {
            normal[j, j] = normal[j, j] * (1 + ridge) + 1e-12;
        }

        return Solve(normal, right);
    }

    private static double[] Solve(double[,] matrix, double[] right)
    {
        int n = right.Length;
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < j; k++)
            {
                matrix[j, j] -= matrix[j, k] * matrix[j, k];
            }

            matrix[j, j] = Math.Sqrt(Math.Max(matrix[j, j], 1e-12));
            for (int i = j + 1; i < n; i++)
            {
                for (int k = 0; k < j; k++)
                {
                    matrix[i, j] -= matrix[i, k] * matrix[j, k];
                }

                matrix[i, j] /= matrix[j, j];
            }
        }

        double[] solution = [.. right];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
            {
                solution[i] -= matrix[i, k] * solution[k];
            }

            solution[i] /= matrix[i, i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
            {
                solution[i] -= matrix[k, i] * solution[k];
            }

            solution[i] /= matrix[i, i];
        }

        return solution;
    }
}
