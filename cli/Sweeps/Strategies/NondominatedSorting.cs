// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;

namespace Cli.Sweeps.Strategies;

/// <summary>Order of points by several objectives, as in NSGA-II (Deb et al. 2002): fronts that nothing beats, and in a front how alone a point is; constraints by their violation.</summary>
internal static class NondominatedSorting
{
    /// <summary>Whole fronts while they fit, then the least crowded of the next.</summary>
    public static List<SearchPoint> Survivors(List<SearchPoint> points, int count)
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
    public static IEnumerable<List<SearchPoint>> Fronts(List<SearchPoint> points)
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
    public static double[] Crowding(List<SearchPoint> front)
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
