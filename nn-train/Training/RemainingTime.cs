// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace NnTrain.Training;

/// <summary>How long the rest takes at the speed since this was made: a phase that has not begun is taken to be as fast as this one.</summary>
internal sealed class RemainingTime
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _done;

    /// <summary>One more batch is finished.</summary>
    public void CountBatch() => _done++;

    /// <summary>So many batches are left.</summary>
    public TimeSpan Estimate(long left) => _done == 0 ? TimeSpan.Zero : _watch.Elapsed * ((double)left / _done);
}
