// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Text;
using Cli.Sweeps.Storage;
using Cli.Sweeps.Strategies;
using Cli.Sweeps.Timing;
using Reports.Terminal;

namespace Cli.Sweeps;

/// <summary>
/// Runs points whose values are not computed, in chunks that several threads take as they come. A finished chunk goes to the journal at once and to the tables in the order of the points,
/// so that nothing depends on which thread was first, and no more than the chunks on the way are in memory.
/// </summary>
internal sealed class TimedRun(ResultRow row, TimingEvaluator evaluator, PointJournal journal, SweepTally? tally, SweepEnvironment environment, long expected)
{
    /// <summary>Points of a chunk.</summary>
    public const int ChunkPoints = 64;

    private const string Marks = "+-!";

    private sealed record Chunk(int Number, long First, int[][] Points);

    private sealed record Finished(Chunk Chunk, string[] Lines, PointOutcome[] Outcomes);

    private readonly Dictionary<int, Finished> _waiting = [];
    private readonly Lock _gate = new();
    private int _nextChunk;
    private long _nextPoint = 1;
    private int _nextToTally;
    private long _done;

    /// <summary>Points that failed.</summary>
    public long Failed { get; private set; }

    /// <summary>Passes over chunks whose points are another's work; only before anything runs.</summary>
    public TimedRun From(int chunk)
    {
        _nextChunk = _nextToTally = chunk;
        _nextPoint = 1 + ((long)chunk * ChunkPoints);
        return this;
    }

    /// <summary>Runs points in their order.</summary>
    /// <param name="points">Coordinates.</param>
    /// <param name="progress">Shown what is done.</param>
    /// <param name="tried">Receives what a search wants to know of each; null for nobody.</param>
    public void Run(IEnumerable<int[]> points, TerminalProgress progress, List<SearchPoint>? tried)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = environment.Workers, CancellationToken = environment.Cancellation };
        Parallel.ForEach(Partitioner.Create(Chunks(points), EnumerablePartitionerOptions.NoBuffering), options, chunk =>
        {
            Finished finished = journal.Has(chunk.Number) && Recall(chunk) is Finished before ? before : Evaluate(chunk);
            lock (_gate)
            {
                Tally(finished, progress, tried);
            }
        });
    }

    private IEnumerable<Chunk> Chunks(IEnumerable<int[]> points)
    {
        foreach (int[][] some in points.Chunk(ChunkPoints))
        {
            yield return new(_nextChunk++, _nextPoint, some);
            _nextPoint += some.Length;
        }
    }

    private Finished Evaluate(Chunk chunk)
    {
        var lines = new string[chunk.Points.Length];
        var outcomes = new PointOutcome[chunk.Points.Length];
        var line = new StringBuilder();
        var body = new StringBuilder();
        bool keep = true;
        for (int i = 0; i < lines.Length; i++)
        {
            environment.Cancellation.ThrowIfCancellationRequested();
            outcomes[i] = evaluator.Evaluate(chunk.Points[i]);
            row.Append(line.Clear(), SweepGrid.IdOf(chunk.First + i, expected), chunk.Points[i], outcomes[i]);
            lines[i] = line.ToString();
            body.Append(Marks[(int)outcomes[i].Kind]).Append(line).Append('\n');
            keep &= outcomes[i].Kind != OutcomeKind.Failed;
        }

        if (keep)
        {
            journal.Append(chunk.Number, body.ToString());
        }

        return new(chunk, lines, outcomes);
    }

    /// <summary>A chunk from the journal; null where its lines are not those of the chunk.</summary>
    private Finished? Recall(Chunk chunk)
    {
        string[] lines = journal.Lines(chunk.Number).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != chunk.Points.Length)
        {
            return null;
        }

        try
        {
            PointOutcome[] outcomes = [.. lines.Select(line => row.Parse((OutcomeKind)Marks.IndexOf(line[0]), line[1..]))];
            return new(chunk, [.. lines.Select(line => line[1..])], outcomes);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private void Tally(Finished finished, TerminalProgress progress, List<SearchPoint>? tried)
    {
        _waiting.Add(finished.Chunk.Number, finished);
        while (_waiting.Remove(_nextToTally, out Finished? next))
        {
            for (int i = 0; i < next.Lines.Length; i++)
            {
                PointOutcome outcome = next.Outcomes[i];
                Failed += outcome.Kind == OutcomeKind.Failed ? 1 : 0;
                tally?.Add(next.Lines[i], SweepGrid.IdOf(next.Chunk.First + i, expected), next.Chunk.Points[i], outcome);
                tried?.Add(new(next.Chunk.Points[i], row.Violation(outcome), outcome.Kind == OutcomeKind.Measured ? row.Costs(outcome) : []));
            }

            _nextToTally++;
        }

        _done += finished.Lines.Length;
        progress.Report(_done, tally?.FrontNote() ?? "");
        environment.PointFinished?.Invoke((int)_done);
    }
}
