// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Cli.Sweeps.Space;

namespace Cli.Sweeps.Strategies;

/// <summary>
/// NSGA-II (Deb, Pratap, Agarwal and Meyarivan, IEEE Transactions on Evolutionary Computation 6(2), 2002) on the indices of values: parents by tournaments of two, by rank and then by
/// crowding distance; constraints by their violation, as in the paper. Each axis of a child is of one of its parents, and some are moved. No point is tried twice: a child that was
/// there before is moved on, and at last replaced by a random point.
/// </summary>
internal sealed class Nsga2Search(PointSpace space, StrategySpec strategy) : ISearch
{
    /// <summary>Moves of a child that was there before, until a random point takes its place.</summary>
    private const int Moves = 20;

    /// <summary>Of the moves, how many in a hundred go to any value rather than to one nearby.</summary>
    private const int FarInHundred = 30;

    private readonly PointSampler _sampler = new(space, strategy.Seed);
    private List<SearchPoint> _population = [];
    private int _tried;

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Next(IReadOnlyList<SearchPoint> last)
    {
        _population = NondominatedSorting.Survivors([.. _population, .. last], strategy.Population);
        int wanted = Math.Min(strategy.Population, strategy.Points - _tried);
        List<int[]> next = wanted <= 0 ? [] : _tried == 0 ? First(wanted) : Children(wanted);
        _tried += next.Count;
        return next;
    }

    /// <summary>The points to start from, then a Latin hypercube.</summary>
    private List<int[]> First(int count)
    {
        List<int[]> points = [];
        foreach (ImmutableArray<string> start in strategy.Start ?? [])
        {
            int[] point = [.. start.Select((label, axis) => space.Axes[axis].Values.Select(value => value.Label).ToList().IndexOf(label))];
            if (_sampler.Take(point))
            {
                points.Add(point);
            }
        }

        points.AddRange(_sampler.Strata(count - points.Count));
        return points;
    }

    private List<int[]> Children(int count)
    {
        var ranked = new Dictionary<SearchPoint, (int Rank, double Crowding)>(ReferenceEqualityComparer.Instance);
        foreach ((List<SearchPoint> front, int rank) in NondominatedSorting.Fronts(_population).Select((front, rank) => (front, rank)))
        {
            double[] crowding = NondominatedSorting.Crowding(front);
            for (int i = 0; i < front.Count; i++)
            {
                ranked.Add(front[i], (rank, crowding[i]));
            }
        }

        SearchPoint Parent()
        {
            SearchPoint a = _population[_sampler.Random.Below(_population.Count)], b = _population[_sampler.Random.Below(_population.Count)];
            return ranked[a].Rank != ranked[b].Rank ? (ranked[a].Rank < ranked[b].Rank ? a : b) : ranked[a].Crowding >= ranked[b].Crowding ? a : b;
        }

        List<int[]> children = [];
        while (children.Count < count)
        {
            int[] child = Child(Parent().Point, Parent().Point);
            bool isNew = _sampler.Take(child);
            for (int move = 0; move < Moves && !isNew; move++)
            {
                child = (int[])child.Clone();
                Move(child, _sampler.Random.Below(child.Length));
                isNew = _sampler.Take(child);
            }

            if (isNew)
            {
                children.Add(child);
            }
            else if (_sampler.Distinct(1) is [int[] random])
            {
                children.Add(random);
            }
            else
            {
                break;
            }
        }

        return children;
    }

    private int[] Child(int[] a, int[] b)
    {
        int[] child = new int[a.Length];
        for (int axis = 0; axis < child.Length; axis++)
        {
            child[axis] = Math.Max(0, _sampler.Random.Below(2) == 0 ? a[axis] : b[axis]);
            if (_sampler.Random.Below(child.Length) == 0)
            {
                Move(child, axis);
            }
        }

        return child;
    }

    /// <summary>To a neighbour, or anywhere.</summary>
    private void Move(int[] point, int axis)
    {
        int values = space.Axes[axis].Values.Length;
        bool far = _sampler.Random.Below(100) < FarInHundred;
        int step = _sampler.Random.Below(2) == 0 ? -1 : 1;
        point[axis] = far ? _sampler.Random.Below(values) : Math.Clamp(Math.Max(point[axis], 0) + step, 0, values - 1);
    }
}
