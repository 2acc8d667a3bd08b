// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace Cli.Sweeps.Metrics;

/// <summary>Every figure that a sweep knows of a point, in the order of the columns of results.csv. A new figure is a new row.</summary>
public static class MetricTable
{
    private static readonly ImmutableArray<(string, double)> Time = [("us", 1), ("ns", 1e-3), ("ms", 1e3), ("s", 1e6)];
    private static readonly ImmutableArray<(string, double)> Energy = [("nj", 1), ("pJ", 1e-3), ("nJ", 1), ("uJ", 1e3), ("mJ", 1e6)];
    private static readonly ImmutableArray<(string, double)> Bytes = [("bytes", 1), ("KiB", 1024), ("MiB", 1024 * 1024), ("kB", 1e3), ("MB", 1e6)];
    private static readonly ImmutableArray<(string, double)> Bits = [("bits", 1), ("Kibit", 1024), ("Mibit", 1024 * 1024)];
    private static readonly ImmutableArray<(string, double)> Share = [("", 1), ("%", 0.01)];

    /// <summary>All of them.</summary>
    public static ImmutableArray<Metric> All { get; } =
    [
        new("accuracy", "accuracy", "", MetricSource.Values, point => point.Accuracy) { IsFraction = true, Units = Share },
        new("area.lut", "area", "LUT", MetricSource.Design, point => point.Lut),
        new("area.flip_flops", "flip-flops", "", MetricSource.Design, point => point.FlipFlops),
        new("area.memory_bits", "memory", "bits", MetricSource.Design, point => point.MemoryBits) { IsWhole = true, Units = Bits },
        new("latency_us", "latency", "µs", MetricSource.Timing, point => point.LatencyUs) { Units = Time },
        new("cycles_per_inference", "cycles per inference", "", MetricSource.Timing, point => point.CyclesPerInference) { IsWhole = true },
        new("utilization", "utilization", "", MetricSource.Timing, point => point.Utilization) { IsFraction = true, Units = Share },
        new("dram_read_bytes", "DRAM read", "bytes", MetricSource.Timing, point => point.DramReadBytes) { IsWhole = true, Units = Bytes },
        new("dram_write_bytes", "DRAM written", "bytes", MetricSource.Timing, point => point.DramWriteBytes) { IsWhole = true, Units = Bytes },
        new("energy_nj", "energy", "nJ", MetricSource.Timing, point => point.EnergyNj) { Units = Energy },
        new("overflows", "overflows", "", MetricSource.Values, point => point.Overflows) { IsWhole = true },
        new("float_accuracy", "float accuracy", "", MetricSource.Values, point => point.FloatAccuracy) { IsFraction = true, Units = Share },
        new("trained_accuracy", "trained accuracy", "", MetricSource.Values, point => point.TrainedAccuracy) { IsFraction = true, Units = Share },
        new("test_images", "test images", "", MetricSource.Values, point => point.TestImages) { IsWhole = true },
    ];

    /// <summary>Those that a sweep fills: without values, only what needs none.</summary>
    public static ImmutableArray<Metric> Of(bool values) => values ? All : [.. All.Where(metric => metric.Source != MetricSource.Values)];

    /// <summary>The metric of a name; null after saying what is wrong with it.</summary>
    /// <param name="name">A name, or a quantity without its unit.</param>
    /// <param name="problem">What is wrong, what was found, what is allowed.</param>
    public static Metric? Find(string name, out string problem)
    {
        Metric? metric = All.FirstOrDefault(metric => metric.Name == name || metric.Quantity == name);
        string[] names = [.. All.Select(other => other.Name)];
        string meant = NearestName.Suggestion(name, names.Concat(All.Select(other => other.Quantity)));
        problem = metric is null ? $"unknown metric, found '{name}'{meant}, allowed {string.Join(", ", names)}" : "";
        return metric;
    }
}
