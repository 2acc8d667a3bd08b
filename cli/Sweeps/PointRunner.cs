// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.Experiments;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Timing;
using NnTrain.Lowering;

namespace Cli.Sweeps;

/// <summary>One point with its values: integer network and design to accuracy, area and cycles.</summary>
public static class PointRunner
{
    /// <summary>Runs the point.</summary>
    /// <param name="source">The network, trained.</param>
    /// <param name="accelerator">The design.</param>
    /// <param name="testImages">Test images to execute.</param>
    /// <param name="details">What is worked out besides the figures that every point has.</param>
    /// <param name="threads">Threads of the execution; no result depends on them.</param>
    /// <param name="cancellation">Stops between two batches of images.</param>
    public static PointResult Run(PointSource source, AcceleratorSpec accelerator, int testImages, PointDetails details, int threads, CancellationToken cancellation)
    {
        PointResult invalid = new() { NetworkSha256 = source.NetworkSha256! };
        try
        {
            IntegerNetwork network = source.Lower(accelerator);
            Finding[] findings = [.. HardwareFit.Check(network, accelerator)];
            return findings.Length > 0
                ? invalid with { Invalid = string.Join('\n', findings.Select(finding => $"{finding.Path}: {finding.Message}")) }
                : invalid with { Measurement = Measure(ScheduleOptimizer.Schedule(network, accelerator), source, source.Test.Take(testImages), details, threads, cancellation) };
        }
        catch (LoweringException exception)
        {
            return invalid with { Invalid = exception.Message };
        }
        catch (ScheduleException exception)
        {
            return invalid with { Invalid = string.Join('\n', exception.Findings) };
        }
    }

    private static PointMeasurement Measure(Schedule schedule, PointSource source, TestSet test, PointDetails details, int threads, CancellationToken cancellation)
    {
        ExecutionOptions options = new() { Threads = threads, CancellationToken = cancellation };
        ValueResult values = FastEngine.Execute(schedule, test.Codes, test.Images, options);
        IReadOnlyList<WidthSummary>? widths = details.HasFlag(PointDetails.Widths) ? SimulationStage.Widths(schedule, test, options) : null;
        return ScheduleFigures.Of(schedule, details, values.Overflows, widths).On(schedule.Accelerator) with
        {
            FloatAccuracy = source.FloatAccuracy,
            TrainedAccuracy = source.TrainedAccuracy,
            TrainingEpochs = source.TrainingEpochs,
            Accuracy = Classification.Of(values.Output, test.Labels).Accuracy,
            TestImages = test.Images,
            Overflows = values.Overflows.Sum(layer => layer.PartialSums + layer.Accumulators),
        };
    }
}
