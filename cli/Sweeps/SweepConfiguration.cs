// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Experiments;
using Reports.Figures;

namespace Cli.Sweeps;

/// <summary>A sweep with every default spelled out, and its identity.</summary>
/// <param name="Yaml">Text of <c>sweep.yaml</c>.</param>
/// <param name="Sha256">SHA-256 over the axes, what is asked of the points, and all that they depend on.</param>
public sealed record SweepConfiguration(string Yaml, string Sha256)
{
    private const string HashPrefix = "# config_sha256: ";
    private const string NamePrefix = "name: ";

    /// <summary>Begins the line that names the sweep's file, relative to the folder.</summary>
    public const string FilePrefix = "# of the file ";

    private sealed record AxisText
    {
        public required string Name { get; init; }

        public required string Unit { get; init; }

        public required ImmutableArray<string> Keys { get; init; }

        public required ImmutableArray<string> Values { get; init; }

        public required string? When { get; init; }
    }

    /// <summary>Resolves a sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="identity">All that its points depend on besides its axes.</param>
    /// <param name="folder">The sweep's folder, from which its file is named.</param>
    /// <param name="example">An experiment of the sweep with every default, as a comment; empty for none.</param>
    public static SweepConfiguration Of(SweepSpec sweep, object identity, string folder, string example)
    {
        AxisText[] axes =
        [
            .. sweep.Axes.Select(axis => new AxisText
            {
                Name = axis.Name, Unit = axis.Unit, Keys = axis.Keys, Values = [.. axis.Values.Select(value => value.Label)], When = axis.When?.Text,
            }),
        ];
        (string, object?)[] asked =
        [
            ("constraints", sweep.Constraints.IsEmpty ? null : sweep.Constraints.Select(constraint => constraint.Text).ToImmutableArray()),
            ("maximise", Names(sweep, Goal.Maximize)),
            ("minimise", Names(sweep, Goal.Minimize)),
            ("strategy", sweep.Strategy),
        ];
        string hash = SpecHash.Of(new object?[] { sweep.Name, sweep.Description, axes, asked.Select(entry => entry.Item2).ToArray(), identity });
        string file = Path.GetRelativePath(Path.GetFullPath(folder), Path.GetFullPath(sweep.File)).Replace('\\', '/');
        string yaml = $"{HashPrefix}{hash}\n{FilePrefix}{file}\n"
            + YamlText.Of([("name", sweep.Name), ("description", sweep.Description), .. asked, ("axes", axes)])
            + example;
        return new(yaml, hash);
    }

    /// <summary>An experiment as a comment.</summary>
    public static string Example(string id, ExperimentSpec experiment) => $"\n# the experiment of {id}, the first point that can run, with every default\n"
        + string.Concat(ResolvedConfiguration.Of(experiment).Yaml.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"#   {line}\n"));

    /// <summary>The name of the sweep whose <c>sweep.yaml</c> has these lines; null where there is none.</summary>
    public static string? NameIn(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(NamePrefix, StringComparison.Ordinal)) is string line ? line[NamePrefix.Length..].Trim('"', '\'') : null;

    private static object? Names(SweepSpec sweep, Goal goal)
    {
        ImmutableArray<string> names = [.. sweep.Objectives.Where(objective => objective.Goal == goal).Select(objective => objective.Metric.Name)];
        return names.IsEmpty ? null : names;
    }
}

/// <summary>Findings without the place where the files happen to lie.</summary>
internal static class RelativeFindings
{
    /// <summary>The finding, its file named relative to the sweep's folder.</summary>
    public static string RelativeText(this SweepSpec sweep, SpecIssue issue)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(sweep.File))!;
        return (issue with { File = Path.GetRelativePath(folder, Path.GetFullPath(issue.File)).Replace('\\', '/') }).ToString();
    }
}
