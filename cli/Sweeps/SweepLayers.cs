// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Timing;

namespace Cli.Sweeps;

/// <summary>Whether the layers that objectives and constraints name are there, asked before any point is made.</summary>
internal static class SweepLayers
{
    /// <summary>Networks may differ with every axis; so many combinations are asked, and where there are more nothing is said.</summary>
    private const int Combinations = 16;

    /// <summary>Adds a finding for every layer that no network of the sweep has.</summary>
    public static void Check(SweepSpec sweep, SpecIssues issues)
    {
        (Metric Metric, SpecPosition? Position, string Key)[] asked =
        [
            .. sweep.Constraints.Select(constraint => (constraint.Metric, constraint.Position, "constraints")),
            .. sweep.Objectives.Select(objective => (objective.Metric, objective.Position, objective.Key)),
        ];
        if (asked.All(entry => entry.Metric.Layer is null) || sweep.Axes.Any(axis => axis.Keys.Any(IsOfNetwork) && axis.Values.Length > Combinations))
        {
            return;
        }

        string[] names;
        try
        {
            names = [.. NamesOf(sweep)];
        }
        catch (SpecException exception)
        {
            foreach (SpecIssue issue in exception.Issues)
            {
                issues.Add(issue);
            }

            return;
        }

        foreach ((Metric metric, SpecPosition? position, string key) in asked)
        {
            // Where no combination makes a network, the points will say why.
            if (names.Length > 0 && metric.Layer is string layer && !names.Contains(layer))
            {
                issues.Add(position ?? SpecPosition.StartOf(sweep.File), key, $"{metric.Name}: no network has such a layer, found '{layer}'{NearestName.Suggestion(layer, names)}, allowed {string.Join(", ", names)}");
            }
        }
    }

    private static bool IsOfNetwork(string key) => !key.StartsWith("accelerator", StringComparison.Ordinal);

    /// <summary>The layers of the networks where every axis has its value of a number, or its last.</summary>
    private static IEnumerable<string> NamesOf(SweepSpec sweep)
    {
        SweepDesigns designs = new(sweep);
        SweepNetworks networks = SweepNetworks.Of(sweep);
        int tries = Math.Min(Combinations, sweep.Axes.Max(axis => axis.Values.Length));
        return Enumerable.Range(0, tries).SelectMany(number =>
        {
            int[] point = [.. sweep.Axes.Select(axis => Math.Min(number, axis.Values.Length - 1))];
            return designs.Of(point, out _) is AcceleratorSpec design ? networks.LayersOf(point, design) : [];
        }).Distinct();
    }
}
