// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Quantizers;

/// <summary>Weights in groups that share a value: <c>w_i</c> becomes <c>Centroids[Index[i]]</c>.</summary>
/// <param name="Centroids">The values; the first is 0.</param>
/// <param name="Index">The group of each weight, a whole number.</param>
public sealed record WeightClusters(float[] Centroids, float[] Index)
{
    private const int MostRounds = 100;

    /// <summary>As <see cref="Of(float[], float[], int, double, double)"/>, all errors alike and indices for nothing.</summary>
    public static WeightClusters Of(float[] weights, int entries, double sparsity) =>
        Of(weights, [.. weights.Select(_ => 1f)], entries, sparsity, entropyWeight: 0);

    /// <summary>
    /// Prunes the smallest magnitudes, then finds groups of least weighted error for the others by Lloyd's rounds (1982): the group of least cost, the weighted mean of the group (Choi et al. 2017,
    /// arXiv:1612.01543, sections 4 and 5),
    /// <code>
    /// k(i) = argmin over k of h_i (w_i - c_k)^2 - l log2 p_k        h_i mean 1, p_k the share of group k, l = entropyWeight E[w^2]
    /// c_k = sum h_i w_i / sum h_i over the group
    /// </code>
    /// The first centroids lie at equal distances over the range of what is left, which keeps the few large weights apart (Han et al. 2016, section 3.2). A group that nobody is in keeps its centroid.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="importance">h, to any scale.</param>
    /// <param name="entries">Groups, 2 at least, that of zero included.</param>
    /// <param name="sparsity">Share of the weights that is pruned, rounded down.</param>
    /// <param name="entropyWeight">What a bit of an index costs, in mean squares of the weights; 0 for nothing.</param>
    public static WeightClusters Of(float[] weights, float[] importance, int entries, double sparsity, double entropyWeight)
    {
        float[] index = new float[weights.Length];
        int[] kept = [.. Enumerable.Range(0, weights.Length)
            .OrderBy(i => Math.Abs(weights[i])).ThenBy(i => i)
            .Skip((int)(sparsity * weights.Length))
            .OrderBy(i => weights[i]).ThenBy(i => i)];
        double[] centroids = new double[entries];
        if (kept.Length > 0)
        {
            double mean = kept.Average(i => (double)importance[i]);
            Rounds rounds = new(
                [.. kept.Select(i => (double)weights[i])],
                [.. kept.Select(i => mean > 0 ? importance[i] / mean : 1)],
                entropyWeight * kept.Average(i => (double)weights[i] * weights[i]));
            (centroids, int[] groups) = rounds.Run(entries);
            for (int i = 0; i < kept.Length; i++)
            {
                index[kept[i]] = groups[i];
            }
        }
        return new WeightClusters([.. centroids.Select(centroid => (float)centroid)], index);
    }

    /// <summary>
    /// Groups about zero and the quantiles <c>(k + 1/2) / (entries - 1)</c> of the weights, each weight with the nearest (Polino et al. 2018, arXiv:1802.05668, section 4).
    /// </summary>
    public static WeightClusters AtQuantiles(float[] weights, int entries)
    {
        float[] ascending = [.. weights.Order()];
        float[] centroids = [0, .. Enumerable.Range(0, entries - 1).Select(k => ascending[(int)((k + 0.5) / (entries - 1) * weights.Length)])];
        return new(centroids, [.. weights.Select(weight => (float)Enumerable.Range(0, entries).MinBy(k => Math.Abs(centroids[k] - weight)))]);
    }

    private sealed class Rounds(double[] values, double[] importance, double bitCost)
    {
        public (double[] Centroids, int[] Groups) Run(int entries)
        {
            double[] centroids = Start(entries);
            double[] shares = [.. Enumerable.Repeat(1.0 / entries, entries)];
            int[] groups = Assign(centroids, shares);
            for (int round = 0; round < MostRounds; round++)
            {
                (double[] moved, double[] counted) = Means(groups, centroids);
                bool settled = moved.SequenceEqual(centroids) && (bitCost == 0 || counted.SequenceEqual(shares));
                (centroids, shares) = (moved, counted);
                if (settled)
                {
                    break;
                }
                groups = Assign(centroids, shares);
            }
            return (centroids, groups);
        }

        private double[] Start(int entries)
        {
            double width = values[^1] - values[0];
            return [0, .. Enumerable.Range(0, entries - 1).Select(k => values[0] + (width * (entries == 2 ? 0.5 : (double)k / (entries - 2))))];
        }

        private (double[] Centroids, double[] Shares) Means(int[] groups, double[] centroids)
        {
            double[] sums = new double[centroids.Length];
            double[] weights = new double[centroids.Length];
            double[] shares = new double[centroids.Length];
            for (int i = 0; i < values.Length; i++)
            {
                sums[groups[i]] += importance[i] * values[i];
                weights[groups[i]] += importance[i];
                shares[groups[i]] += 1.0 / values.Length;
            }
            return ([0, .. centroids.Select((centroid, k) => weights[k] > 0 ? sums[k] / weights[k] : centroid).Skip(1)], shares);
        }

        /// <summary>The group of least cost of each value, the first of equal ones.</summary>
        private int[] Assign(double[] centroids, double[] shares)
        {
            double[] bits = [.. shares.Select(share => bitCost == 0 ? 0 : share > 0 ? -bitCost * Math.Log2(share) : double.PositiveInfinity)];
            int[] groups = new int[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                double least = double.PositiveInfinity;
                for (int k = 0; k < centroids.Length; k++)
                {
                    double distance = centroids[k] - values[i];
                    double cost = (importance[i] * distance * distance) + bits[k];
                    if (cost < least)
                    {
                        (least, groups[i]) = (cost, k);
                    }
                }
            }
            return groups;
        }
    }
}
