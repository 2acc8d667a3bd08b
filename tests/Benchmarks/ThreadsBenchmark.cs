// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace Benchmarks;

/// <summary>Two threads beside one, lenet_large with 16-bit partial sums.</summary>
internal static class ThreadsBenchmark
{
    private const int Images = 1000;

    public static void Run()
    {
        int[] input = BenchmarkCases.Images(Images);
        Schedule schedule = Scheduler.Schedule(BenchmarkCases.LenetLarge(8, 8), BenchmarkCases.Accelerator(16, 16, 16, 32));
        double one = Wall(1);
        double two = Wall(2);
        Measure.Print($"threads {Images} images: one thread {one:0.000} s, two threads {two:0.000} s = {one / two:0.00} times as fast (at most 2)");

        double Wall(int threads) => Measure.Seconds(() => FastEngine.Execute(schedule, input, Images, new ExecutionOptions { Threads = threads })).Wall;
    }
}
