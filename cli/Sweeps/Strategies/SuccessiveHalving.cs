// SPDX-License-Identifier: Apache-2.0
namespace Cli.Sweeps.Strategies;

/// <summary>A step of successive halving.</summary>
/// <param name="Epochs">Epochs of the quantised phase up to which its points are trained.</param>
/// <param name="Points">How many points there are.</param>
public sealed record Rung(int Epochs, int Points);

/// <summary>
/// Successive halving (Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016): rung k has n_k = max(1, floor(n / eta^k)) points,
/// trained up to r_k = min_epochs eta^k epochs; the last rung has all epochs of the recipe. Which points go on is decided as NSGA-II decides who survives.
/// </summary>
public static class SuccessiveHalving
{
    /// <summary>The rungs of so many points.</summary>
    /// <param name="strategy">Eta and the first epochs.</param>
    /// <param name="points">Points of the first rung.</param>
    /// <param name="epochs">Epochs of the whole recipe.</param>
    public static IReadOnlyList<Rung> Rungs(StrategySpec strategy, int points, int epochs)
    {
        List<Rung> rungs = [];
        long reached = strategy.MinEpochs;
        for (int left = points; ; left = Math.Max(1, left / strategy.Eta), reached *= strategy.Eta)
        {
            rungs.Add(new((int)Math.Min(reached, epochs), left));
            if (reached >= epochs)
            {
                return rungs;
            }
        }
    }

    /// <summary>The points that go on, in the order in which they came; those without figures do not.</summary>
    public static IReadOnlyList<SearchPoint> Best(IReadOnlyList<SearchPoint> tried, int count)
    {
        HashSet<SearchPoint> best = new(NondominatedSorting.Survivors([.. tried.Where(point => point.Costs.Length > 0)], count), ReferenceEqualityComparer.Instance);
        return [.. tried.Where(best.Contains)];
    }
}
