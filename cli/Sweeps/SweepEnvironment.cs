// SPDX-License-Identifier: Apache-2.0
using NnTrain.Training;

namespace Cli.Sweeps;

/// <summary>What a sweep runs with; no result depends on it.</summary>
public sealed record SweepEnvironment
{
    /// <summary>The images of a data set, by its name.</summary>
    public required Func<string, ImageSets> Images { get; init; }

    /// <summary>Progress and remarks.</summary>
    public required TextWriter Log { get; init; }

    /// <summary>Points that are worked on at once.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The longest that a point may compute values; null for as long as it takes.</summary>
    public TimeSpan? PointTimeout { get; init; }

    /// <summary>Told the number of finished points after some of them.</summary>
    public Action<int>? PointFinished { get; init; }

    /// <summary>Stops the sweep; what is finished is kept.</summary>
    public CancellationToken Cancellation { get; init; }
}
