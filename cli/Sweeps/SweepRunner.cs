// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Simulation;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Storage;
using Cli.Sweeps.Strategies;
using Cli.Sweeps.Timing;
using Cli.Sweeps.Units;
using Reports.Terminal;

namespace Cli.Sweeps;

/// <summary>Runs a sweep into a folder: with values (<see cref="ValueEvaluator"/>) or without (<see cref="TimingEvaluator"/>), all points of the grid or those that a search chooses.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="folder">Where its files go.</param>
/// <param name="environment">Images, log and cancellation.</param>
public sealed class SweepRunner(SweepSpec sweep, SweepFolder folder, SweepEnvironment environment)
{
    private readonly ResultRow _row = new(sweep);

    /// <summary>Runs all points that are not finished.</summary>
    /// <param name="resume">Whether to go on with what the folder holds.</param>
    /// <param name="finish">Writes what else comes of it into the folder, while no other process may; null writes nothing.</param>
    /// <exception cref="SpecException">No point can run.</exception>
    /// <exception cref="CommandException">The folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public SweepResult Run(bool resume, Action<SweepResult>? finish = null) => sweep.NeedsValues ? WithValues(resume, finish) : WithoutValues(resume, finish);

    /// <summary>Whether the points are known before any of them is measured.</summary>
    public bool KnowsPoints => sweep.Strategy.Kind is StrategyKind.Grid or StrategyKind.Random or StrategyKind.LatinHypercube;

    /// <summary>The most threads that a training of the planned units has.</summary>
    public int Threads { get; private set; } = 1;

    /// <summary>Checks the sweep, begins its folder, and cuts its work into units.</summary>
    /// <param name="resume">Whether to go on with what the folder holds.</param>
    /// <exception cref="SpecException">No point can run.</exception>
    /// <exception cref="CommandException">The folder cannot be used.</exception>
    public IReadOnlyList<SweepUnit> Plan(bool resume)
    {
        if (!sweep.NeedsValues)
        {
            (_, _, FolderLock taken) = BeginWithoutValues(resume);
            taken.Dispose();
            return KnowsPoints ? SweepUnits.OfPoints(Expected, TimedRun.ChunkPoints) : [];
        }

        using var evaluator = new ValueEvaluator(sweep, folder, environment);
        (ImmutableArray<GridPoint> first, ISearch? search, _, FolderLock held) = BeginWithValues(evaluator, resume);
        held.Dispose();
        return UnitsOf(SweepSteps.Of(sweep, _row, first, search).First, evaluator);
    }

    /// <summary>
    /// The units of the step after those that tasks of a cluster have done; whatever of these no task finished is done here. None where the sweep has no more steps, or what they need is there.
    /// </summary>
    /// <param name="steps">How many steps were submitted.</param>
    public IReadOnlyList<SweepUnit> PlanNext(int steps)
    {
        if (KnowsPoints || !sweep.NeedsValues)
        {
            return [];
        }

        using var evaluator = new ValueEvaluator(sweep, folder, environment);
        (ImmutableArray<GridPoint> first, ISearch? search, _, FolderLock held) = BeginWithValues(evaluator, resume: true);
        using FolderLock lease = held;
        var all = SweepSteps.Of(sweep, _row, first, search);
        SweepStep? step = all.First;
        for (int done = 0; step is not null && (done < steps || evaluator.IsFinished(step.Points, step.Epochs)); done++)
        {
            step = all.After(step, evaluator.Evaluate(step.Points, step.Epochs));
        }

        return step is null ? [] : UnitsOf(step, evaluator);
    }

    private IReadOnlyList<SweepUnit> UnitsOf(SweepStep step, ValueEvaluator evaluator)
    {
        Threads = step.Points.Select(point => point.Experiment?.Trained?.Training.Threads ?? 1).Append(1).Max();
        (IReadOnlyList<GridPoint> floats, IReadOnlyList<GridPoint> recipes) = evaluator.TrainingsOf(step.Points, step.Epochs);
        IReadOnlyList<SweepUnit> units = SweepUnits.Of(floats, recipes, step.Points.Length);
        return KnowsPoints ? units : [.. units.Select(unit => unit.Phase == UnitPhase.Points ? unit with { Points = [.. Slice(step, unit)], Epochs = step.Epochs } : unit with { Epochs = step.Epochs })];
    }

