// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.Devices;
using Cli.Sweeps.Strategies;
using RtlExport.Synthesis;

namespace Cli.Sweeps.Metrics;

/// <summary>Every figure that a sweep knows of a point, in the order of the columns of results.csv. A new figure is a new row.</summary>
public static class MetricTable
{
    private static readonly ImmutableArray<(string, double)> Time = [("us", 1), ("ns", 1e-3), ("ms", 1e3), ("s", 1e6)];
    /// <summary>Units of energies.</summary>
    internal static readonly ImmutableArray<(string, double)> Energy = [("nj", 1), ("pJ", 1e-3), ("nJ", 1), ("uJ", 1e3), ("mJ", 1e6)];

    /// <summary>Units of amounts of data.</summary>
    internal static readonly ImmutableArray<(string, double)> Bytes = [("bytes", 1), ("KiB", 1024), ("MiB", 1024 * 1024), ("kB", 1e3), ("MB", 1e6)];

    private static readonly ImmutableArray<(string, double)> Frequency = [("mhz", 1), ("MHz", 1), ("kHz", 1e-3), ("GHz", 1e3)];
    private static readonly ImmutableArray<(string, double)> Bits = [("bits", 1), ("Kibit", 1024), ("Mibit", 1024 * 1024)];

    /// <summary>Units of fractions.</summary>
    internal static readonly ImmutableArray<(string, double)> Share = [("", 1), ("%", 0.01)];

    /// <summary>All of them.</summary>
    public static ImmutableArray<Metric> All { get; } =
    [
        new("accuracy", "accuracy", "", MetricSource.Values, point => point.Accuracy) { IsFraction = true, Units = Share },
        new("area.lut", "area", "LUT", MetricSource.Design, point => point.Lut),
        new("area.flip_flops", "flip-flops", "", MetricSource.Design, point => point.FlipFlops),
        new("area.dsp", "multiplier blocks", "", MetricSource.Design, point => point.Dsp) { IsWhole = true },
        new("area.bram", "memory blocks", "", MetricSource.Design, point => point.BlockRam) { IsWhole = true },
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

    /// <summary>Those that are columns only where a sweep asks for them; with them, the share of each device (<see cref="DeviceShares"/>), the figures of each layer and their sums (<see cref="LayerFigures"/>).</summary>
    public static ImmutableArray<Metric> OnDemand { get; } =
    [
        new("macs", "MACs", "", MetricSource.Timing, point => point.Macs) { IsWhole = true, IsOnDemand = true },
        new("arithmetic_intensity", "arithmetic intensity", "MACs/byte", MetricSource.Timing, point => point.Macs / (double)Math.Max(1, point.DramReadBytes + point.DramWriteBytes)) { IsOnDemand = true },
        new("cycles_per_frame", "cycles per frame", "", MetricSource.Timing, point => point.CyclesPerFrame) { IsOnDemand = true, Details = PointDetails.Frames },
        new("first_frame_cycles", "cycles of the first frame", "", MetricSource.Timing, point => point.FirstFrameCycles) { IsWhole = true, IsOnDemand = true, Details = PointDetails.Frames },
        new("training_epochs", "epochs", "", MetricSource.Values, point => point.TrainingEpochs) { IsWhole = true, IsOnDemand = true },
        new("frames_per_second", "frames per second", "1/s", MetricSource.Timing, point => point.FramesPerSecond) { IsOnDemand = true, Details = PointDetails.Frames },
        new("clock_mhz", "clock", "MHz", MetricSource.Design, _ => null) { IsOnDemand = true, Units = Frequency, OfDesign = design => design.ClockMhz },
        new("fmax_mhz", "fastest clock", "MHz", MetricSource.Design, _ => null)
        {
            IsOnDemand = true, Units = Frequency, Family = SynthesisTarget.Ice40Up5k, OfDesign = design => DesignArea.Of(design, SynthesisTarget.Ice40Up5k).Clock?.Mhz,
        },
    ];

    /// <summary>The columns of a sweep: without values, only what needs none, and on demand what its objectives and constraints ask for.</summary>
    public static ImmutableArray<Metric> Of(SweepSpec sweep) =>
    [
        .. All.Where(metric => sweep.NeedsValues || metric.Source != MetricSource.Values),
        .. sweep.AskedMetrics.Concat(sweep.Strategy.Kind == StrategyKind.SuccessiveHalving ? OnDemand.Where(metric => metric.Name == "training_epochs") : [])
            .Where(metric => metric.IsOnDemand).Distinct().OrderBy(metric => metric.Name, StringComparer.Ordinal),
    ];

    /// <summary>The metric of exactly this name; null where there is none.</summary>
    public static Metric? Named(string name) => Find(name, out _) is Metric metric && metric.Name == name ? metric : null;

    /// <summary>The metric of a name; null after saying what is wrong with it.</summary>
    /// <param name="name">A name, or a quantity without its unit.</param>
    /// <param name="problem">What is wrong, what was found, what is allowed.</param>
    public static Metric? Find(string name, out string problem)
    {
        if (name.StartsWith(DeviceShares.Prefix, StringComparison.Ordinal))
        {
            return DeviceShares.Find(name[DeviceShares.Prefix.Length..], out problem);
        }

        if (name.StartsWith(LayerFigures.Prefix, StringComparison.Ordinal))
        {
            return LayerFigures.Find(name[LayerFigures.Prefix.Length..], out problem);
        }

        Metric[] all = [.. All, .. OnDemand, .. LayerFigures.Totals];
        Metric? metric = all.FirstOrDefault(metric => metric.Name == name || metric.Quantity == name);
        string meant = NearestName.Suggestion(name, all.Select(other => other.Name).Concat(all.Select(other => other.Quantity)));
        IEnumerable<string> names = [.. All.Concat(OnDemand).Select(other => other.Name), .. LayerFigures.TotalNames, DeviceShares.Prefix + "DEVICE", LayerFigures.Prefix + "LAYER.FIGURE"];
        problem = metric is null ? $"unknown metric, found '{name}'{meant}, allowed {string.Join(", ", names)}" : "";
        return metric;
    }
}
