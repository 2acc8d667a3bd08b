// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AccelModel.Specification.Yaml;
using Cli.Networks;
using Cli.Sweeps;

namespace Benchmarks;

/// <summary>Points per second of sweeps without values, on two threads: all of the command but the report, journal and tables included.</summary>
internal static class SweepBenchmark
{
    private const int Workers = 2;

    /// <summary>Times of these axes are shared: the clock, widths of sums, what happens when they overflow.</summary>
    private const string Shared = """
          - {keys: [accelerator.clock_mhz], range: {from: 50, to: 240, step: 10}}
          - {keys: [accelerator.array.partial_sum_width], range: {from: 16, to: 32, step: 4}}
          - {keys: [accelerator.array.overflow], values: [saturate, wrap]}

        """;

    /// <summary>Every point of these axes has times of its own.</summary>
    private const string Own = """
          - {keys: [accelerator.array.rows], range: {from: 8, to: 32, scale: power_of_two}}
          - {keys: [accelerator.array.columns], range: {from: 8, to: 32, scale: power_of_two}}
          - {keys: [accelerator.memory.bytes_per_cycle], range: {from: 8, to: 32, scale: power_of_two}}

        """;

    private const string Latencies = "  - {keys: [accelerator.memory.latency_cycles], range: {from: 10, to: 40, step: 2}}\n";

    public static void Run()
    {
        Line("lenet5", Own + Latencies + Shared);
        Line("lenet5", Own + Latencies);
        Line("resnet50", Own + Shared);
        Line("resnet50", Own);
    }

    /// <summary>A million points, whose memory is the question.</summary>
    public static void Million()
    {
        string more = "  - {keys: [accelerator.accumulator.width], range: {from: 20, to: 44, step: 1}}\n  - {keys: [accelerator.array.lanes], values: [1, 2]}\n";
        Line("lenet5", Own + more + Shared.Replace("step: 10", "step: 2.5", StringComparison.Ordinal));
    }

    private static void Line(string network, string axes)
    {
        string folder = Directory.CreateTempSubdirectory("codesign-benchmark-").FullName;
        try
        {
            string file = Path.Combine(folder, "sweep.yaml");
            File.WriteAllText(file, $"name: benchmark\naccelerator: {NetworkCatalogue.Accelerator}\nnetwork: {network}\naxes:\n{axes}");
            SpecIssues issues = [];
            SweepSpec? sweep = SweepFile.Load(file, issues, maxPoints: 10_000_000);
            issues.ThrowIfAny();
            var environment = new SweepEnvironment { Images = _ => throw new InvalidOperationException(), Log = TextWriter.Null, Workers = Workers };
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            SweepResult result = new SweepRunner(sweep!, new(Path.Combine(folder, "out")), environment).Run(resume: false);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            long points = result.Measured + result.Invalid;
            double memory = Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;
            Measure.Print(
                $"sweep {network}: {points} points, {points / (double)Math.Max(1, result.Schedules):0.0} for each schedule, {points / seconds:0} points/s by the clock, {points / processor * Workers:0} points/s of {Workers} processors, peak {memory:0} MiB");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
