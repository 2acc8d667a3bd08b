// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace Benchmarks;

/// <summary>Timeline and counters of one inference whose schedule is there, beside what is asked for; and the search for the schedule, which a design takes once.</summary>
internal static class TimingBenchmark
{
    public static void Run(Figures figures)
    {
        Line(figures, BenchmarkCases.Lenet5(4, 4), BenchmarkCases.Accelerator(16, 16, 32, 32), 1000, 20e-6);
        Line(figures, BenchmarkCases.LenetLarge(4, 4), BenchmarkCases.Accelerator(16, 16, 32, 32), 1000, 200e-6);
        (IntegerNetwork resnet50, AcceleratorSpec full) = BenchmarkCases.Named("resnet50");
        Line(figures, resnet50, full, 20, 5e-3);
    }

    private static void Line(Figures figures, IntegerNetwork network, AcceleratorSpec accelerator, int repeats, double limit)
    {
        Schedule schedule = Scheduler.Schedule(network, accelerator);
        TimingResult time = FastEngine.Time(schedule);
        (_, double seconds) = Measure.Seconds(() =>
        {
            for (int i = 0; i < repeats; i++)
            {
                FastEngine.Totals(schedule);
            }
        });
        double each = seconds / repeats;
        figures.Add(
            $"{network.Name} on {accelerator.Name}: {time.Timeline.Length} instructions, {time.Cycles} cycles, 1 thread",
            $"{each * 1e6:0.0} us",
            $"{limit * 1e6:0} us asked for",
            each / limit,
            Goal.Most(1));
        (_, double search) = Measure.Seconds(() => Scheduler.Schedule(network, accelerator));
        figures.Add($"{network.Name} on {accelerator.Name}: the search for its schedule", $"{search * 1e3:0.00} ms", $"{each * 1e3:0.00} ms, its timing", search / each);
    }
}
