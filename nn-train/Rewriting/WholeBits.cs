// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace NnTrain.Rewriting;

/// <summary>Bits of a layer as they were learned.</summary>
/// <param name="Bits">b, not whole.</param>
/// <param name="Least">The least whole number of bits.</param>
/// <param name="Costs">What the least bits and each number above it cost, next to any constant; the last entry belongs to the most.</param>
public readonly record struct LearnedBits(double Bits, int Least, ImmutableArray<double> Costs)
{
    /// <summary>The nearest whole number of bits.</summary>
    public int Rounded => Math.Clamp((int)Math.Round(Bits, MidpointRounding.AwayFromZero), Least, Most);

    /// <summary>The most bits.</summary>
    public int Most => Least + Costs.Length - 1;

    /// <summary>What a bit more costs at b.</summary>
    public double Slope
    {
        get
        {
            int lower = Math.Clamp((int)Math.Floor(Bits) - Least, 0, Math.Max(Costs.Length - 2, 0));
            return Costs.Length == 1 ? 0 : Costs[lower + 1] - Costs[lower];
        }
    }
}

/// <summary>
/// Whole bits within a budget, near learned ones. The error power of a quantiser falls to a quarter with each bit, and where bits were learned at a price the loss gains by a bit what the bit costs; so what whole bits n lose is, but
/// for a factor,
/// <code>
/// harm(n) = sum over layers of slope_i 4^(b_i - n_i)
/// </code>
/// (a layer that learned the most bits loses that at least). <see cref="BitBudget"/> chooses by the costs of single layers. What all of them cost together is another figure, though a near one: while it exceeds the budget, the
/// choice is made again for so much less, and in the end layers get the bits that there is room for.
/// </summary>
public static class WholeBits
{
    /// <summary>The slope of what costs nothing, as a share of the greatest.</summary>
    private const double FreeShare = 1e-6;

    /// <summary>Bits of each layer.</summary>
    /// <param name="learned">What was learned, by layer.</param>
    /// <param name="constant">What they cost beside the costs of layers.</param>
    /// <param name="cost">What whole bits cost together.</param>
    /// <param name="budget">The most that they may cost.</param>
    /// <exception cref="ArgumentException">The least bits cost more.</exception>
    public static ImmutableSortedDictionary<string, int> Fit(
        ImmutableSortedDictionary<string, LearnedBits> learned, double constant, Func<ImmutableSortedDictionary<string, int>, double> cost, double budget)
    {
        double free = Math.Max(learned.Values.Max(layer => layer.Slope) * FreeShare, double.Epsilon);
        double[][] harms = [.. learned.Values.Select(layer => Enumerable.Range(layer.Least, layer.Costs.Length).Select(bits => HarmOf(layer, bits)).ToArray())];
        double[][] costs = [.. learned.Values.Select(layer => layer.Costs.ToArray())];
        double least = costs.Sum(layer => layer[0]) + constant;
        ImmutableSortedDictionary<string, int> chosen;
        for (double room = budget; ;)
        {
            chosen = Of(BitBudget.Choose(harms, costs, room - constant));
            double excess = cost(chosen) - budget;
            if (excess <= 0)
            {
                break;
            }

            if (room < least)
            {
                chosen = learned.ToImmutableSortedDictionary(layer => layer.Key, layer => layer.Value.Least, StringComparer.Ordinal);
                double reached = cost(chosen);
                if (reached > budget)
                {
                    throw new ArgumentException(FormattableString.Invariant($"the least bits cost {reached}, and the budget is {budget}"), nameof(budget));
                }

                break;
            }

            // Less room than this choice takes, so that the next one is another.
            room = Math.Min(room - excess, Math.BitDecrement(constant + learned.Sum(layer => layer.Value.Costs[chosen[layer.Key] - layer.Value.Least])));
        }

        while (learned.Keys.Where(layer => chosen[layer] < learned[layer].Most).OrderByDescending(layer => HarmOf(learned[layer], chosen[layer]))
            .Select(layer => chosen.SetItem(layer, chosen[layer] + 1)).FirstOrDefault(more => cost(more) <= budget) is { } raised)
        {
            chosen = raised;
        }

        return chosen;

        double HarmOf(LearnedBits layer, int bits) => Math.Max(layer.Slope, free) * Math.Pow(4, layer.Bits - bits);

        ImmutableSortedDictionary<string, int> Of(ImmutableArray<int> places) =>
            learned.Zip(places, (layer, place) => KeyValuePair.Create(layer.Key, layer.Value.Least + place)).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
