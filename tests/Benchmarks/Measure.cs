// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Benchmarks;

/// <summary>Medians of five runs after one that warms up.</summary>
internal static class Measure
{
    private const int Runs = 5;

    /// <summary>Seconds by the clock, and seconds of processor time over all threads.</summary>
    public static (double Wall, double Processor) Seconds(Action action)
    {
        action();
        List<double> wall = [];
        List<double> processor = [];
        for (int run = 0; run < Runs; run++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            action();
            wall.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            processor.Add((Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        return (Median(wall), Median(processor));
    }

    /// <summary>The median of five values.</summary>
    public static double Median(Func<double> value) => Median([.. Enumerable.Range(0, Runs).Select(_ => value())]);

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
