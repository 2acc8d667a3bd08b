// SPDX-License-Identifier: Apache-2.0
namespace Reports.Figures;

/// <summary>Which way is better.</summary>
public enum Goal
{
    /// <summary>Smaller is better.</summary>
    Minimize,

    /// <summary>Larger is better.</summary>
    Maximize,
}

/// <summary>A quantity to be optimised.</summary>
/// <param name="Goal">Which way is better.</param>
/// <param name="Value">The quantity.</param>
public sealed record Objective<T>(Goal Goal, Func<T, double> Value);

/// <summary>
/// The points that no other point dominates. p dominates q when p is at least as good in every objective and better in one;
/// so equal points stand or fall together. Points with a NaN are never on the front and dominate nothing.
/// </summary>
public static class ParetoFront
{
    /// <summary>The front of <paramref name="points"/>, in their order. Time O(n log n + n * front).</summary>
    /// <exception cref="ArgumentException">No objective is given.</exception>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> points, params IReadOnlyList<Objective<T>> objectives)
    {
        if (objectives.Count == 0)
        {
            throw new ArgumentException("a Pareto front needs at least one objective");
        }

        var candidates = points.Select((point, index) => (Costs: Costs(point, objectives), Index: index))
            .Where(candidate => !candidate.Costs.Any(double.IsNaN))
            .ToList();
        candidates.Sort((a, b) => Compare(a.Costs, b.Costs));

        // In lexicographic order a point can be dominated only by an earlier one, and then also by one that is on the front.
        var front = new List<(double[] Costs, int Index)>();
        foreach (var candidate in candidates)
        {
            if (!front.Any(member => Dominates(member.Costs, candidate.Costs)))
            {
                front.Add(candidate);
            }
        }

        return front.Select(member => member.Index).Order().Select(index => points[index]).ToList();
    }

    private static double[] Costs<T>(T point, IReadOnlyList<Objective<T>> objectives) =>
        objectives.Select(o => o.Goal == Goal.Minimize ? o.Value(point) : -o.Value(point)).ToArray();

    private static int Compare(double[] a, double[] b) =>
        a.Zip(b, (x, y) => x.CompareTo(y)).FirstOrDefault(order => order != 0);

    /// <summary>Whether costs <paramref name="a"/> are at most <paramref name="b"/> in everything and less in something.</summary>
    public static bool Dominates(double[] a, double[] b)
    {
        bool better = false;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i])
            {
                return false;
            }

            better |= a[i] < b[i];
        }

        return better;
    }
}
