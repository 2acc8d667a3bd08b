// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;

namespace Benchmarks;

/// <summary>As many images as the MNIST test set has, through lenet_large on two threads, values and cycles, beside what is asked for: 6 s, and 15 s where sums can overflow.</summary>
internal static class ImagesBenchmark
{
    private const int Images = 10_000;

    public static void Run(Figures figures)
    {
        int[] input = BenchmarkCases.Images(Images);
        Line("W4A4, 32-bit sums", 4, 4, 32, 6);
        Line("W8A8, 32-bit sums", 8, 8, 32, 6);
        Line("W8A8, 16-bit saturating partial sums", 8, 8, 16, 15);

        void Line(string name, int weightBits, int activationBits, int partialSums, double limit)
        {
            Schedule schedule = Scheduler.Schedule(BenchmarkCases.LenetLarge(weightBits, activationBits), BenchmarkCases.Accelerator(16, 16, partialSums, 32));
            (double wall, double processor) = Measure.Seconds(() =>
            {
                FastEngine.Time(schedule);
                FastEngine.Execute(schedule, input, Images);
            });
            figures.Add($"lenet_large {name}, {InstructionSets.Best}, 2 threads", $"{wall:0.00} s ({processor:0.00} s of processor time)", $"{limit} s asked for", wall / limit, Goal.Most(1));
        }
    }
}
