// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks.Generation;
using Cli.Sweeps.Space;

namespace Cli.Sweeps.Strategies;

/// <summary>Draws points of a space, none of them twice.</summary>
public sealed class PointSampler(PointSpace space, ulong seed)
{
    /// <summary>After so many draws that were there already there is nothing left to find.</summary>
    private const int Attempts = 1_000;

    private readonly HashSet<int[]> _drawn = new(new SamePoint());

    /// <summary>Whatever is random.</summary>
    public SplitMix Random { get; } = new(seed, "sweep");

    /// <summary>Takes a point that was made elsewhere: true where it is new.</summary>
    public bool Take(int[] point)
    {
        space.Reduce(point);
        return _drawn.Add(point);
    }

    /// <summary>Points that are new, each as likely as any other place of the full product; fewer where there are no more.</summary>
    public List<int[]> Distinct(int count)
    {
        List<int[]> points = [];
        while (points.Count < count && One() is int[] point)
        {
            points.Add(point);
        }

        return points;
    }

    /// <summary>
    /// A Latin hypercube (McKay, Beckman and Conover, Technometrics 21(2), 1979): on each axis one point in each of <paramref name="count"/> equal strata, paired at random. Where axes have
    /// fewer values than that, pairs that came up before are replaced by random ones.
    /// </summary>
    public List<int[]> Strata(int count)
    {
        int[][] strata = [.. space.Axes.Select(_ => Permutation(count))];
        List<int[]> points = [];
        for (int i = 0; i < count; i++)
        {
            int[] point = [.. strata.Select((order, axis) => (int)((long)order[i] * space.Axes[axis].Values.Length / count))];
            if (Take(point))
            {
                points.Add(point);
            }
        }

        points.AddRange(Distinct(count - points.Count));
        return points;
    }

    private int[]? One()
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            int[] point = [.. space.Axes.Select(axis => Random.Below(axis.Values.Length))];
            if (Take(point))
            {
                return point;
            }
        }

        return null;
    }

    /// <summary>Fisher and Yates.</summary>
    private int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = Random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private sealed class SamePoint : IEqualityComparer<int[]>
    {
        public bool Equals(int[]? a, int[]? b) => a.AsSpan().SequenceEqual(b);

        public int GetHashCode(int[] point)
        {
            var hash = default(HashCode);
            foreach (int value in point)
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}
