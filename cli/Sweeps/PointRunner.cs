// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.Experiments;
using NnTrain.Lowering;

namespace Cli.Sweeps;

/// <summary>One point: integer network and design to accuracy, area and cycles.</summary>
public static class PointRunner
{
    /// <summary>Runs the point.</summary>
    /// <param name="source">The network, trained.</param>
    /// <param name="accelerator">The design.</param>
    /// <param name="testImages">Test images to execute.</param>
    /// <param name="cancellation">Stops between two batches of images.</param>
    public static PointResult Run(PointSource source, AcceleratorSpec accelerator, int testImages, CancellationToken cancellation)
    {
        PointResult failed = new() { NetworkSha256 = source.NetworkSha256! };
        try
        {
            IntegerNetwork network = source.Lower(accelerator);
            Finding[] findings = [.. HardwareFit.Check(network, accelerator)];
            return findings.Length > 0
                ? failed with { Failure = string.Join('\n', findings.Select(finding => $"{finding.Path}: {finding.Message}")) }
                : failed with { Measurement = Measure(ScheduleOptimizer.Schedule(network, accelerator), source, source.Test.Take(testImages), cancellation) };
        }
        catch (LoweringException exception)
        {
            return failed with { Failure = exception.Message };
        }
        catch (ScheduleException exception)
        {
            return failed with { Failure = string.Join('\n', exception.Findings) };
        }
    }

    private static PointMeasurement Measure(Schedule schedule, PointSource source, TestSet test, CancellationToken cancellation)
    {
        AcceleratorSpec accelerator = schedule.Accelerator;
        TimingResult timing = FastEngine.Time(schedule);
        ValueResult values = FastEngine.Execute(
            schedule, test.Codes, test.Images, new() { Threads = Environment.ProcessorCount, CancellationToken = cancellation });
        Area area = AreaModel.Total(accelerator);
        long macs = schedule.Layers.Sum(layer => layer.Macs);
        return new()
        {
            FloatAccuracy = source.FloatAccuracy,
            TrainedAccuracy = source.TrainedAccuracy,
            Accuracy = Classification.Of(values.Output, test.Labels).Accuracy,
            TestImages = test.Images,
            Lut = area.Lut,
            FlipFlops = area.FlipFlops,
            MemoryBits = area.MemoryBits,
            CyclesPerInference = timing.Cycles,
            LatencyUs = timing.Cycles / accelerator.ClockMhz,
            Utilization = macs / ((double)timing.Cycles * accelerator.ProductsPerCycle),
            Overflows = values.Overflows.Sum(layer => layer.PartialSums + layer.Accumulators),
        };
    }
}
