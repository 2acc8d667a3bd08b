// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.CommandLine;
using Reports.Terminal;

namespace Cli.Experiments;

/// <summary>What the accelerator makes of a test set.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Timing">Cycles of one inference.</param>
/// <param name="Values">Codes and overflows over all images.</param>
/// <param name="Classification">Classes against labels.</param>
public sealed record SimulationOutcome(Schedule Schedule, TimingResult Timing, ValueResult Values, Classification Classification);

/// <summary>Network and hardware to cycles and values.</summary>
public static class SimulationStage
{
    /// <summary>Schedules, times and executes.</summary>
    public static SimulationOutcome Run(IntegerNetwork network, AcceleratorSpec accelerator, TestSet test, CommandContext context)
    {
        Schedule schedule = Scheduler.Schedule(network, accelerator);
        TimingResult timing = FastEngine.Time(schedule);
        using var progress = new TerminalProgress("simulate", test.Images, "images", context.Log);
        ValueResult values = FastEngine.Execute(schedule, test.Codes, test.Images, new()
        {
            Threads = Environment.ProcessorCount,
            Progress = new CallbackProgress<int>(done => progress.Report(done)),
            CancellationToken = context.Cancellation,
        });
        return new(schedule, timing, values, Classification.Of(values.Output, test.Labels));
    }
}
