// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;

namespace Benchmarks;

/// <summary>Two threads beside one, by the clock; as many images as make a run of about a second.</summary>
internal static class ThreadsBenchmark
{
    public static void Run(Figures figures)
    {
        foreach ((int sums, int images) in ((int, int)[])[(32, 12_000), (16, 4_000)])
        {
            int[] input = BenchmarkCases.Images(images);
            Schedule schedule = Scheduler.Schedule(BenchmarkCases.LenetLarge(8, 8), BenchmarkCases.Accelerator(16, 16, sums, 32));
            double one = Wall(1);
            double two = Wall(2);
            figures.Add(
                $"lenet_large W8A8, {sums}-bit partial sums, {images} images, {InstructionSets.Best}", $"{two:0.000} s on two threads", $"{one:0.000} s on one", one / two, Goal.Least(1.7));

            double Wall(int threads) => Measure.Seconds(() => FastEngine.Execute(schedule, input, images, new ExecutionOptions { Threads = threads })).Wall;
        }
    }
}
