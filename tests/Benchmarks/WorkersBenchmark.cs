// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>A sweep of trainings with two worker processes beside the same one with a single worker, by the clock, one run each: the whole command.</summary>
internal static class WorkersBenchmark
{
    private const int Seeds = 12;

    public static void Run(Figures figures)
    {
        string folder = Directory.CreateTempSubdirectory("codesign-benchmark-").FullName;
        try
        {
            string file = Path.Combine(folder, "sweep.yaml");
            File.WriteAllText(
                file,
                $$$"""
                name: workers
                experiment: {{{Path.Combine(CommandLine.Configurations, "experiments", "lenet-mnist.yaml")}}}
                test_images: 1000
                axes:
                  - {keys: [training.threads], values: [1]}
                  - {keys: [training.float_phase.epochs, training.quantized_phase.epochs], values: [1]}
                  - {keys: [training.seed], range: {from: 1, to: {{{Seeds}}}}}

                """);
            double one = Seconds(1);
            double two = Seconds(2);
            figures.Add(
                $"{Seeds} trainings of lenet5, two epochs on one thread each; one run", $"{two:0.0} s with two workers", $"{one:0.0} s with one: {one / Seeds:0.0} s a training", one / two, Goal.Least(1.7));

            double Seconds(int workers)
            {
                long start = Stopwatch.GetTimestamp();
                CommandLine.Run("sweep", file, "--out", Path.Combine(folder, $"out{workers}"), "--workers", workers.ToString(CultureInfo.InvariantCulture));
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
