// SPDX-License-Identifier: Apache-2.0
using Cli.Sweeps.Space;

namespace Cli.Sweeps.Strategies;

/// <summary>A point that was tried, as a search sees it.</summary>
/// <param name="Point">Its coordinates.</param>
/// <param name="Violation">How far it is from keeping to the constraints; 0 where it does, infinite where nothing was measured.</param>
/// <param name="Costs">Its objectives, less is better; empty where nothing was measured.</param>
public sealed record SearchPoint(int[] Point, double Violation, double[] Costs);

/// <summary>Chooses points, some at a time, perhaps by what came of those before. The same settings and outcomes give the same points.</summary>
public interface ISearch
{
    /// <summary>The next points, none of them twice; none ends the search.</summary>
    /// <param name="last">What became of those that were chosen last.</param>
    IReadOnlyList<int[]> Next(IReadOnlyList<SearchPoint> last);
}

/// <summary>Makes the search of a strategy.</summary>
public static class Searches
{
    /// <summary>The search; null for the full grid, which needs no choice.</summary>
    public static ISearch? Of(StrategySpec strategy, PointSpace space) => strategy.Kind switch
    {
        StrategyKind.Random or StrategyKind.SuccessiveHalving => new SampleSearch(new PointSampler(space, strategy.Seed), strategy.Points, inStrata: false),
        StrategyKind.LatinHypercube => new SampleSearch(new PointSampler(space, strategy.Seed), strategy.Points, inStrata: true),
        StrategyKind.Nsga2 => new Nsga2Search(space, strategy),
        _ => null,
    };
}

/// <summary>All points at once, drawn beforehand.</summary>
internal sealed class SampleSearch(PointSampler sampler, int points, bool inStrata) : ISearch
{
    private bool _done;

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Next(IReadOnlyList<SearchPoint> last)
    {
        if (_done)
        {
            return [];
        }

        _done = true;
        return inStrata ? sampler.Strata(points) : sampler.Distinct(points);
    }
}
