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

    public static void Run(Figures figures)
    {
        foreach ((string network, string own, int wanted) in ((string, string, int)[])[("lenet5", Own + Latencies, 20_000), ("resnet50", Own, 200)])
        {
            foreach ((string axes, Goal? goal) in ((string, Goal?)[])[(own + Shared, Goal.Least(1)), (own, null)])
            {
                (long points, double perSchedule, double seconds, double processor, _) = Sweep(network, axes);
                double rate = points / processor * Workers;
                figures.Add(
                    $"{network}: {points} points, {perSchedule:0.#} for each schedule; one run",
                    $"{rate:#,##0} points/s of {Workers} processors, {points / seconds:#,##0} by the clock",
                    $"{wanted:#,##0} points/s asked for",
                    rate / wanted,
                    goal);
            }
        }
    }

    /// <summary>A million points, whose memory is the question.</summary>
    public static void Million(Figures figures)
    {
        string more = "  - {keys: [accelerator.accumulator.width], range: {from: 20, to: 44, step: 1}}\n  - {keys: [accelerator.array.lanes], values: [1, 2]}\n";
        (long points, double perSchedule, _, _, double memory) = Sweep("lenet5", Own + more + Shared.Replace("step: 10", "step: 2.5", StringComparison.Ordinal));
        figures.Add($"lenet5: {points} points, {perSchedule:#,##0} for each schedule", $"{memory:0} MiB", $"1024 MiB asked for", memory / 1024, Goal.Most(1));
    }

    private static (long Points, double PointsOfSchedule, double Seconds, double Processor, double Memory) Sweep(string network, string axes)
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
            return (points, points / (double)Math.Max(1, result.Schedules), seconds, processor, memory);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
