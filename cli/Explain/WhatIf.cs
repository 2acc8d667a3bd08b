// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace Cli.Explain;

/// <summary>One change of a design, and the cycles that it gives: of one layer, and of the inference.</summary>
/// <param name="Change">The change in words, with the key of the accelerator file.</param>
/// <param name="LayerCycles">Cycles of the layer after it.</param>
/// <param name="Cycles">Cycles of the inference after it.</param>
public sealed record WhatIf(string Change, long LayerCycles, long Cycles)
{
    /// <summary>The changes that a design allows, each scheduled anew and timed; the one that helps the layer most comes first.</summary>
    public static IReadOnlyList<WhatIf> All(IntegerNetwork network, AcceleratorSpec accelerator, int networkLayer)
    {
        var results = new List<WhatIf>();
        foreach ((string change, AcceleratorSpec changed) in Changes(accelerator))
        {
            if (!AcceleratorRules.Check(changed).IsEmpty || !HardwareFit.Check(network, changed).IsEmpty)
            {
                continue;
            }

            try
            {
                TimingResult timing = FastEngine.Totals(ScheduleOptimizer.Schedule(network, changed));
                results.Add(new(change, timing.Layers.Where(layer => layer.NetworkLayer == networkLayer).Sum(layer => layer.Cycles), timing.Cycles));
            }
            catch (ScheduleException)
            {
                // A change that makes a buffer too small is none that helps.
                continue;
            }
        }

        return [.. results.OrderBy(result => result.LayerCycles).ThenBy(result => result.Cycles)];
    }

    private static IEnumerable<(string Change, AcceleratorSpec Changed)> Changes(AcceleratorSpec spec)
    {
        MemorySpec memory = spec.Memory;
        yield return ($"twice the bandwidth (memory.bytes_per_cycle: {2 * memory.BytesPerCycle})", spec with { Memory = memory with { BytesPerCycle = 2 * memory.BytesPerCycle } });
        if (memory.LatencyCycles > 1)
        {
            yield return ($"half the latency (memory.latency_cycles: {memory.LatencyCycles / 2})", spec with { Memory = memory with { LatencyCycles = memory.LatencyCycles / 2 } });
        }

        yield return ($"longer bursts (memory.burst_beats: {4 * memory.BurstBeats})", spec with { Memory = memory with { BurstBeats = 4 * memory.BurstBeats } });
        foreach (Dataflow dataflow in Enum.GetValues<Dataflow>().Where(dataflow => dataflow != spec.Array.Dataflow))
        {
            yield return (
                $"another dataflow (array.dataflow: {EnumNames.Of(dataflow)})",
                spec with { Array = spec.Array with { Dataflow = dataflow, ColumnFilter = spec.Array.ColumnFilter && dataflow == Dataflow.WeightStationary } });
        }

        if (!spec.Array.WeightDoubleBuffering)
        {
            yield return ("weights entering while others are used (array.weight_double_buffering: true)", spec with { Array = spec.Array with { WeightDoubleBuffering = true } });
        }

        yield return ($"twice the rows (array.rows: {2 * spec.Array.Rows})", spec with { Array = spec.Array with { Rows = 2 * spec.Array.Rows } });
        yield return ($"twice the columns (array.columns: {2 * spec.Array.Columns})", spec with { Array = spec.Array with { Columns = 2 * spec.Array.Columns } });
        BuffersSpec buffers = spec.Buffers;
        yield return Deeper("activation", buffers.Activation, buffer => buffers with { Activation = buffer });
        yield return Deeper("weight", buffers.Weight, buffer => buffers with
        {
            Weight = buffer,

            // Slots of the factor buffer take turns with these.
            Factor = buffers.Factor.Size > 0 && !buffers.Factor.DoubleBuffered ? new() { Size = 2 * buffers.Factor.Size, DoubleBuffered = true } : buffers.Factor,
        });
        yield return Deeper("accumulator", buffers.Accumulator, buffer => buffers with { Accumulator = buffer });
        yield return Deeper("output", buffers.Output, buffer => buffers with { Output = buffer });
        if (buffers.Operand.Size > 0)
        {
            yield return Deeper("operand", buffers.Operand, buffer => buffers with { Operand = buffer });
        }

        (string, AcceleratorSpec) Deeper(string name, BufferSpec buffer, Func<BufferSpec, BuffersSpec> with) => buffer.DoubleBuffered
            ? ($"a deeper buffer (buffers.{name}.size: {2 * buffer.Size})", spec with { Buffers = with(buffer with { Size = 2 * buffer.Size }) })
            : ($"a second slot (buffers.{name}: size {2 * buffer.Size}, double_buffered)", spec with { Buffers = with(new() { Size = 2 * buffer.Size, DoubleBuffered = true }) });
    }
}
