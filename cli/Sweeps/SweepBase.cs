// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Experiments;

namespace Cli.Sweeps;

/// <summary>What a sweep starts from: whether the keys of its axes are there is known before any point is made.</summary>
internal static class SweepBase
{
    /// <summary>Adds a finding for every key that the base does not have, and cannot have.</summary>
    public static void CheckKeys(SweepSpec sweep, IReadOnlyList<SpecSection> sections, SpecIssues issues)
    {
        SpecIssues ofBase = [];
        SpecNode? accelerator = sweep.Accelerator.Length > 0 ? YamlFile.LoadWithBase(sweep.Accelerator, ofBase) : null;
        for (int i = 0; i < sweep.Axes.Length; i++)
        {
            SweepAxis axis = sweep.Axes[i];
            IReadOnlyList<SpecValue> keys = sections[i].Required("keys").AsList();
            for (int k = 0; k < axis.Keys.Length; k++)
            {
                string path = axis.Keys[k];
                SpecScalar first = axis.Values[0].ByKey[k];
                SpecIssues found = [];
                if (sweep.Experiment.Length > 0)
                {
                    ExperimentFile.Load(sweep.Experiment, [new(path, first)], found, checkFit: false);
                }
                else if (accelerator is not null && path.StartsWith("accelerator.", StringComparison.Ordinal))
                {
                    AcceleratorFile.Read(accelerator.With(path["accelerator.".Length..], first, found), found);
                }
                else if (path is not ("accelerator" or "network"))
                {
                    keys[k].Issue($"names no key, found '{path}', allowed accelerator, network (whole files), and keys below accelerator");
                }

                if (found.FirstOrDefault(issue => IsAbout(issue, path)) is SpecIssue unknown)
                {
                    keys[k].Issue($"names no key: {unknown.Message}");
                }
            }
        }
    }

    /// <summary>Whether a finding says that the path leads to no key; paths within a part's file do not begin with the part's name.</summary>
    private static bool IsAbout(SpecIssue issue, string path)
    {
        bool nowhere = issue.Message.StartsWith("unknown key", StringComparison.Ordinal) || issue.Message.StartsWith("the path leads nowhere", StringComparison.Ordinal)
            || issue.Message.StartsWith("no such list item", StringComparison.Ordinal) || issue.Message.StartsWith("not a key path", StringComparison.Ordinal);
        return nowhere && (path.EndsWith(issue.KeyPath, StringComparison.Ordinal) || path.Contains($".{issue.KeyPath}.", StringComparison.Ordinal));
    }
}
