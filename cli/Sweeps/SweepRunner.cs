// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Simulation;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps.Storage;
using Cli.Sweeps.Strategies;
using Cli.Sweeps.Timing;
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
    /// <exception cref="SpecException">No point can run.</exception>
    /// <exception cref="CommandException">The folder cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public SweepResult Run(bool resume) => sweep.NeedsValues ? WithValues(resume) : WithoutValues(resume);

    private SweepResult WithValues(bool resume)
    {
        // Whatever is wrong or missing is told before anything is written or computed.
        ISearch? search = Searches.Of(sweep.Strategy, sweep.Space);
        ImmutableArray<GridPoint> grid = search is null ? SweepGrid.Of(sweep) : [];
        folder.Check(sweep.Name, resume);
        var evaluator = new ValueEvaluator(sweep, folder, environment);
        ImmutableArray<GridPoint> first = search is null ? grid : Points(search.Next([]), 1);
        evaluator.Prepare(first);
        GridPoint? example = first.FirstOrDefault(point => point.Experiment is not null);
        SweepConfiguration configuration = SweepConfiguration.Of(
            sweep, first.Select(point => point.Experiment), folder.Root, example is null ? "" : SweepConfiguration.Example(example.Id, example.Experiment!));

        folder.Create();
        using FolderLock held = FolderLock.Take(folder.Root);
        AtomicFile.Write(folder.Configuration, configuration.Yaml);
        using var files = new ResultFiles(folder, _row);
        var tally = new SweepTally(sweep, _row, files, search is null ? grid.Length : sweep.Strategy.Points);
        int number = 1;
        for (ImmutableArray<GridPoint> points = first; points.Length > 0;)
        {
            PointOutcome[] outcomes = evaluator.Evaluate(points);
            List<SearchPoint> tried = [];
            foreach ((GridPoint point, PointOutcome outcome) in points.Zip(outcomes))
            {
                int[] coordinates = [.. point.Coordinates];
                tally.Add(point.Id, coordinates, outcome);
                tried.Add(new(coordinates, _row.Violation(outcome), outcome.Kind == OutcomeKind.Measured ? _row.Costs(outcome) : []));
            }

            number += points.Length;
            points = search is null ? [] : Points(search.Next(tried), number);
        }

        files.Finish();
        return new(sweep, configuration, _row, tally, evaluator.Trainings);
    }

    private SweepResult WithoutValues(bool resume)
    {
        var evaluator = new TimingEvaluator(sweep);
        SweepConfiguration configuration = SweepConfiguration.Of(sweep, evaluator.Identity, folder.Root, "");
        folder.Check(sweep.Name, resume);
        folder.Create();
        using FolderLock held = FolderLock.Take(folder.Root);
        AtomicFile.Write(folder.Configuration, configuration.Yaml);

        // Another build may compute something else: its points are not mixed in.
        string build = string.Join(' ', new[] { typeof(FastEngine), typeof(SweepRunner) }.Select(type => type.Module.ModuleVersionId));
        using PointJournal journal = PointJournal.Open(folder.Journal, $"sweep {configuration.Sha256} build {build}", environment.Log);
        using var files = new ResultFiles(folder, _row);
        ISearch? search = Searches.Of(sweep.Strategy, sweep.Space);
        long expected = search is null ? sweep.Space.Count(long.MaxValue - 1) : sweep.Strategy.Points;
        var tally = new SweepTally(sweep, _row, files, expected);
        var run = new TimedRun(sweep, _row, evaluator, journal, tally, environment, expected);
        using (var progress = new TerminalProgress("points", expected, "points", environment.Log))
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
        return new(sweep, configuration, _row, tally, Trainings: 0) { Schedules = evaluator.Schedules };
    }

    private ImmutableArray<GridPoint> Points(IReadOnlyList<int[]> coordinates, int first) =>
        [.. coordinates.Select((point, i) => SweepGrid.PointOf(sweep, SweepGrid.IdOf(first + i, sweep.Strategy.Points), point))];
}
