// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Cli.Sweeps.Units;

/// <summary>A piece of work that may wait for another one.</summary>
/// <param name="Key">What others call it in their <paramref name="After"/>; null where none waits for it.</param>
/// <param name="After">The piece that has to be done before; null for none.</param>
/// <param name="Do">Does it.</param>
public sealed record DependentWork(string? Key, string? After, Action Do)
{
    /// <summary>
    /// Does several pieces, some at once: whoever is free takes the next one whose turn it can be, in the order given. None waits for more than the piece that it needs, so that no
    /// processor idles at the end of a phase.
    /// </summary>
    /// <param name="pieces">The pieces; keys are distinct, and each <see cref="After"/> is one of them.</param>
    /// <param name="most">The most that are done at once.</param>
    /// <param name="cancellation">Ends it between two pieces.</param>
    /// <exception cref="AggregateException">Pieces threw; those not begun then are not done.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Run(IReadOnlyList<DependentWork> pieces, int most, CancellationToken cancellation)
    {
        if (pieces.Count == 0)
        {
            return;
        }

        ILookup<string, DependentWork> waiting = pieces.Where(piece => piece.After is not null).ToLookup(piece => piece.After!);
        using var ready = new BlockingCollection<DependentWork>();
        var gate = new Lock();
        int open = pieces.Count;
        bool failed = false;
        foreach (DependentWork piece in pieces.Where(piece => piece.After is null))
        {
            ready.Add(piece, CancellationToken.None);
        }

        int takers = Math.Min(most, pieces.Count);
        Parallel.For(0, takers, new() { MaxDegreeOfParallelism = takers, CancellationToken = cancellation }, _ =>
        {
            while (!Volatile.Read(ref failed) && ready.TryTake(out DependentWork? piece, Timeout.Infinite, cancellation))
            {
                bool done = false;
                try
                {
                    piece.Do();
                    done = true;
                }
                finally
                {
                    lock (gate)
                    {
                        End(piece, done);
                    }
                }
            }
        });

        void End(DependentWork piece, bool done)
        {
            failed |= !done;
            open--;
            foreach (DependentWork next in failed || piece.Key is null ? [] : waiting[piece.Key])
            {
                ready.Add(next, CancellationToken.None);
            }

            if (failed || open == 0)
            {
                ready.CompleteAdding();
            }
        }
    }
}
