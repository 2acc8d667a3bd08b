// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification.Yaml;
using Cli.Experiments;
using Cli.Sweeps.Space;

namespace Cli.Sweeps;

/// <summary>One point with its experiment.</summary>
/// <param name="Id">Its number among the points that are tried, from 1: "p07".</param>
/// <param name="Coordinates">One value per axis (<see cref="PointSpace"/>).</param>
/// <param name="Experiment">The experiment there; null where the values make none that can run.</param>
/// <param name="Reasons">Why not.</param>
public sealed record GridPoint(string Id, ImmutableArray<int> Coordinates, ExperimentSpec? Experiment, ImmutableArray<SpecIssue> Reasons);

/// <summary>Makes the experiments of points.</summary>
public static class SweepGrid
{
    /// <summary>All points in row-major order: the last axis changes fastest.</summary>
    /// <exception cref="SpecException">No point can run: the findings of all of them.</exception>
    public static ImmutableArray<GridPoint> Of(SweepSpec sweep)
    {
        int[][] all = [.. sweep.Space.All()];
        ImmutableArray<GridPoint> points = [.. all.Select((point, i) => PointOf(sweep, IdOf(i + 1, all.Length), point))];
        if (points.All(point => point.Experiment is null))
        {
            // What is wrong everywhere is wrong in the files, not at a corner of the grid.
            SpecIssues issues = [];
            foreach (SpecIssue issue in points.SelectMany(point => point.Reasons))
            {
                issues.Add(issue);
            }

            issues.ThrowIfAny();
        }

        return points;
    }

    /// <summary>The name of the n-th of so many points: all of them have as many digits.</summary>
    public static string IdOf(long number, long points) =>
        "p" + number.ToString(CultureInfo.InvariantCulture).PadLeft(points.ToString(CultureInfo.InvariantCulture).Length, '0');

    /// <summary>The points at some coordinates, numbered from <paramref name="first"/>, of as many as the sweep's strategy tries.</summary>
    public static ImmutableArray<GridPoint> PointsOf(SweepSpec sweep, IEnumerable<int[]> coordinates, int first) =>
        [.. coordinates.Select((point, i) => PointOf(sweep, IdOf(first + i, sweep.Strategy.Points), point))];

    /// <summary>The point at some coordinates.</summary>
    public static GridPoint PointOf(SweepSpec sweep, string id, ReadOnlySpan<int> point)
    {
        List<ExperimentFile.Override> overrides = sweep.TestImages is SpecNode images ? [new("test_images", images)] : [];
        for (int a = 0; a < point.Length; a++)
        {
            if (point[a] != PointSpace.Absent)
            {
                SweepAxis axis = sweep.Axes[a];
                overrides.AddRange(axis.Keys.Zip(axis.Values[point[a]].ByKey, (key, node) => new ExperimentFile.Override(key, node)));
            }
        }

        SpecIssues issues = [];
        ExperimentSpec? experiment = ExperimentFile.Load(sweep.Experiment, overrides, issues);
        if (experiment?.Trained is { Training.QuantizedPhase: null })
        {
            issues.Add(SpecPosition.StartOf(sweep.Experiment), "training", "a recipe in floating point only has no codes to execute, allowed a recipe with quantized_phase");
            experiment = null;
        }

        return new(id, [.. point], experiment, [.. issues]);
    }
}
