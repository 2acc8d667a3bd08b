// SPDX-License-Identifier: Apache-2.0
namespace Cli.Comparison;

/// <summary>A figure that two runs or sweeps do not share.</summary>
/// <param name="Item">The network ("inference"), a layer, or a point by its settings.</param>
/// <param name="Metric">The figure's name.</param>
/// <param name="A">Its value in the first; null where it is not there.</param>
/// <param name="B">Its value in the second; null where it is not there.</param>
/// <param name="Change"><c>(b - a) / |a|</c>; null where either is not there, or where a is 0.</param>
public sealed record FigureDifference(string Item, string Metric, double? A, double? B, double? Change)
{
    /// <summary>Whether it is more than a share of the first.</summary>
    public bool Exceeds(double tolerance) => Change is not double change || Math.Abs(change) > tolerance;
}

/// <summary>Compares figures one by one.</summary>
public static class FigureComparison
{
    /// <summary>Every figure that differs, in the order of the first set; what only one of them has comes with the other's value missing.</summary>
    public static IReadOnlyList<FigureDifference> Of(FigureSet a, FigureSet b)
    {
        var there = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        foreach ((string item, IReadOnlyDictionary<string, double> figures) in b.Items)
        {
            there.TryAdd(item, figures);
        }

        HashSet<string> seen = [];
        List<FigureDifference> differences = [];
        foreach ((string item, IReadOnlyDictionary<string, double> figures) in a.Items)
        {
            seen.Add(item);
            IReadOnlyDictionary<string, double> others = there.GetValueOrDefault(item) ?? new Dictionary<string, double>();
            foreach (string metric in figures.Keys.Concat(others.Keys.Where(name => !figures.ContainsKey(name))))
            {
                double? first = figures.TryGetValue(metric, out double x) ? x : null, second = others.TryGetValue(metric, out double y) ? y : null;
                if (first != second)
                {
                    differences.Add(new(item, metric, first, second, first is double from && second is double to && from != 0 ? (to - from) / Math.Abs(from) : null));
                }
            }
        }

        differences.AddRange(b.Items.Where(entry => !seen.Contains(entry.Item)).SelectMany(entry => entry.Figures.Select(figure => new FigureDifference(entry.Item, figure.Key, null, figure.Value, null))));
        return differences;
    }
}
