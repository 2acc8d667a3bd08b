// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.Devices;
using Cli.Sweeps.Metrics;
using System.Collections.Immutable;

namespace Cli.Sweeps.Timing;

/// <summary>
/// Cost and time of points whose values are not computed. Points share what they have in common: whether a design can run a network (<see cref="FitKey"/>), and schedule and times
/// (<see cref="TimingKey"/>); what is left for a point is a few formulas. May be called from several threads at once; results do not depend on their number.
/// </summary>
public sealed class TimingEvaluator(SweepSpec sweep)
{
    /// <summary>So many schedules are remembered (about a kilobyte each); then they are forgotten, all at once.</summary>
    private const int MostSchedules = 200_000;

    private sealed record Times(ScheduleFigures? Figures, string Problem);

    private readonly SweepDesigns _designs = new(sweep);
    private readonly SweepNetworks _networks = SweepNetworks.Of(sweep);
    private readonly ImmutableArray<Metric> _metrics = MetricTable.Of(sweep);
    private readonly ConcurrentDictionary<(object Network, FitKey Design), Lazy<string>> _fits = new();
    private readonly ConcurrentDictionary<(object Network, TimingKey Design), Lazy<Times>> _times = new();
    private long _schedules;

    /// <summary>Schedules that were made.</summary>
    public long Schedules => Interlocked.Read(ref _schedules);

    /// <summary>What the points depend on besides the axes.</summary>
    public object Identity => new object[] { _designs.First, _networks.Identity, DesignArea.IdentityOf(_metrics.Select(metric => metric.Family)) };

    /// <summary>The designs of points, without those that make none.</summary>
    public IEnumerable<AcceleratorSpec> Designs(IEnumerable<int[]> points) => points.Select(point => _designs.Of(point, out _)).OfType<AcceleratorSpec>();

    /// <summary>The outcome of a point.</summary>
    public PointOutcome Evaluate(ReadOnlySpan<int> point)
    {
        try
        {
            return PointOutcome.Of(Result(point, out AcceleratorSpec? design), _metrics, design);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // One point that breaks an assumption must not end a million others.
            return new(OutcomeKind.Failed, [], $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    private PointResult Result(ReadOnlySpan<int> point, out AcceleratorSpec? design)
    {
        design = _designs.Of(point, out string problem);
        if (design is not AcceleratorSpec accelerator || _networks.Of(point, accelerator, out problem) is not TimedNetwork network)
        {
            return new() { Invalid = problem };
        }

        string misfit = _fits.GetOrAdd((network.Fits, FitKey.Of(accelerator)), _ => new(() => Misfits(network.Make(), accelerator))).Value;
        if (misfit.Length > 0)
        {
            return new() { Invalid = misfit };
        }

        if (_times.Count > MostSchedules)
        {
            _times.Clear();
        }

        Times times = _times.GetOrAdd((network.Times, TimingKey.Of(accelerator)), _ => new(() => Schedule(network.Make(), accelerator))).Value;
        return times.Figures is ScheduleFigures figures ? new() { Measurement = figures.On(accelerator) } : new() { Invalid = times.Problem };
    }

    private static string Misfits(IntegerNetwork network, AcceleratorSpec accelerator) =>
        string.Join('\n', HardwareFit.Check(network, accelerator).Select(finding => $"{finding.Path}: {finding.Message}"));

    private Times Schedule(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        Interlocked.Increment(ref _schedules);
        try
        {
            Schedule schedule = Scheduler.Schedule(network, accelerator);
            return new(ScheduleFigures.Of(schedule, sweep.Details), "");
        }
        catch (ScheduleException exception)
        {
            return new(null, string.Join('\n', exception.Findings));
        }
    }
}
