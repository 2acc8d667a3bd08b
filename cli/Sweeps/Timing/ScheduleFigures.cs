// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Costs;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.Devices;
using Cli.Experiments;
using Cli.Sweeps.Metrics;

namespace Cli.Sweeps.Timing;

/// <summary>What a sweep keeps of a timed schedule: enough for every figure of every design that shares it.</summary>
/// <param name="Cycles">Cycles of one inference.</param>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Layers">What the energy of each layer follows from.</param>
public sealed record ScheduleFigures(long Cycles, long Macs, ImmutableArray<LayerWork> Layers)
{
    /// <summary>Frames that follow each other without end; null where nobody asked.</summary>
    public FrameRate? Frames { get; init; }

    /// <summary>A row for each layer of the network, each with its place in <see cref="Layers"/>, -1 for a layer that is fused into another; null where nobody asked.</summary>
    public ImmutableArray<(LayerSummary Row, int Work)>? Rows { get; init; }

    /// <summary>The figures of a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="details">What is worked out besides the figures that every point has.</param>
    /// <param name="overflows">Overflows of its layers; none where no value is computed.</param>
    /// <param name="widths">Sufficient widths of their sums, where they are known.</param>
    public static ScheduleFigures Of(Schedule schedule, PointDetails details, ImmutableArray<LayerOverflows>? overflows = null, IReadOnlyList<WidthSummary>? widths = null)
    {
        TimingResult timing = FastEngine.Totals(schedule);
        ImmutableArray<LayerWork> layers = [.. schedule.Layers.Zip(timing.Layers, (layer, time) => new LayerWork(layer.Macs, layer.PassesOn(schedule.Accelerator), time.Traffic))];
        return new(timing.Cycles, schedule.Layers.Sum(layer => layer.Macs), layers)
        {
            Frames = details.HasFlag(PointDetails.Frames) ? FrameRate.Of(schedule) : null,
            Rows = details.HasFlag(PointDetails.Layers) ? RowsOf(schedule, timing, overflows ?? [.. schedule.Layers.Select(_ => LayerOverflows.None)], widths) : null,
        };
    }

    private static ImmutableArray<(LayerSummary Row, int Work)> RowsOf(Schedule schedule, TimingResult timing, ImmutableArray<LayerOverflows> overflows, IReadOnlyList<WidthSummary>? widths)
    {
        string[] scheduled = [.. schedule.Layers.Select(layer => schedule.Network.Layers[layer.NetworkLayer].Name)];
        return [.. LayerSummaries.Of(schedule, timing, overflows, widths).Select(row => (row, Array.IndexOf(scheduled, row.Name)))];
    }

    /// <summary>Cost and time of a design that has this schedule.</summary>
    public PointMeasurement On(AcceleratorSpec accelerator)
    {
        DesignArea area = DesignArea.Of(accelerator);
        long read = 0, written = 0;
        double energy = 0;
        var energies = new ImmutableArray<ComponentEnergy>[Layers.Length];
        for (int i = 0; i < Layers.Length; i++)
        {
            read += Layers[i].Traffic.LoadBytes;
            written += Layers[i].Traffic.StoreBytes;
            energies[i] = Layers[i].EnergyOn(accelerator);
            foreach (ComponentEnergy part in energies[i])
            {
                energy += part.Nanojoules;
            }
        }

        return new()
        {
            Lut = area.Resources.Lut,
            FlipFlops = area.Resources.FlipFlops,
            Dsp = area.Resources.Dsp,
            BlockRam = area.Resources.BlockRam,
            MemoryBits = area.MemoryBits,
            CyclesPerInference = Cycles,
            Macs = Macs,
            CyclesPerFrame = Frames?.CyclesPerFrame,
            FirstFrameCycles = Frames?.FirstFrameCycles,
            FramesPerSecond = accelerator.ClockMhz * 1e6 / Frames?.CyclesPerFrame,
            LatencyUs = Cycles / accelerator.ClockMhz,
            Utilization = Macs / ((double)Cycles * accelerator.ProductsPerCycle),
            DramReadBytes = read,
            DramWriteBytes = written,
            EnergyNj = energy,
            Layers = Rows is { } rows ? [.. rows.Select(row => row.Work < 0 ? row.Row : row.Row with { EnergyNj = LayerSummaries.EnergyNj(energies[row.Work]) })] : null,
        };
    }
}

/// <summary>Work of one layer.</summary>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Passes">Passes that each takes.</param>
/// <param name="Traffic">Accesses.</param>
public readonly record struct LayerWork(long Macs, OperandPasses Passes, Traffic Traffic)
{
    /// <summary>Its energy on a design, by component.</summary>
    public ImmutableArray<ComponentEnergy> EnergyOn(AcceleratorSpec accelerator) => EnergyModel.Of(accelerator, Macs, Passes, Traffic, EnergyTechnology.Horowitz45);
}
