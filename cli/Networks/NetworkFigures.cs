// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Networks.Description;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace Cli.Networks;

/// <summary>A network's size, and its time on one design.</summary>
public sealed record NetworkFigures
{
    /// <summary>Name.</summary>
    public required string Network { get; init; }

    /// <summary>Weights and biases, batch norms folded.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-accumulates of one image.</summary>
    public required long Macs { get; init; }

    /// <summary>Cycles of one inference with nothing resident.</summary>
    public required long Cycles { get; init; }

    /// <summary>Multiply-accumulates per PE, lane and cycle.</summary>
    public required double Utilization { get; init; }

    /// <summary>Bytes of external memory read and written.</summary>
    public required long DramBytes { get; init; }

    /// <summary>Cycles that no schedule goes below (<see cref="ScheduleBound"/>).</summary>
    public required long Bound { get; init; }

    /// <summary>Cycles over the bound.</summary>
    public double CyclesOverBound => Cycles / (double)Bound;

    /// <summary>Cycles of the fixed heuristic (<see cref="ScheduleObjective.Fixed"/>).</summary>
    public required long FixedCycles { get; init; }

    /// <summary>Cycles of the fixed heuristic over those of the search.</summary>
    public double FixedOverSearch => FixedCycles / (double)Cycles;

    /// <summary>The figures of a network.</summary>
    /// <exception cref="ScheduleException">The design has no place for it.</exception>
    public static NetworkFigures Of(NetworkDescription description, IntegerNetwork network, AcceleratorSpec accelerator)
    {
        TimingResult timing = FastEngine.Totals(ScheduleOptimizer.Schedule(network, accelerator));
        long macs = description.MultiplyAccumulates();
        return new()
        {
            Network = description.Name,
            Parameters = description.Parameters(),
            Macs = macs,
            Cycles = timing.Cycles,
            Utilization = macs / ((double)timing.Cycles * accelerator.ProductsPerCycle),
            DramBytes = timing.Layers.Sum(layer => layer.Traffic.LoadBytes + layer.Traffic.StoreBytes),
            Bound = ScheduleBound.Of(network, accelerator).Cycles,
            FixedCycles = FastEngine.Totals(Scheduler.Schedule(network, accelerator, ScheduleObjective.Fixed)).Cycles,
        };
    }
}