    private static IEnumerable<ImmutableArray<int>> Slice(SweepStep step, SweepUnit unit) => step.Points.Skip((int)unit.First).Take((int)unit.Count).Select(point => point.Coordinates);

    /// <summary>Does one unit, and leaves what comes of it in the folder; does not write any table.</summary>
    /// <returns>How many of its points or trainings failed.</returns>
    public long RunUnit(SweepUnit unit)
    {
        if (!sweep.NeedsValues)
        {
            return TimedSlice(unit);
        }

        using var evaluator = new ValueEvaluator(sweep, folder, environment);
        if (unit.Phase == UnitPhase.Points)
        {
            IEnumerable<int[]> slice = KnowsPoints ? Coordinates().Skip((int)unit.First).Take((int)unit.Count) : unit.Points.Select(point => point.ToArray());
            GridPoint[] points = [.. slice.Select((point, i) => SweepGrid.PointOf(sweep, SweepGrid.IdOf(unit.First + i + 1, Expected), point))];
            return evaluator.Evaluate(points, unit.Epochs).LongCount(outcome => outcome.Kind == OutcomeKind.Failed);
        }

        return evaluator.Train([.. unit.Points.Select(point => SweepGrid.PointOf(sweep, "", point.AsSpan()))], unit.Phase == UnitPhase.Float, unit.Epochs);
    }

    /// <summary>Points that are tried, where nothing ends the sweep before.</summary>
    private long Expected => sweep.Strategy.Kind == StrategyKind.Grid ? sweep.Space.Count(long.MaxValue - 1) : sweep.Strategy.Points;

    /// <summary>The points that are known beforehand.</summary>
    private IEnumerable<int[]> Coordinates() => Searches.Of(sweep.Strategy, sweep.Space) is ISearch search ? search.Next([]) : sweep.Space.All();

    private (ImmutableArray<GridPoint> First, ISearch? Search, SweepConfiguration Configuration, FolderLock Held) BeginWithValues(ValueEvaluator evaluator, bool resume)
    {
        // Whatever is wrong or missing is told before anything is written or computed.
        ISearch? search = Searches.Of(sweep.Strategy, sweep.Space);
        ImmutableArray<GridPoint> first = search is null ? SweepGrid.Of(sweep) : [];
        folder.Check(sweep.Name, resume);
        first = search is null ? first : SweepGrid.PointsOf(sweep, search.Next([]), 1);
        evaluator.Prepare(first);
        GridPoint? example = first.FirstOrDefault(point => point.Experiment is not null);
        SweepConfiguration configuration = SweepConfiguration.Of(
            sweep, first.Select(point => point.Experiment), folder.Root, example is null ? "" : SweepConfiguration.Example(example.Id, example.Experiment!));
        return (first, search, configuration, Begin(configuration));
    }

    private (TimingEvaluator Evaluator, SweepConfiguration Configuration, FolderLock Held) BeginWithoutValues(bool resume)
    {
        var evaluator = new TimingEvaluator(sweep);
        SweepConfiguration configuration = SweepConfiguration.Of(sweep, evaluator.Identity, folder.Root, "");
        folder.Check(sweep.Name, resume);
        DesignConstraints.Require(sweep, evaluator.Designs(KnowsPoints ? Coordinates() : []));
        return (evaluator, configuration, Begin(configuration));
    }

