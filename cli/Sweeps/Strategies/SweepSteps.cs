// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Cli.Sweeps.Storage;

namespace Cli.Sweeps.Strategies;

/// <summary>Points that may all be worked on at once: a whole grid, a generation, or a rung.</summary>
/// <param name="Points">The points.</param>
/// <param name="Epochs">Epochs of the quantised phase after which their trainings halt; null for all.</param>
public sealed record SweepStep(ImmutableArray<GridPoint> Points, int? Epochs)
{
    /// <summary>What to say before it begins; empty for nothing.</summary>
    public string Remark { get; init; } = "";
}

/// <summary>The steps of a sweep with values, each chosen by what came of those before. The same outcomes give the same steps, whoever worked them out.</summary>
internal abstract class SweepSteps(SweepStep first, ResultRow row)
{
    /// <summary>The first step.</summary>
    public SweepStep First { get; } = first;

    /// <summary>The step after one; null at the end.</summary>
    /// <param name="step">The step before.</param>
    /// <param name="outcomes">What came of its points, in their order.</param>
    public SweepStep? After(SweepStep step, IReadOnlyList<PointOutcome> outcomes) => Next([.. step.Points.Zip(outcomes, Tried)], step);

    /// <summary>The steps of a sweep.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="row">Its objectives and constraints.</param>
    /// <param name="first">The points that are tried first.</param>
    /// <param name="search">What chose them; null for the full grid.</param>
    public static SweepSteps Of(SweepSpec sweep, ResultRow row, ImmutableArray<GridPoint> first, ISearch? search) =>
        sweep.Strategy.Kind == StrategyKind.SuccessiveHalving ? new Rungs(sweep, row, first) : new Generations(sweep, row, first, search);

    /// <summary>The next step; null at the end.</summary>
    protected abstract SweepStep? Next(SearchPoint[] tried, SweepStep last);

    private SearchPoint Tried(GridPoint point, PointOutcome outcome) =>
        new([.. point.Coordinates], row.Violation(outcome), outcome.Kind == OutcomeKind.Measured ? row.Costs(outcome) : []);

    /// <summary>All points, or generation after generation.</summary>
    private sealed class Generations(SweepSpec sweep, ResultRow row, ImmutableArray<GridPoint> first, ISearch? search) : SweepSteps(new(first, null), row)
    {
        private int _tried = first.Length;

        protected override SweepStep? Next(SearchPoint[] tried, SweepStep last)
        {
            ImmutableArray<GridPoint> next = search is null ? [] : SweepGrid.PointsOf(sweep, search.Next(tried), _tried + 1);
            _tried += next.Length;
            return next.IsEmpty ? null : new(next, null);
        }
    }

    /// <summary>Rung after rung.</summary>
    private sealed class Rungs : SweepSteps
    {
        private readonly ImmutableArray<Rung> _rungs;
        private int _next = 1;

        public Rungs(SweepSpec sweep, ResultRow row, ImmutableArray<GridPoint> first)
            : this(row, first, [.. SuccessiveHalving.Rungs(sweep.Strategy, first.Length, EpochsOf(first))])
        {
        }

        private Rungs(ResultRow row, ImmutableArray<GridPoint> first, ImmutableArray<Rung> rungs)
            : base(StepOf(first, rungs[0], rungs), row) => _rungs = rungs;

        protected override SweepStep? Next(SearchPoint[] tried, SweepStep last)
        {
            if (_next == _rungs.Length)
            {
                return null;
            }

            Rung rung = _rungs[_next++];
            if (rung.Points >= last.Points.Length)
            {
                return StepOf(last.Points, rung, _rungs);
            }

            HashSet<SearchPoint> best = new(SuccessiveHalving.Best(tried, rung.Points), ReferenceEqualityComparer.Instance);
            return StepOf([.. last.Points.Where((_, i) => best.Contains(tried[i]))], rung, _rungs);
        }

        private static int EpochsOf(ImmutableArray<GridPoint> points) => points.Select(point => point.Experiment?.Trained?.Training.QuantizedPhase?.Epochs ?? 1).Append(1).Max();

        private static SweepStep StepOf(ImmutableArray<GridPoint> points, Rung rung, ImmutableArray<Rung> rungs) =>
            new(points, rung.Epochs) { Remark = FormattableString.Invariant($"halving: {points.Length} points up to epoch {rung.Epochs} of {rungs[^1].Epochs}") };
    }
}
