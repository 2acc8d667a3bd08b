// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Experiments;

namespace Cli.Sweeps;

/// <summary>What a sweep starts from: whether the keys of its axes are there is known before any point is made.</summary>
internal static class SweepBase
{
    /// <summary>A key, or a layer, may be there only beside some value of another axis; so many combinations are asked.</summary>
    internal const int Combinations = 16;

    /// <summary>Points in which each value of each axis occurs, of the first <see cref="Combinations"/>: every axis has its value of a number, or its last.</summary>
    internal static IEnumerable<int[]> Samples(SweepSpec sweep) =>
        Enumerable.Range(0, Math.Min(Combinations, sweep.Axes.Max(axis => axis.Values.Length))).Select(number => (int[])[.. sweep.Axes.Select(axis => Math.Min(number, axis.Values.Length - 1))]);

    /// <summary>Adds a finding for every key that the base does not have, whatever the other axes say.</summary>
    public static void CheckKeys(SweepSpec sweep, IReadOnlyList<SpecSection> sections, SpecIssues issues)
    {
        SpecIssues[] found = [.. Samples(sweep).Select(point => FindingsOf(sweep, point))];
        foreach ((SweepAxis axis, SpecSection section) in sweep.Axes.Zip(sections))
        {
            foreach ((string path, SpecValue key) in axis.Keys.Zip(section.Required("keys").AsList()))
            {
                if (sweep.Experiment.Length == 0 && path is not ("accelerator" or "network") && !path.StartsWith(Design, StringComparison.Ordinal))
                {
                    key.Issue($"names no key, found '{path}', allowed accelerator, network (whole files), and keys below accelerator");
                }
                else if (found.All(some => some.Any(issue => IsAbout(issue, path))))
                {
                    key.Issue($"names no key: {found[0].First(issue => IsAbout(issue, path)).Message}");
                }
            }
        }
    }

    private const string Design = "accelerator.";

    /// <summary>What is wrong at a point.</summary>
    private static SpecIssues FindingsOf(SweepSpec sweep, int[] point)
    {
        (string Path, SpecScalar Value)[] values =
        [
            .. sweep.Axes.SelectMany((axis, a) => axis.Keys.Zip(axis.Values[point[a]].ByKey, (key, value) => (key, value))),
        ];
        SpecIssues found = [];
        if (sweep.Experiment.Length > 0)
        {
            ExperimentFile.Load(sweep.Experiment, [.. values.Select(value => new ExperimentFile.Override(value.Path, value.Value))], found, checkFit: false);
        }
        else if (YamlFile.LoadWithBase(sweep.Accelerator, found) is SpecNode tree)
        {
            foreach ((string path, SpecScalar value) in values.Where(value => value.Path.StartsWith(Design, StringComparison.Ordinal)))
            {
                tree = tree.With(path[Design.Length..], value, found);
            }

            AcceleratorFile.ReadMembers(tree, found);
        }

        return found;
    }

    /// <summary>Whether a finding says that the path leads to no key; paths within a part's file do not begin with the part's name.</summary>
    private static bool IsAbout(SpecIssue issue, string path)
    {
        bool nowhere = issue.Message.StartsWith("unknown key", StringComparison.Ordinal) || issue.Message.StartsWith("the path leads nowhere", StringComparison.Ordinal)
            || issue.Message.StartsWith("no such list item", StringComparison.Ordinal) || issue.Message.StartsWith("not a key path", StringComparison.Ordinal);
        return nowhere && (path.EndsWith(issue.KeyPath, StringComparison.Ordinal) || path.Contains($".{issue.KeyPath}.", StringComparison.Ordinal));
    }
}