    private FolderLock Begin(SweepConfiguration configuration)
    {
        folder.Create();
        FolderLock held = FolderLock.Take(folder.Root);
        try
        {
            AtomicFile.Write(folder.Configuration, configuration.Yaml);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private SweepResult WithValues(bool resume, Action<SweepResult>? finish)
    {
        using var evaluator = new ValueEvaluator(sweep, folder, environment);
        (ImmutableArray<GridPoint> first, ISearch? search, SweepConfiguration configuration, FolderLock held) = BeginWithValues(evaluator, resume);
        using FolderLock lease = held;
        using var files = new ResultFiles(folder, _row);
        var tally = new SweepTally(sweep, _row, files, search is null ? first.Length : sweep.Strategy.Points);
        var steps = SweepSteps.Of(sweep, _row, first, search);
        OrderedDictionary<string, (GridPoint Point, PointOutcome Outcome)> tried = [];
        for (SweepStep? step = steps.First; step is not null;)
        {
            if (step.Remark.Length > 0)
            {
                environment.Log.WriteLine(step.Remark);
            }

            PointOutcome[] outcomes = evaluator.Evaluate(step.Points, step.Epochs);
            foreach ((GridPoint point, PointOutcome outcome) in step.Points.Zip(outcomes))
            {
                // A point that goes on has the figures of the last step that it reached.
                tried[point.Id] = (point, outcome);
            }

            step = steps.After(step, outcomes);
        }

        foreach ((GridPoint point, PointOutcome outcome) in tried.Values)
        {
            tally.Add(point.Id, point.Coordinates.AsSpan(), outcome);
        }

        files.Finish();
        SweepResult result = new(sweep, configuration, _row, tally, evaluator.Trainings);
        finish?.Invoke(result);
        return result;
    }

    private SweepResult WithoutValues(bool resume, Action<SweepResult>? finish)
    {
        (TimingEvaluator evaluator, SweepConfiguration configuration, FolderLock held) = BeginWithoutValues(resume);
        using FolderLock lease = held;
        using PointJournal journal = PointJournal.Open(folder.Journal, JournalIdentity(configuration), environment.Log);
        foreach (string slice in folder.Cluster.Slices())
        {
            journal.Import(slice, JournalIdentity(configuration));
        }

        folder.Cluster.RemoveSlices();
        using var files = new ResultFiles(folder, _row);
        ISearch? search = Searches.Of(sweep.Strategy, sweep.Space);
        var tally = new SweepTally(sweep, _row, files, Expected);
        var run = new TimedRun(_row, evaluator, journal, tally, environment, Expected);
        using (var progress = new TerminalProgress("points", Expected, "points", environment.Log))
        {
            if (search is null)
            {
                run.Run(sweep.Space.All(), progress, tried: null);
            }
            else
            {
                List<SearchPoint> tried = [];
                while (search.Next(tried) is { Count: > 0 } points)
                {
                    tried = [];
                    run.Run(points, progress, tried);
                }
            }
        }

        files.Finish();
        SweepResult result = new(sweep, configuration, _row, tally, Trainings: 0) { Schedules = evaluator.Schedules };
        finish?.Invoke(result);
        return result;
    }

    /// <summary>Chunks of a slice, kept beside the folder's journal: several tasks may write at once, and a task that begins again takes over what it had.</summary>
    private long TimedSlice(SweepUnit unit)
    {
        var evaluator = new TimingEvaluator(sweep);
        string identity = JournalIdentity(SweepConfiguration.Of(sweep, evaluator.Identity, folder.Root, ""));
        string own = folder.Cluster.SliceOf(unit.Unit);
        string[] before = [.. folder.Cluster.Slices(unit.Unit).Where(path => path != own)];
        using PointJournal journal = PointJournal.Open(own, identity, environment.Log);
        foreach (string other in before)
        {
            journal.Import(other, identity);
        }

        TimedRun run = new TimedRun(_row, evaluator, journal, tally: null, environment, Expected).From((int)(unit.First / TimedRun.ChunkPoints));
        using var progress = new TerminalProgress("points", Math.Max(1, unit.Count), "points", environment.Log);
        run.Run(Coordinates().Skip((int)unit.First).Take((int)unit.Count), progress, tried: null);
        return run.Failed;
    }

    /// <summary>Another build may compute something else: its points are not mixed in.</summary>
    private static string JournalIdentity(SweepConfiguration configuration) =>
        $"sweep {configuration.Sha256} build {string.Join(' ', new[] { typeof(FastEngine), typeof(SweepRunner) }.Select(type => type.Module.ModuleVersionId))}";
}
