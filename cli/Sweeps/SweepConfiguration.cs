// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Experiments;

namespace Cli.Sweeps;

/// <summary>A sweep with every default spelled out, and its identity.</summary>
/// <param name="Yaml">Text of <c>sweep.yaml</c>.</param>
/// <param name="Sha256">SHA-256 over the axes and all experiments of the grid.</param>
public sealed record SweepConfiguration(string Yaml, string Sha256)
{
    private sealed record AxisText
    {
        public required string Name { get; init; }

        public required string Unit { get; init; }

        public required ImmutableArray<string> Keys { get; init; }

        public required ImmutableArray<string> Values { get; init; }
    }

    /// <summary>Resolves a sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="points">Its grid, of which a point can run.</param>
    public static SweepConfiguration Of(SweepSpec sweep, ImmutableArray<GridPoint> points)
    {
        AxisText[] axes =
        [
            .. sweep.Axes.Select(axis => new AxisText { Name = axis.Name, Unit = axis.Unit, Keys = axis.Keys, Values = [.. axis.Values.Select(value => value.Label)] }),
        ];
        string hash = SpecHash.Of(new object[] { sweep.Name, sweep.Description, axes, points.Select(point => point.Experiment) });
        GridPoint first = points.First(point => point.Experiment is not null);
        string yaml = $"# config_sha256: {hash}\n"
            + YamlText.Of([("name", sweep.Name), ("description", sweep.Description), ("axes", axes)])
            + $"\n# the experiment of {first.Id}, the first point that can run, with every default\n"
            + string.Concat(ResolvedConfiguration.Of(first.Experiment!).Yaml.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"#   {line}\n"));
        return new(yaml, hash);
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
