// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace Cli.Experiments;

/// <summary>Whether a design can run a network, with findings placed in the files that say so.</summary>
public static partial class FitRules
{
    /// <summary>Adds every reason why <paramref name="accelerator"/> cannot run <paramref name="network"/>; returns the schedule if there is none.</summary>
    /// <param name="network">The network.</param>
    /// <param name="networkTree">File with its layers, or null where only <paramref name="networkFile"/> is known.</param>
    /// <param name="networkFile">Name of that file.</param>
    /// <param name="accelerator">The design.</param>
    /// <param name="acceleratorTree">Its file.</param>
    /// <param name="issues">Receives the findings.</param>
    /// <param name="objective">What the schedule is to minimise.</param>
    /// <param name="firstLayer">Which of the file's layers is the network's first one.</param>
    public static Schedule? Check(
        IntegerNetwork network, SpecNode? networkTree, string networkFile, AcceleratorSpec accelerator, SpecNode acceleratorTree, SpecIssues issues,
        ScheduleObjective objective = ScheduleObjective.Latency, int firstLayer = 0)
    {
        int before = issues.Count;
        foreach (Finding finding in HardwareFit.Check(network, accelerator))
        {
            if (networkTree is null)
            {
                issues.Add(SpecPosition.StartOf(networkFile), finding.Path, finding.Message);
            }
            else
            {
                issues.Add(networkTree, finding with { Path = LayerPosition().Replace(finding.Path, position => InFile(position, firstLayer)) });
            }
        }

        if (issues.Count > before)
        {
            return null;
        }

        try
        {
            return ScheduleOptimizer.Schedule(network, accelerator, objective);
        }
        catch (ScheduleException exception)
        {
            foreach (ScheduleFinding finding in exception.Findings)
            {
                issues.Add(acceleratorTree, new(finding.KeyPath, $"layer {finding.Layer}: {finding.Message}"));
            }

            return null;
        }
    }

    private static string InFile(Match position, int firstLayer) =>
        string.Create(CultureInfo.InvariantCulture, $"layers[{int.Parse(position.Groups[1].Value, CultureInfo.InvariantCulture) + firstLayer}]");

    [GeneratedRegex(@"^layers\[(\d+)\]")]
    private static partial Regex LayerPosition();
}
