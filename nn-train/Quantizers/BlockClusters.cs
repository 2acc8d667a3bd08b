// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Quantizers;

/// <summary>Blocks of weights in groups that share their values: block p becomes entry <c>Index[p]</c>.</summary>
/// <param name="Centroids">The entries, one after the other.</param>
/// <param name="Index">The entry of each block.</param>
public sealed record BlockClusters(double[] Centroids, int[] Index)
{
    private const int MostRounds = 100;

    /// <summary>
    /// Groups of least error in what the weights are multiplied with (Stock et al. 2020, arXiv:1907.05686, section 3.2; expectation and maximisation in turn): with G the mean of <c>x x^T</c> over inputs x of a block
    /// <code>
    /// k(p) = argmin over k of (v_p - c_k)^T G (v_p - c_k)        the first of equal ones
    /// c_k  = mean of v_p over the group                          which makes the sum least whatever G is
    /// </code>
    /// The first entries are blocks at equal distances through the layer, where released code draws them; a group that nobody is in takes the block that is worst off, where that code divides the largest group.
    /// </summary>
    /// <param name="weights">The weights, block after block.</param>
    /// <param name="block">Weights of a block.</param>
    /// <param name="entries">Groups; at most as many as there are blocks.</param>
    /// <param name="moments">G, row after row.</param>
    public static BlockClusters Of(float[] weights, int block, int entries, double[] moments)
    {
        int count = weights.Length / block;
        if (entries > count || moments.Length != block * block)
        {
            throw new ArgumentException($"{entries} entries for {count} blocks of {block}, {moments.Length} moments", nameof(entries));
        }

        double[] blocks = [.. weights.Select(weight => (double)weight)];
        double[] centroids = [.. Enumerable.Range(0, entries).SelectMany(k => blocks.AsSpan((int)((long)k * count / entries) * block, block).ToArray())];
        double[] weighed = Product(blocks, block, moments);
        int[] index = new int[count];
        for (int round = 0; round < MostRounds; round++)
        {
            double[] errors = Assign(blocks, weighed, centroids, block, moments, index);
            double[] moved = Means(blocks, block, centroids, index, errors);
            if (moved.AsSpan().SequenceEqual(centroids))
            {
                break;
            }

            centroids = moved;
        }

        Assign(blocks, weighed, centroids, block, moments, index);
        return new(centroids, index);
    }

    /// <summary>The nearest entry of each block, and how far it is.</summary>
    private static double[] Assign(double[] blocks, double[] weighed, double[] centroids, int block, double[] moments, int[] index)
    {
        int entries = centroids.Length / block;
        double[] own = Squares(centroids, Product(centroids, block, moments), block);
        double[] errors = Squares(blocks, weighed, block);
        for (int p = 0; p < index.Length; p++)
        {
            ReadOnlySpan<double> v = weighed.AsSpan(p * block, block);
            double least = double.PositiveInfinity;
            for (int k = 0; k < entries; k++)
            {
                // (v - c)^T G (v - c) without v^T G v, which is the same for all entries.
                double cost = own[k] - (2 * Dot(v, centroids.AsSpan(k * block, block)));
                if (cost < least)
                {
                    (least, index[p]) = (cost, k);
                }
            }

            errors[p] += least;
        }

        return errors;
    }

    private static double[] Means(double[] blocks, int block, double[] centroids, int[] index, double[] errors)
    {
        double[] means = new double[centroids.Length];
        int[] members = new int[centroids.Length / block];
        for (int p = 0; p < index.Length; p++)
        {
            members[index[p]]++;
            for (int i = 0; i < block; i++)
            {
                means[(index[p] * block) + i] += blocks[(p * block) + i];
            }
        }

        Queue<int> worst = new(Enumerable.Range(0, index.Length).OrderByDescending(p => errors[p]).Take(members.Count(count => count == 0)));
        for (int k = 0; k < members.Length; k++)
        {
            Span<double> entry = means.AsSpan(k * block, block);
            if (members[k] == 0)
            {
                blocks.AsSpan(worst.Dequeue() * block, block).CopyTo(entry);
                continue;
            }

            for (int i = 0; i < block; i++)
            {
                entry[i] /= members[k];
            }
        }

        return means;
    }

    /// <summary>G times each block.</summary>
    private static double[] Product(double[] blocks, int block, double[] moments)
    {
        double[] product = new double[blocks.Length];
        for (int p = 0; p < blocks.Length; p += block)
        {
            for (int i = 0; i < block; i++)
            {
                product[p + i] = Dot(moments.AsSpan(i * block, block), blocks.AsSpan(p, block));
            }
        }

        return product;
    }

    private static double[] Squares(double[] blocks, double[] weighed, int block) =>
        [.. Enumerable.Range(0, blocks.Length / block).Select(p => Dot(blocks.AsSpan(p * block, block), weighed.AsSpan(p * block, block)))];

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
