// SPDX-License-Identifier: Apache-2.0
using Cli.Sweeps.Storage;
using Reports.Figures;
using Reports.Tables;

namespace Cli.Sweeps;

/// <summary>The points so far that keep to the constraints and that no other beats in every objective.</summary>
/// <param name="sweep">Its objectives.</param>
/// <param name="row">Its figures.</param>
/// <typeparam name="T">What is remembered of a point beside its outcome.</typeparam>
internal sealed class RunningFront<T>(SweepSpec sweep, ResultRow row)
{
    private const int MostNoted = 3;

    private readonly List<(double[] Costs, PointOutcome Outcome, T Point)> _members = [];

    /// <summary>What is remembered of the points on it.</summary>
    public IEnumerable<T> Points => _members.Select(member => member.Point);

    /// <summary>Whether nothing here beats a point that keeps to the constraints.</summary>
    public bool Takes(PointOutcome outcome, out double[] costs)
    {
        costs = row.Costs(outcome);
        foreach ((double[] Costs, PointOutcome Outcome, T Point) member in _members)
        {
            if (ParetoFront.Dominates(member.Costs, costs))
            {
                return false;
            }
        }

        return !costs.Any(double.IsNaN);
    }

    /// <summary>Takes such a point in place of those that it beats.</summary>
    public void Add(double[] costs, PointOutcome outcome, T point)
    {
        _members.RemoveAll(member => ParetoFront.Dominates(costs, member.Costs));
        _members.Add((costs, outcome, point));
    }

    /// <summary>In a line: how many points, and from where to where each objective goes on it.</summary>
    public string Note()
    {
        string[] spans =
        [
            .. sweep.Objectives.Take(MostNoted).Select(objective =>
            {
                int column = row.Metrics.IndexOf(objective.Metric);
                double[] values = [.. _members.Select(member => member.Outcome.Figures[column] ?? double.NaN)];
                string unit = objective.Metric.IsFraction ? "%" : objective.Metric.Unit;
                return values.Length == 0 ? "" : $"{objective.Metric.Title} {Number(values.Min())}..{Number(values.Max())} {unit}".TrimEnd();
                string Number(double value) => NumberText.Human(objective.Metric.CellOf(value), objective.Metric.Style);
            }).Where(span => span.Length > 0),
        ];
        return FormattableString.Invariant($"front {_members.Count}{(spans.Length > 0 ? ": " : "")}{string.Join(", ", spans)}");
    }
}
