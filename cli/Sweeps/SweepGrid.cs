// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification.Yaml;
using Cli.Experiments;

namespace Cli.Sweeps;

/// <summary>One place of the grid.</summary>
/// <param name="Id">Its number in the grid, from 1: "p07".</param>
/// <param name="Values">One value per axis.</param>
/// <param name="Experiment">The experiment there; null where the values make none that can run.</param>
/// <param name="Reasons">Why not.</param>
public sealed record GridPoint(string Id, ImmutableArray<SweepValue> Values, ExperimentSpec? Experiment, ImmutableArray<SpecIssue> Reasons);

/// <summary>Lays out the full grid of a sweep.</summary>
public static class SweepGrid
{
    /// <summary>All points in row-major order: the last axis changes fastest.</summary>
    /// <exception cref="SpecException">No point can run: the findings of all of them.</exception>
    public static ImmutableArray<GridPoint> Of(SweepSpec sweep)
    {
        int digits = sweep.Points.ToString(CultureInfo.InvariantCulture).Length;
        var points = ImmutableArray.CreateBuilder<GridPoint>();
        foreach (ImmutableArray<SweepValue> values in Combinations(sweep.Axes))
        {
            string id = "p" + (points.Count + 1).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
            points.Add(PointOf(sweep, id, values));
        }

        if (points.All(point => point.Experiment is null))
        {
            // What is wrong everywhere is wrong in the files, not at a corner of the grid.
            SpecIssues all = [];
            foreach (SpecIssue issue in points.SelectMany(point => point.Reasons))
            {
                all.Add(issue);
            }

            all.ThrowIfAny();
        }

        return points.ToImmutable();
    }

    private static GridPoint PointOf(SweepSpec sweep, string id, ImmutableArray<SweepValue> values)
    {
        List<ExperimentFile.Override> overrides = sweep.TestImages is SpecNode images ? [new("test_images", images)] : [];
        foreach ((SweepAxis axis, SweepValue value) in sweep.Axes.Zip(values))
        {
            overrides.AddRange(axis.Keys.Zip(value.ByKey, (key, node) => new ExperimentFile.Override(key, node)));
        }

        SpecIssues issues = [];
        ExperimentSpec? experiment = ExperimentFile.Load(sweep.Experiment, overrides, issues);
        if (experiment?.Trained is { Training.QuantizedPhase: null })
        {
            issues.Add(SpecPosition.StartOf(sweep.Experiment), "training", "a recipe in floating point only has no codes to execute, allowed a recipe with quantized_phase");
            experiment = null;
        }

        return new(id, values, experiment, [.. issues]);
    }

    private static IEnumerable<ImmutableArray<SweepValue>> Combinations(ImmutableArray<SweepAxis> axes)
    {
        IEnumerable<ImmutableArray<SweepValue>> rows = [[]];
        return axes.Aggregate(rows, (before, axis) => before.SelectMany(row => axis.Values.Select(value => row.Add(value))));
    }
}
