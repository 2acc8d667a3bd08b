// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace Benchmarks;

/// <summary>lenet_large with 8-bit operands in narrower and wider partial sums, beside the exact product where nothing can overflow.</summary>
internal static class OrderedBenchmark
{
    private const int Images = 2000;

    public static void Run()
    {
        int[] input = BenchmarkCases.Images(Images);
        double exact = Rate(input, 32, 32);
        Measure.Print($"ordered exact product, 32-bit sums: {exact / 1e9:0.0} G multiply-accumulates/s a core");
        foreach ((int sums, int accumulators) in ((int, int)[])[(16, 32), (14, 24), (18, 32), (36, 20)])
        {
            double rate = Rate(input, sums, accumulators);
            Measure.Print($"ordered {sums}-bit partial sums, {accumulators}-bit accumulators: {rate / 1e9:0.0} G multiply-accumulates/s a core = {rate / exact:0.00} of the exact product");
        }
    }

    private static double Rate(int[] input, int sums, int accumulators)
    {
        Schedule schedule = Scheduler.Schedule(BenchmarkCases.LenetLarge(8, 8), BenchmarkCases.Accelerator(16, 16, sums, accumulators));
        (_, double seconds) = Measure.Seconds(() => FastEngine.Execute(schedule, input, Images, new ExecutionOptions { Threads = 1 }));
        return Images * BenchmarkCases.LenetLargeMacs / seconds;
    }
}
