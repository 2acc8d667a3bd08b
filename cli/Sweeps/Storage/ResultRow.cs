// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AccelModel.Specification;
using Cli.Sweeps.Metrics;

namespace Cli.Sweeps.Storage;

/// <summary>
/// Lines of results.csv (<c>id, keys of the axes, metrics, feasible</c>) and of invalid.csv and failures.csv (<c>id, keys of the axes, reason</c>): written once, and read back where
/// a sweep goes on. Numbers are in full, so that a value that was read is the value that was written.
/// </summary>
public sealed class ResultRow
{
    private readonly SweepSpec _sweep;
    private readonly ImmutableArray<(int Axis, ImmutableArray<string> Texts)> _columns;
    private readonly ImmutableArray<(Constraint Constraint, int Column)> _constraints;

    /// <summary>The lines of a sweep.</summary>
    public ResultRow(SweepSpec sweep)
    {
        _sweep = sweep;
        Metrics = MetricTable.Of(sweep);
        _columns =
        [
            .. sweep.Axes.SelectMany((axis, a) => axis.Keys.Select((_, k) => (a, axis.Values.Select(value => CsvLine.Quote(value.ByKey[k].Text)).ToImmutableArray()))),
        ];
        _constraints = [.. sweep.Constraints.Select(constraint => (constraint, Metrics.IndexOf(constraint.Metric)))];
        string keys = string.Concat(sweep.Axes.SelectMany(axis => axis.Keys).Select(key => "," + CsvLine.Quote(key)));
        Header = $"id{keys}{string.Concat(Metrics.Select(metric => "," + CsvLine.Quote(metric.Name)))},feasible";
        ReasonHeader = $"id{keys},reason";
    }

    /// <summary>The metrics that are columns.</summary>
    public ImmutableArray<Metric> Metrics { get; }

    /// <summary>First line of results.csv.</summary>
    public string Header { get; }

    /// <summary>First line of invalid.csv and failures.csv.</summary>
    public string ReasonHeader { get; }

    /// <summary>Whether an outcome keeps to every constraint.</summary>
    public bool IsFeasible(PointOutcome outcome)
    {
        if (outcome.Kind != OutcomeKind.Measured)
        {
            return false;
        }

        foreach ((Constraint constraint, int column) in _constraints)
        {
            if (!constraint.Holds(outcome.Figures[column]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How far an outcome is from keeping to the constraints, over all of them.</summary>
    public double Violation(PointOutcome outcome) => outcome.Kind != OutcomeKind.Measured
        ? double.PositiveInfinity
        : _constraints.Sum(entry => entry.Constraint.Violation(outcome.Figures[entry.Column]));

    /// <summary>The figures of the objectives as costs: less is better.</summary>
    public double[] Costs(PointOutcome outcome) => [.. _sweep.Objectives.Select(objective => objective.Cost(outcome.Figures[Metrics.IndexOf(objective.Metric)]))];

    /// <summary>Appends the line of a point, without its end.</summary>
    public void Append(StringBuilder text, string id, ReadOnlySpan<int> point, PointOutcome outcome)
    {
        text.Append(id);
        foreach ((int axis, ImmutableArray<string> texts) in _columns)
        {
            text.Append(',');
            if (point[axis] >= 0)
            {
                text.Append(texts[point[axis]]);
            }
        }

        if (outcome.Kind != OutcomeKind.Measured)
        {
            text.Append(',').Append(CsvLine.Quote(outcome.Reason.ReplaceLineEndings("; ")));
            return;
        }

        for (int i = 0; i < Metrics.Length; i++)
        {
            text.Append(',');
            if (outcome.Figures[i] is double value)
            {
                if (Metrics[i].IsWhole)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{(long)value}");
                }
                else
                {
                    text.Append(CultureInfo.InvariantCulture, $"{value:R}");
                }
            }
        }

        text.Append(IsFeasible(outcome) ? ",true" : ",false");
    }

    /// <summary>The outcome that a line tells.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public PointOutcome Parse(OutcomeKind kind, string line)
    {
        ImmutableArray<string> fields = CsvLine.Fields(line);
        int expected = 1 + _columns.Length + (kind == OutcomeKind.Measured ? Metrics.Length + 1 : 1);
        if (fields.Length != expected)
        {
            throw new FormatException($"{fields.Length} fields, expected {expected}");
        }

        return kind != OutcomeKind.Measured
            ? new(kind, [], fields[^1])
            : new(kind, [.. fields.Skip(1 + _columns.Length).Take(Metrics.Length).Select(field => field.Length == 0 ? (double?)null : double.Parse(field, NumberStyles.Float, CultureInfo.InvariantCulture))], "");
    }
}
