// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Cli.Sweeps.Storage;

namespace Cli.Sweeps;

/// <summary>One point as the report has it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Labels">One for each axis; empty where the axis takes no part.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="IsFeasible">Whether it keeps to every constraint.</param>
public sealed record TriedPoint(string Id, IReadOnlyList<string> Labels, PointOutcome Outcome, bool IsFeasible);

/// <summary>Takes the points in their order: writes their lines, counts them, keeps the front, and of the others as many as a report can show.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="row">Its lines.</param>
/// <param name="files">Where they go.</param>
/// <param name="expected">Points that will come.</param>
public sealed class SweepTally(SweepSpec sweep, ResultRow row, ResultFiles files, long expected)
{
    /// <summary>More points than that make a page large and slow: of a larger sweep every n-th is shown, and the whole front.</summary>
    private const int MostShown = 100_000;

    private const int MostRefused = 200;

    private readonly long _stride = Math.Max(1, (expected + MostShown - 1) / MostShown);
    private readonly RunningFront<TriedPoint> _front = new(sweep, row);
    private readonly List<TriedPoint> _shown = [];
    private readonly List<TriedPoint> _refused = [];
    private long _number;

    /// <summary>Points by how they ended.</summary>
    public long[] Counts { get; } = new long[Enum.GetValues<OutcomeKind>().Length];

    /// <summary>Points that keep to every constraint.</summary>
    public long Feasible { get; private set; }

    /// <summary>The points that keep to the constraints and that no other beats in every objective, in order.</summary>
    public IReadOnlyList<TriedPoint> Front => [.. _front.Points.OrderBy(point => point.Id.Length).ThenBy(point => point.Id, StringComparer.Ordinal)];

    /// <summary>The front so far in a line.</summary>
    public string FrontNote() => _front.Note();

    /// <summary>What the report shows besides the front.</summary>
    public IReadOnlyList<TriedPoint> Shown => _shown;

    /// <summary>The first of those without figures.</summary>
    public IReadOnlyList<TriedPoint> Refused => _refused;

    /// <summary>Takes the next point.</summary>
    public void Add(string id, ReadOnlySpan<int> point, PointOutcome outcome)
    {
        var line = new StringBuilder();
        row.Append(line, id, point, outcome);
        Add(line.ToString(), id, point, outcome);
    }

    /// <summary>Takes the next point, whose line is there already.</summary>
    public void Add(ReadOnlySpan<char> line, string id, ReadOnlySpan<int> point, PointOutcome outcome)
    {
        files.Add(outcome.Kind, line);
        Counts[(int)outcome.Kind]++;
        bool feasible = row.IsFeasible(outcome);
        bool shown = _number++ % _stride == 0;
        if (outcome.Kind != OutcomeKind.Measured)
        {
            if (_refused.Count < MostRefused)
            {
                _refused.Add(Tried(id, point, outcome, false));
            }

            return;
        }

        TriedPoint? tried = shown ? Tried(id, point, outcome, feasible) : null;
        if (tried is not null)
        {
            _shown.Add(tried);
        }

        if (feasible)
        {
            Feasible++;
            if (_front.Takes(outcome, out double[] costs))
            {
                _front.Add(costs, outcome, tried ?? Tried(id, point, outcome, feasible));
            }
        }
    }

    private TriedPoint Tried(string id, ReadOnlySpan<int> point, PointOutcome outcome, bool feasible)
    {
        string[] labels = new string[sweep.Axes.Length];
        for (int axis = 0; axis < labels.Length; axis++)
        {
            labels[axis] = sweep.Axes[axis].Label(point[axis]);
        }

        return new(id, labels, outcome, feasible);
    }
}
