// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Quantizers;

/// <summary>Weights in groups that share a value: <c>w_i</c> becomes <c>Centroids[Index[i]]</c>.</summary>
/// <param name="Centroids">The values; the first is 0.</param>
/// <param name="Index">The group of each weight, a whole number.</param>
public sealed record WeightClusters(float[] Centroids, float[] Index)
{
    private const int MostRounds = 100;

    /// <summary>
    /// Prunes the smallest magnitudes, then finds groups of least squared error for the others by Lloyd's rounds (1982): nearest centroid, mean of the group. The first
    /// centroids lie at equal distances over the range of what is left, which keeps the few large weights apart (Han et al. 2016, section 3.2). A group that nobody is nearest
    /// to keeps its centroid.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="entries">Groups, 2 at least, that of zero included.</param>
    /// <param name="sparsity">Share of the weights that is pruned, rounded down.</param>
    public static WeightClusters Of(float[] weights, int entries, double sparsity)
    {
        float[] index = new float[weights.Length];
        int[] kept = [.. Enumerable.Range(0, weights.Length)
            .OrderBy(i => Math.Abs(weights[i])).ThenBy(i => i)
            .Skip((int)(sparsity * weights.Length))
            .OrderBy(i => weights[i]).ThenBy(i => i)];
        double[] centroids = new double[entries];
        if (kept.Length > 0)
        {
            double[] values = [.. kept.Select(i => (double)weights[i])];
            centroids = Lloyd(values, Start(values, entries));
            int[] groups = Assign(values, centroids);
            for (int i = 0; i < kept.Length; i++)
            {
                index[kept[i]] = groups[i];
            }
        }
        return new WeightClusters([.. centroids.Select(centroid => (float)centroid)], index);
    }

    private static double[] Start(double[] ascending, int entries)
    {
        double width = ascending[^1] - ascending[0];
        return [0, .. Enumerable.Range(0, entries - 1).Select(k => ascending[0] + (width * (entries == 2 ? 0.5 : (double)k / (entries - 2))))];
    }

    private static double[] Lloyd(double[] values, double[] centroids)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            int[] groups = Assign(values, centroids);
            double[] sums = new double[centroids.Length];
            int[] counts = new int[centroids.Length];
            for (int i = 0; i < values.Length; i++)
            {
                sums[groups[i]] += values[i];
                counts[groups[i]]++;
            }
            double[] moved = [0, .. centroids.Select((centroid, k) => counts[k] == 0 ? centroid : sums[k] / counts[k]).Skip(1)];
            if (moved.SequenceEqual(centroids))
            {
                break;
            }
            centroids = moved;
        }
        return centroids;
    }

    /// <summary>The nearest centroid of each value, the first of equally near ones.</summary>
    private static int[] Assign(double[] values, double[] centroids)
    {
        int[] groups = new int[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double least = double.PositiveInfinity;
            for (int k = 0; k < centroids.Length; k++)
            {
                double distance = Math.Abs(values[i] - centroids[k]);
                if (distance < least)
                {
                    (least, groups[i]) = (distance, k);
                }
            }
        }
        return groups;
    }
}
