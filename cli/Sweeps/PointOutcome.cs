// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using Cli.Sweeps.Metrics;

namespace Cli.Sweeps;

/// <summary>How a point ended.</summary>
public enum OutcomeKind
{
    /// <summary>It has figures.</summary>
    Measured,

    /// <summary>Its values make no design that runs the network.</summary>
    Invalid,

    /// <summary>It crashed, diverged, or exceeded a limit.</summary>
    Failed,
}

/// <summary>What a point came to, as figures.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Figures">One for each metric of the sweep (<see cref="MetricTable.Of(SweepSpec)"/>), null where it is not known; empty where nothing was measured.</param>
/// <param name="Reason">Why nothing was measured; else empty.</param>
public sealed record PointOutcome(OutcomeKind Kind, ImmutableArray<double?> Figures, string Reason)
{
    /// <summary>The outcome of a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="metrics">The columns.</param>
    /// <param name="design">The design that was measured; null where none was.</param>
    public static PointOutcome Of(PointResult result, ImmutableArray<Metric> metrics, AcceleratorSpec? design) =>
        result.Measurement is PointMeasurement point ? new(OutcomeKind.Measured, [.. metrics.Select(metric => metric.Of(point, design!))], "")
        : result.Failure is string failure ? new(OutcomeKind.Failed, [], failure)
        : new(OutcomeKind.Invalid, [], result.Invalid ?? "");
}
