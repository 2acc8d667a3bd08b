// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Search;

/// <summary>
/// Cycles that no schedule of a network on a design can go below, by three resources that each do one thing at a time: the array's segments, the words that must cross the
/// port, the words that must pass the vector unit. How far a schedule is from the largest says how far from optimal it can be, at most.
/// </summary>
/// <param name="Array">Least cycles of the array unit.</param>
/// <param name="Port">Least beats: weights and parameters once, the network's input and output once, and every tensor that no activation slot can hold twice.</param>
/// <param name="Vector">Least words of the vector unit.</param>
public sealed record ScheduleBound(long Array, long Port, long Vector)
{
    /// <summary>The bound.</summary>
    public long Cycles => Math.Max(Array, Math.Max(Port, Vector));

    /// <summary>The bound of a network on a design.</summary>
    /// <exception cref="ScheduleException">A layer that the accelerator has no step for.</exception>
    public static ScheduleBound Of(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        (ImmutableArray<Step> steps, _) = StepPlanner.Plan(network, accelerator);
        long array = 0, vector = 0, beats = Beats(network.Output, accelerator);

        // What leaves the chip: what no activation slot holds, and what the vector unit reads from memory.
        HashSet<string> inMemory = [IntegerNetwork.InputName];
        inMemory.UnionWith(steps.Where(step => step.Output.Elements > accelerator.Buffers.Activation.SlotSize).Select(step => step.OutputName));
        inMemory.UnionWith(steps.Where(step => step is not MatrixStep).SelectMany(step => step.Inputs));
        foreach (Step step in steps)
        {
            int tiles = SegmentGrid.Ceiling(step.Output.Channels, accelerator.Array.Columns);
            beats += (long)tiles * accelerator.ParameterLineWords;
            beats += inMemory.Contains(step.OutputName) ? Beats(step.Output, accelerator) : 0;
            if (step is MatrixStep matrix)
            {
                (long cycles, long lines) = LeastOf(matrix, accelerator);
                array += cycles;
                beats += lines * accelerator.WeightLineWords;

                // Strides may skip rows.
                beats += inMemory.Contains(step.Inputs[0]) ? Beats(matrix.Input, accelerator) / matrix.Stride.Rows : 0;
                vector += (long)matrix.Output.Pixels * matrix.PoolWindow.Rows * matrix.PoolWindow.Columns * tiles;
            }
            else
            {
                vector += (long)step.Output.Pixels * (step is PairStep ? 2 : 1) * tiles;
                beats += (step is PairStep { BroadcastSecond: false } ? 2 : 1) * Beats(step.Output, accelerator);
            }
        }

        return new(array, beats, vector);
    }

    /// <summary>Cycles of the array, and weight lines, of one layer at the least: all its segments once, every vector of each streamed, whatever is reloaded.</summary>
    private static (long Cycles, long Lines) LeastOf(MatrixStep step, AcceleratorSpec accelerator)
    {
        long best = long.MaxValue, lines = long.MaxValue;
        foreach (SegmentMapping mapping in Enum.GetValues<SegmentMapping>())
        {
            if (mapping == SegmentMapping.ColumnFilter && !ScheduleSearch.CanFilter(step, accelerator))
            {
                continue;
            }

            var choice = new StepChoice
            {
                RowsPerBand = step.Output.Height, OutputChannelsPerGroup = step.OutputChannels, InputChannelsPerChunk = step.Input.Channels, Order = LoopOrder.RowsOutermost, Mapping = mapping,
            };
            var tiling = new MatrixTiling(step, choice, accelerator);
            long vectors = (long)step.ConvRows * tiling.ColumnsPerRow;
            long segments = (long)tiling.Grid(tiling.Chunks[0]).Count * tiling.Digits;
            int tiles = tiling.Tiles.Count;
            ArraySpec array = accelerator.Array;
            long cycles = array.Dataflow switch
            {
                // A segment cannot be shorter than its vectors, nor than the lines that the next one needs.
                Dataflow.WeightStationary => tiles * segments * Math.Max(vectors * tiling.Interval, array.Rows),
                Dataflow.InputStationary => ArrayTiming.Groups(vectors, array.Columns) * segments * Math.Max((long)step.OutputChannels * tiling.Interval, array.Columns),
                _ => tiles * ArrayTiming.Groups(vectors, array.Rows) * segments * array.Rows * tiling.Interval,
            };
            best = Math.Min(best, cycles);
            lines = Math.Min(lines, array.Dataflow == Dataflow.InputStationary ? segments / tiling.Digits * step.OutputChannels : tiles * (segments / tiling.Digits) * array.Rows);
        }

        return (best, lines);
    }

    private static long Beats(TensorSpec tensor, AcceleratorSpec accelerator) => (tensor.Elements + accelerator.ElementsPerWord - 1) / accelerator.ElementsPerWord;
}
