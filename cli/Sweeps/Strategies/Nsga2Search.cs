// SPDX-License-Identifier: Apache-2.0
using Cli.Sweeps.Space;
using Reports.Figures;

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
        _population = Survivors([.. _population, .. last], strategy.Population);
        int wanted = Math.Min(strategy.Population, strategy.Points - _tried);
        List<int[]> next = wanted <= 0 ? [] : _tried == 0 ? _sampler.Strata(wanted) : Children(wanted);
        _tried += next.Count;
        return next;
    }

    private List<int[]> Children(int count)
    {
        var ranked = new Dictionary<SearchPoint, (int Rank, double Crowding)>(ReferenceEqualityComparer.Instance);
        foreach ((List<SearchPoint> front, int rank) in Fronts(_population).Select((front, rank) => (front, rank)))
        {
            double[] crowding = Crowding(front);
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

    /// <summary>Whole fronts while they fit, then the least crowded of the next.</summary>
    private static List<SearchPoint> Survivors(List<SearchPoint> points, int count)
    {
        List<SearchPoint> survivors = [];
        foreach (List<SearchPoint> front in Fronts(points))
        {
            double[] crowding = Crowding(front);
            survivors.AddRange(front.Select((point, i) => (point, crowding[i])).OrderByDescending(entry => entry.Item2).Take(count - survivors.Count).Select(entry => entry.point));
            if (survivors.Count >= count)
            {
                break;
            }
        }

        return survivors;
    }

    /// <summary>Points by how many others must go before nothing beats them.</summary>
    private static IEnumerable<List<SearchPoint>> Fronts(List<SearchPoint> points)
    {
        List<SearchPoint> rest = points;
        while (rest.Count > 0)
        {
            List<SearchPoint> front = [.. rest.Where(point => !rest.Any(other => Beats(other, point)))];
            yield return front;
            HashSet<SearchPoint> gone = new(front, ReferenceEqualityComparer.Instance);
            rest = [.. rest.Where(point => !gone.Contains(point))];
        }
    }

    private static bool Beats(SearchPoint a, SearchPoint b) =>
        a.Violation == b.Violation ? a.Violation == 0 && ParetoFront.Dominates(a.Costs, b.Costs) : a.Violation < b.Violation;

    /// <summary>The sum over the objectives of the distance between a point's neighbours, in parts of the front's extent; infinite at the ends.</summary>
    private static double[] Crowding(List<SearchPoint> front)
    {
        double[] distance = new double[front.Count];
        for (int objective = 0; objective < (front.Count == 0 ? 0 : front[0].Costs.Length); objective++)
        {
            int o = objective;
            int[] order = [.. Enumerable.Range(0, front.Count).Where(i => front[i].Costs.Length > o).OrderBy(i => front[i].Costs[o])];
            if (order.Length == 0)
            {
                continue;
            }

            double extent = front[order[^1]].Costs[o] - front[order[0]].Costs[o];
            distance[order[0]] = distance[order[^1]] = double.PositiveInfinity;
            for (int i = 1; i < order.Length - 1 && extent > 0; i++)
            {
                distance[order[i]] += (front[order[i + 1]].Costs[o] - front[order[i - 1]].Costs[o]) / extent;
            }
        }

        return distance;
    }
}
