// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification.Yaml;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace Cli.Experiments;

/// <summary>Turns timing and overflows into one row per layer of the network.</summary>
public static class LayerSummaries
{
    /// <summary>Rows in the network's order; fused pooling follows its matrix layer with no cycles of its own.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="timing">Its timing.</param>
    /// <param name="overflows">Overflows of its layers.</param>
    /// <param name="widths">Sufficient widths, where they are known.</param>
    public static IReadOnlyList<LayerSummary> Of(Schedule schedule, TimingResult timing, ImmutableArray<LayerOverflows> overflows, IReadOnlyList<WidthSummary>? widths = null)
    {
        var rows = new List<LayerSummary>();
        ImmutableArray<ImmutableArray<ComponentEnergy>> energies = EnergyModel.Layers(schedule, timing, EnergyTechnology.Horowitz45);
        for (int i = 0; i < schedule.Layers.Length; i++)
        {
            ScheduledLayer layer = schedule.Layers[i];
            LayerTiming time = timing.Layers[i];
            Layer source = schedule.Network.Layers[layer.NetworkLayer];
            rows.Add(new()
            {
                Name = source.Name,
                Kind = source.Kind,
                Cycles = time.Cycles,
                Macs = layer.Macs,
                Utilization = time.Cycles == 0 ? 0 : layer.Macs / (double)(time.Cycles * schedule.Accelerator.ProductsPerCycle),
                StallCycles = Causes(time),
                Units = CycleAccounts.Of(time.Units),
                Traffic = CycleAccounts.Of(time.Traffic),
                DramReadBytes = time.Traffic.LoadBytes,
                DramWriteBytes = time.Traffic.StoreBytes,
                Overflows = overflows[i].PartialSums + overflows[i].Accumulators,
                EnergyNj = EnergyNj(energies[i]),
                ArithmeticIntensity = Roofline.Of(schedule.Accelerator, layer.Macs, time).Intensity,
                AttainableMacsPerCycle = Roofline.Of(schedule.Accelerator, layer.Macs, time).Attainable,
                Widths = widths?.FirstOrDefault(width => width.Name == source.Name),
                RooflineBound = EnumNames.Of(Roofline.Of(schedule.Accelerator, layer.Macs, time).Bound),
                FirstOverflow = overflows[i].First is FirstOverflow first ? Locate(first, layer, source.Output) : null,
            });
            foreach (int fused in new[] { layer.PoolLayer, layer.LookupLayer }.OfType<int>())
            {
                rows.Add(new()
                {
                    Name = schedule.Network.Layers[fused].Name,
                    Kind = schedule.Network.Layers[fused].Kind,
                    Cycles = 0,
                    Macs = 0,
                    Utilization = 0,
                    StallCycles = new Dictionary<string, long>(),
                    DramReadBytes = 0,
                    DramWriteBytes = 0,
                    Overflows = 0,
                });
            }
        }

        return rows;
    }

    /// <summary>Energy by component, nanojoules, by the names of files; those that are 0 left out.</summary>
    public static IReadOnlyDictionary<string, double> EnergyNj(IEnumerable<ComponentEnergy> parts) =>
        parts.Where(part => part.Nanojoules > 0).ToDictionary(part => NameOf(part.Component), part => part.Nanojoules);

    /// <summary>A component of the energy by its name in files.</summary>
    public static string NameOf(string component) => component.Replace(' ', '_');

    /// <summary>What the array unit's cycles without a vector may go to, by the names of files.</summary>
    public static IEnumerable<string> StallCauses => ["issue", "fill", .. Enum.GetValues<Semaphore>().Select(EnumNames.Of), "drain"];

    /// <summary>The array unit's cycles without a vector; with the busy ones they add up to the layer's cycles.</summary>
    private static Dictionary<string, long> Causes(LayerTiming time)
    {
        UnitCycles array = time.Units[(int)UnitKind.Array];
        var causes = new Dictionary<string, long> { ["issue"] = array.Issue, ["fill"] = array.Fill };
        foreach (Semaphore semaphore in Enum.GetValues<Semaphore>())
        {
            if (array.Stall[(int)semaphore] > 0)
            {
                causes[EnumNames.Of(semaphore)] = array.Stall[(int)semaphore];
            }
        }

        long drain = time.Cycles - array.Total;
        if (drain > 0)
        {
            causes["drain"] = drain;
        }

        return causes;
    }

    private static OverflowSummary Locate(FirstOverflow first, ScheduledLayer layer, TensorSpec output)
    {
        PlanSegment segment = layer.Plan!.Segments[first.Segment];
        int lanes = layer.Plan.Lanes;

        // A row adds its lanes at once: the first of them names it. An accumulator's addition ends its segment.
        int k = first.Stage == OverflowStage.PartialSum
            ? segment.K[first.Row * lanes]
            : segment.K.LastOrDefault(index => index >= 0, -1);
        return new(
            first.Image, first.Output, first.Output / (output.Width * output.Channels), first.Output / output.Channels % output.Width,
            first.Output % output.Channels, k, first.Stage == OverflowStage.PartialSum ? "partial_sum" : "accumulator");
    }
}
