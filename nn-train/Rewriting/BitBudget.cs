// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace NnTrain.Rewriting;

/// <summary>
/// The choice of least harm within a budget (HAWQ-V2, Dong et al. 2020, arXiv:1911.03852, section 3.2): layers choose for themselves, harm and costs add up,
/// <c>min sum Omega_i(b_i)</c> with <c>sum cost_i(b_i)</c> at most the budget. All choices that no other one beats in both are carried from layer to layer, so the result is exact while they are no more than 65,536; of more,
/// one is kept for each of as many equal parts of what they cost.
/// </summary>
public static class BitBudget
{
    private const int MostCarried = 1 << 16;

    /// <summary>The place of each layer's choice in its list; the choices of least cost where even they exceed the budget.</summary>
    /// <param name="harms">Omega of each choice, by layer.</param>
    /// <param name="costs">What each choice costs, by layer.</param>
    /// <param name="budget">The most that all layers may cost.</param>
    public static ImmutableArray<int> Choose(IReadOnlyList<double[]> harms, IReadOnlyList<double[]> costs, double budget)
    {
        List<Choice> front = [new([], 0, 0)];
        for (int layer = 0; layer < harms.Count; layer++)
        {
            front = Thinned(Undominated(front.SelectMany(choice => costs[layer].Select((cost, k) =>
                new Choice(choice.Places.Add(k), choice.Cost + cost, choice.Harm + harms[layer][k])))));
        }

        return (front.LastOrDefault(choice => choice.Cost <= budget) ?? front[0]).Places;
    }

    /// <summary>By rising cost, each with less harm than all before it.</summary>
    private static List<Choice> Undominated(IEnumerable<Choice> choices)
    {
        List<Choice> front = [];
        foreach (Choice choice in choices.OrderBy(choice => choice.Cost).ThenBy(choice => choice.Harm))
        {
            if (front.Count == 0 || choice.Harm < front[^1].Harm)
            {
                front.Add(choice);
            }
        }

        return front;
    }

    /// <summary>The cheapest, and the least harm of each part.</summary>
    private static List<Choice> Thinned(List<Choice> front)
    {
        if (front.Count <= MostCarried)
        {
            return front;
        }

        double part = (front[^1].Cost - front[0].Cost) / MostCarried;
        return [front[0], .. front.Skip(1).GroupBy(choice => Math.Ceiling((choice.Cost - front[0].Cost) / part)).Select(group => group.Last())];
    }

    private sealed record Choice(ImmutableArray<int> Places, double Cost, double Harm);
}
