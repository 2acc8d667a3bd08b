// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;

namespace Benchmarks;

/// <summary>lenet_large with 8-bit operands in narrower and wider words, added in the order of the plan, beside the exact product where nothing can overflow.</summary>
internal static class OrderedBenchmark
{
    private const int Images = 10_000;

    public static void Run(Figures figures)
    {
        int[] input = BenchmarkCases.Images(Images);
        double exact = Rate(input, 32, 32);
        foreach ((int sums, int accumulators) in ((int, int)[])[(16, 32), (14, 24), (18, 32), (36, 20)])
        {
            double rate = Rate(input, sums, accumulators);
            figures.Add(
                $"lenet_large W8A8, {sums}-bit partial sums, {accumulators}-bit accumulators, saturating, {InstructionSets.Best}, 1 thread",
                $"{rate / 1e9:0.0} G multiply-accumulates/s",
                $"{exact / 1e9:0.0} G/s, 32-bit sums, how many times slower",
                exact / rate,
                sums == 16 ? Goal.Most(3) : null);
        }
    }

    private static double Rate(int[] input, int sums, int accumulators)
    {
        Schedule schedule = Scheduler.Schedule(BenchmarkCases.LenetLarge(8, 8), BenchmarkCases.Accelerator(16, 16, sums, accumulators));
        (_, double seconds) = Measure.Seconds(() => FastEngine.Execute(schedule, input, Images, new ExecutionOptions { Threads = 1 }));
        return Images * BenchmarkCases.LenetLargeMacs / seconds;
    }
}
