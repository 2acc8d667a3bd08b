// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Timing;

namespace Cli.Sweeps;

/// <summary>Whether the layers that objectives and constraints name are there, asked before any point is made.</summary>
internal static class SweepLayers
{
    /// <summary>Adds a finding for every layer that no network of the sweep has; none where an axis has more networks than are asked.</summary>
    public static void Check(SweepSpec sweep, SpecIssues issues)
    {
        (Metric Metric, SpecPosition? Position, string Key)[] asked =
        [
            .. sweep.Constraints.Select(constraint => (constraint.Metric, constraint.Position, "constraints")),
            .. sweep.Objectives.Select(objective => (objective.Metric, objective.Position, objective.Key)),
        ];
        if (asked.All(entry => entry.Metric.Layer is null) || sweep.Axes.Any(axis => axis.Keys.Any(IsOfNetwork) && axis.Values.Length > SweepBase.Combinations))
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
            issues.AddRange(exception.Issues);
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

    private static IEnumerable<string> NamesOf(SweepSpec sweep)
    {
        SweepDesigns designs = new(sweep);
        SweepNetworks networks = SweepNetworks.Of(sweep);
        return SweepBase.Samples(sweep).SelectMany(point => designs.Of(point, out _) is AcceleratorSpec design ? networks.LayersOf(point, design) : []).Distinct();
    }
}
