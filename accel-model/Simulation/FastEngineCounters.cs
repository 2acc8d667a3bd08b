// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>Counters while they are being counted: one flat row of numbers for each unit of each layer, and its traffic.</summary>
internal sealed class FastEngineCounters
{
    private const int Units = 4;
    private static readonly ImmutableArray<long> NoStalls = [.. new long[SemaphoreSet.Count]];

    private readonly Unit[] units;
    private readonly FastEngineTraffic[] traffic;
    private readonly int[] slotOfLayer;
    private readonly ImmutableArray<ScheduledLayer> layers;

    public FastEngineCounters(ImmutableArray<ScheduledLayer> layers)
    {
        this.layers = layers;
        units = new Unit[layers.Length * Units];
        traffic = new FastEngineTraffic[layers.Length];
        slotOfLayer = new int[layers.IsEmpty ? 0 : layers.Max(layer => layer.NetworkLayer) + 1];
        Array.Fill(slotOfLayer, -1);
        for (int i = 0; i < layers.Length; i++)
        {
            slotOfLayer[layers[i].NetworkLayer] = i;
        }
    }

    /// <summary>Position in <see cref="Schedule.Layers"/> of an instruction's layer.</summary>
    /// <exception cref="InvalidScheduleException">The layer is not scheduled.</exception>
    public int SlotOf(Instruction instruction, int index)
    {
        int layer = instruction.Layer;
        int slot = (uint)layer < (uint)slotOfLayer.Length ? slotOfLayer[layer] : -1;
        return slot >= 0
            ? slot
            : throw new InvalidScheduleException($"{instruction.Unit} instruction {index}: layer {layer} is not a scheduled layer", instruction.Unit, index);
    }

    /// <summary>The row of one unit in one layer.</summary>
    public ref Unit Of(UnitKind unit, int slot) => ref units[(slot * Units) + (int)unit];

    /// <summary>The traffic of one layer.</summary>
    public ref FastEngineTraffic TrafficOf(int slot) => ref traffic[slot];

    /// <summary>Closes the books: what is missing to <paramref name="cycles"/> is idle, the array's in the last layer.</summary>
    public (ImmutableArray<LayerTiming> Layers, ImmutableArray<UnitCycles> Units) Close(long cycles, int bytesPerWord)
    {
        Unit[] totals = new Unit[Units];
        for (int i = 0; i < units.Length; i++)
        {
            totals[i % Units].Add(units[i]);
        }
        long arrayIdle = cycles - totals[(int)UnitKind.Array].Total;

        LayerTiming[] timings = new LayerTiming[layers.Length];
        for (int slot = 0; slot < timings.Length; slot++)
        {
            timings[slot] = new LayerTiming
            {
                NetworkLayer = layers[slot].NetworkLayer,
                Cycles = Of(UnitKind.Array, slot).Total + (slot == timings.Length - 1 ? arrayIdle : 0),
                Units = [.. Enumerable.Range(0, Units).Select(unit => Of((UnitKind)unit, slot).Closed(0))],
                Traffic = traffic[slot].Closed(bytesPerWord),
            };
        }
        return (ImmutableCollectionsMarshal.AsImmutableArray(timings), [.. totals.Select(total => total.Closed(cycles - total.Total))]);
    }

    /// <summary>The counters of one unit in one layer.</summary>
    public struct Unit
    {
        public long Issue;
        public long Fill;
        public long PortWait;
        public long Latency;
        public long Busy;
        public long[]? Stall;

        public readonly long Total => Issue + Fill + PortWait + Latency + Busy + (Stall is null ? 0 : Stall.Sum());

        public void Stalled(int semaphore, long cycles) => (Stall ??= new long[SemaphoreSet.Count])[semaphore] += cycles;

        public void Add(in Unit other)
        {
            Issue += other.Issue;
            Fill += other.Fill;
            PortWait += other.PortWait;
            Latency += other.Latency;
            Busy += other.Busy;
            for (int s = 0; other.Stall is not null && s < SemaphoreSet.Count; s++)
            {
                if (other.Stall[s] != 0)
                {
                    Stalled(s, other.Stall[s]);
                }
            }
        }

        /// <summary>As they stand now: the stalls of the copy do not go on.</summary>
        public readonly Unit Copy() => this with { Stall = Stall?[..] };

        /// <summary>What was counted since an earlier copy was made.</summary>
        public readonly UnitCycles Since(in Unit earlier)
        {
            long[]? before = earlier.Stall;
            return new()
            {
                Issue = Issue - earlier.Issue,
                Stall = Stall is null ? NoStalls : [.. Stall.Select((count, semaphore) => count - (before?[semaphore] ?? 0))],
                Fill = Fill - earlier.Fill,
                PortWait = PortWait - earlier.PortWait,
                Latency = Latency - earlier.Latency,
                Busy = Busy - earlier.Busy,
            };
        }

        public readonly UnitCycles Closed(long idle) => new()
        {
            Issue = Issue,
            Stall = Stall is null ? NoStalls : [.. Stall],
            Fill = Fill,
            PortWait = PortWait,
            Latency = Latency,
            Busy = Busy,
            Idle = idle,
        };
    }
}
