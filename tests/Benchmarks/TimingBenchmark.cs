// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace Benchmarks;

/// <summary>Time of the timeline, beside the number of cycles that it stands for.</summary>
internal static class TimingBenchmark
{
    private const int Repeats = 1000;

    public static void Run()
    {
        Line(BenchmarkCases.Lenet5(4, 4), 8, 8);
        Line(BenchmarkCases.Lenet5(4, 4), 16, 16);
        Line(BenchmarkCases.LenetLarge(4, 4), 16, 16);
        Line(BenchmarkCases.LenetLarge(4, 4), 32, 32);
    }

    private static void Line(IntegerNetwork network, int rows, int columns)
    {
        Schedule schedule = Scheduler.Schedule(network, BenchmarkCases.Accelerator(rows, columns, 32, 32));
        TimingResult time = FastEngine.Time(schedule);
        (_, double seconds) = Measure.Seconds(() =>
        {
            for (int i = 0; i < Repeats; i++)
            {
                FastEngine.Time(schedule);
            }
        });
        double each = seconds / Repeats;
        Measure.Print($"timing {network.Name} on {rows}x{columns}: {time.Timeline.Length} instructions, {time.Cycles} cycles in {each * 1e6:0.0} us = {time.Cycles / each / 1e9:0.0} G cycles/s");
    }
}
