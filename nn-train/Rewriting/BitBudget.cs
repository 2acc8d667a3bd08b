// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace NnTrain.Rewriting;

/// <summary>
/// The bits of least harm within a budget (HAWQ-V2, Dong et al. 2020, arXiv:1911.03852, section 3.2): layers choose for themselves, harm and costs add up,
/// <c>min sum Omega_i(b_i)</c> with <c>sum n_i b_i</c> at most the budget. All choices that no other one beats in both are carried from layer to layer, so the result is exact.
/// </summary>
public static class BitBudget
{
    /// <summary>The widths, one a layer; those of least cost where even they exceed the budget.</summary>
    /// <param name="harms">Omega of each width, by layer.</param>
    /// <param name="counts">n, by layer.</param>
    /// <param name="widths">The widths, as in <paramref name="harms"/>.</param>
    /// <param name="budget">Most bits of all layers.</param>
    public static ImmutableArray<int> Choose(IReadOnlyList<double[]> harms, IReadOnlyList<long> counts, IReadOnlyList<int> widths, double budget)
    {
        List<Choice> front = [new([], 0, 0)];
        for (int layer = 0; layer < harms.Count; layer++)
        {
            front = Undominated(front.SelectMany(choice => widths.Select((width, k) =>
                new Choice(choice.Widths.Add(width), choice.Bits + (counts[layer] * width), choice.Harm + harms[layer][k]))));
        }

        return (front.LastOrDefault(choice => choice.Bits <= budget) ?? front[0]).Widths;
    }

    /// <summary>By rising bits, each with less harm than all before it.</summary>
    private static List<Choice> Undominated(IEnumerable<Choice> choices)
    {
        List<Choice> front = [];
        foreach (Choice choice in choices.OrderBy(choice => choice.Bits).ThenBy(choice => choice.Harm))
        {
            if (front.Count == 0 || choice.Harm < front[^1].Harm)
            {
                front.Add(choice);
            }
        }

        return front;
    }

    private sealed record Choice(ImmutableArray<int> Widths, long Bits, double Harm);
}
