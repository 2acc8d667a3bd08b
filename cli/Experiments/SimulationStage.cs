// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Commands;
using Reports.Terminal;

namespace Cli.Experiments;

/// <summary>What the accelerator makes of a test set.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Timing">Cycles of one inference.</param>
/// <param name="Values">Codes and overflows over all images.</param>
/// <param name="Classification">Classes against labels.</param>
public sealed record SimulationOutcome(Schedule Schedule, TimingResult Timing, ValueResult Values, Classification Classification)
{
    /// <summary>Sufficient widths of the sums, observed on the first <see cref="ObservedImages"/> images.</summary>
    public required IReadOnlyList<WidthSummary> Widths { get; init; }

    /// <summary>Images whose sums were observed.</summary>
    public required int ObservedImages { get; init; }
}

/// <summary>Network and hardware to cycles and values.</summary>
public static class SimulationStage
{
    /// <summary>Multiply-accumulates whose sums are observed: a second or two.</summary>
    private const double ObservedMacs = 1 << 29;

    /// <summary>Schedules, times and executes.</summary>
    public static SimulationOutcome Run(IntegerNetwork network, AcceleratorSpec accelerator, TestSet test, CommandContext context)
    {
        Schedule schedule = ScheduleOptimizer.Schedule(network, accelerator);
        TimingResult timing = FastEngine.Time(schedule);
        LimitOptions.Check(SimulationEstimate.OfFast(network, test.Images));
        using var progress = new TerminalProgress("simulate", test.Images, "images", context.Log);
        ValueResult values = FastEngine.Execute(schedule, test.Codes, test.Images, new()
        {
            Threads = Environment.ProcessorCount,
            Progress = new CallbackProgress<int>(done => progress.Report(done)),
            CancellationToken = context.Cancellation,
        });
        var options = new ExecutionOptions { Threads = Environment.ProcessorCount, CancellationToken = context.Cancellation };
        return new(schedule, timing, values, Classification.Of(values.Output, test.Labels))
        {
            Widths = Widths(schedule, test, options),
            ObservedImages = ObservedImages(schedule, test),
        };
    }

    /// <summary>Sufficient widths of a schedule's sums, observed on the first <see cref="ObservedImages"/> images.</summary>
    public static IReadOnlyList<WidthSummary> Widths(Schedule schedule, TestSet test, ExecutionOptions options) =>
        WidthSummaries.Of(schedule.Network, schedule.Accelerator, ObservedAccumulators.Of(schedule.Network, schedule.Plans, test.Codes, ObservedImages(schedule, test), options));

    private static int ObservedImages(Schedule schedule, TestSet test) => (int)Math.Clamp(ObservedMacs / Math.Max(1, schedule.Layers.Sum(layer => layer.Macs)), 1, test.Images);
}
