// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace Benchmarks;

/// <summary>
/// Simulated cycles per second of the fast engine, values included, beside those of the RTL in Verilator -O3: more images less one image, so that neither start nor the
/// requantiser's own bench count.
/// </summary>
internal static class RtlBenchmark
{
    private const int Images = 33;

    public static void Run(Figures figures)
    {
        if (ExternalTool.Find("verilator") is null)
        {
            figures.Missing($"lenet5 on 16x16", $"Verilator is not installed: apt-get install -y --no-install-recommends verilator g++ make");
            return;
        }
        string folder = Directory.CreateTempSubdirectory("codesign-benchmark-").FullName;
        try
        {
            Schedule schedule = Scheduler.Schedule(BenchmarkCases.Lenet5(8, 8), BenchmarkCases.Accelerator(16, 16, 32, 32));
            TimingResult timing = FastEngine.Time(schedule);
            int[] input = BenchmarkCases.Images(Images);
            ValueResult values = FastEngine.Execute(schedule, input, Images, new() { KeepLayerOutputs = true });
            string bundle = Path.Combine(folder, "rtl");
            RtlBundle.Write(schedule, timing, RtlVectors.From(schedule, input, values), new string('0', 64), bundle);
            double seconds = Seconds(Images) - Seconds(1);
            double rtl = (Images - 1) * timing.Cycles / seconds;
            double ours = RegisterModelBenchmark.CyclesPerSecond(schedule);
            figures.Add(
                $"lenet5 W8A8 on 16x16, 32-bit partial sums, 32-bit accumulators, {InstructionSets.Best}, 1 thread",
                $"{ours / 1e6:#,##0} M cycles/s", $"{rtl / 1e6:0.000} M cycles/s, Verilator -O3", ours / rtl, Goal.Least(200));

            double Seconds(int images) => Measure.Median(() =>
            {
                long start = Stopwatch.GetTimestamp();
                VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Verilator, new() { Images = images });
                return result.Passed ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException("the RTL does not agree: " + result.FirstDifference);
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
