// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;

namespace Benchmarks;

/// <summary>Simulated cycles per second of the fast engine, values included, beside those of the register-accurate model.</summary>
internal static class RegisterModelBenchmark
{
    private const int Images = 2000;

    public static void Run(Figures figures)
    {
        foreach (int sums in (int[])[32, 16])
        {
            Schedule schedule = Scheduler.Schedule(BenchmarkCases.Lenet5(8, 8), BenchmarkCases.Accelerator(16, 16, sums, 32));
            double ours = CyclesPerSecond(schedule);
            int[] one = BenchmarkCases.Images(1);
            long cycles = FastEngine.Time(schedule).Cycles;
            (_, double seconds) = Measure.Seconds(() => RegisterAccurateModel.Run(schedule, one));
            double model = cycles / seconds;
            figures.Add(
                $"lenet5 W8A8 on 16x16, {sums}-bit partial sums, 32-bit accumulators, {InstructionSets.Best}, 1 thread",
                $"{ours / 1e6:#,##0} M cycles/s", $"{model / 1e6:0.000} M cycles/s", ours / model, Goal.Least(100));
        }
    }

    /// <summary>Values of a batch on one thread and the cycles of one inference, which are those of all.</summary>
    public static double CyclesPerSecond(Schedule schedule)
    {
        int[] input = BenchmarkCases.Images(Images);
        long cycles = FastEngine.Time(schedule).Cycles;
        (_, double seconds) = Measure.Seconds(() =>
        {
            FastEngine.Time(schedule);
            FastEngine.Execute(schedule, input, Images, new ExecutionOptions { Threads = 1 });
        });
        return Images * (double)cycles / seconds;
    }
}
