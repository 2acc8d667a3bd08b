// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace NnTrain.Training;

/// <summary>
/// How long the rest takes at the speed so far, phase by phase: a phase that has not begun is taken to be as fast as the one
/// before it.
/// </summary>
internal sealed class RemainingTime
{
    private Stopwatch _watch = Stopwatch.StartNew();
    private long _done;

    /// <summary>A new phase begins, at its own speed.</summary>
    public void Restart()
    {
        _watch = Stopwatch.StartNew();
        _done = 0;
    }

    /// <summary>One batch is finished, and so many are left.</summary>
    public TimeSpan AfterBatch(long left)
    {
        _done++;
        return _watch.Elapsed * ((double)left / _done);
    }
}
