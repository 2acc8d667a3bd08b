// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Costs;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.Devices;
using Cli.Experiments;

namespace Cli.Sweeps.Timing;

/// <summary>What a sweep keeps of a timed schedule: enough for every figure of every design that shares it.</summary>
/// <param name="Cycles">Cycles of one inference.</param>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Layers">What the energy of each layer follows from.</param>
public sealed record ScheduleFigures(long Cycles, long Macs, ImmutableArray<LayerWork> Layers)
{
    /// <summary>Frames that follow each other without end; null where nobody asked.</summary>
    public FrameRate? Frames { get; init; }

    /// <summary>These figures with those of frames that follow each other.</summary>
    public ScheduleFigures WithFrames(Schedule schedule) => this with { Frames = FrameRate.Of(schedule) };

    /// <summary>The figures of a schedule.</summary>
    public static ScheduleFigures Of(Schedule schedule, TimingResult timing) => new(
        timing.Cycles,
        schedule.Layers.Sum(layer => layer.Macs),
        [.. schedule.Layers.Zip(timing.Layers, (layer, time) => new LayerWork(layer.Macs, layer.PassesOn(schedule.Accelerator), time.Traffic))]);

    /// <summary>Cost and time of a design that has this schedule.</summary>
    public PointMeasurement On(AcceleratorSpec accelerator)
    {
        DesignArea area = DesignArea.Of(accelerator);
        long read = 0, written = 0;
        double energy = 0;
        foreach (LayerWork layer in Layers)
        {
            read += layer.Traffic.LoadBytes;
            written += layer.Traffic.StoreBytes;
            foreach (ComponentEnergy part in EnergyModel.Of(accelerator, layer.Macs, layer.Passes, layer.Traffic, EnergyTechnology.Horowitz45))
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
        };
    }
}

/// <summary>Work of one layer.</summary>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="Passes">Passes that each takes.</param>
/// <param name="Traffic">Accesses.</param>
public readonly record struct LayerWork(long Macs, OperandPasses Passes, Traffic Traffic);
