// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;

namespace Benchmarks;

/// <summary>Two threads beside one, by the clock.</summary>
internal static class ThreadsBenchmark
{
    private const int Images = 2000;

    public static void Run(Figures figures)
    {
        int[] input = BenchmarkCases.Images(Images);
        foreach (int sums in (int[])[32, 16])
        {
            Schedule schedule = Scheduler.Schedule(BenchmarkCases.LenetLarge(8, 8), BenchmarkCases.Accelerator(16, 16, sums, 32));
            double one = Wall(1);
            double two = Wall(2);
            figures.Add(
                $"lenet_large W8A8, {sums}-bit partial sums, {Images} images, {InstructionSets.Best}", $"{two:0.000} s on two threads", $"{one:0.000} s on one", one / two, Goal.Least(1.7));

            double Wall(int threads) => Measure.Seconds(() => FastEngine.Execute(schedule, input, Images, new ExecutionOptions { Threads = threads })).Wall;
        }
    }
}
