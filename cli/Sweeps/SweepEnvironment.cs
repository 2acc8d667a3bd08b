// SPDX-License-Identifier: Apache-2.0
using Cli.Sweeps.Units;
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

    /// <summary>What a point with values and a training may take.</summary>
    public PointLimits Limits { get; init; } = PointLimits.None;

    /// <summary>Makes who does the work of points with values; null for this process.</summary>
    public Func<IWorker>? Worker { get; init; }

    /// <summary>Where failures of a submission to a cluster are kept; null to try again whatever failed.</summary>
    public string? FailureFolder { get; init; }

    /// <summary>Told the number of finished points after some of them.</summary>
    public Action<int>? PointFinished { get; init; }

    /// <summary>Stops the sweep; what is finished is kept.</summary>
    public CancellationToken Cancellation { get; init; }
}
