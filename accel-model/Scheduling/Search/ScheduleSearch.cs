// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Search;

/// <summary>Chooses for every step how it is cut: the cheapest of its candidates that the buffers can hold, by <see cref="StepCost"/>; then what is forwarded on chip.</summary>
internal sealed class ScheduleSearch(
    IntegerNetwork network, ImmutableArray<Step> steps, IReadOnlyDictionary<string, TensorPlacement> placements, AcceleratorSpec accelerator, ScheduleObjective objective)
{
    private readonly List<ScheduleFinding> _findings = [];

    /// <summary>One choice for each step.</summary>
    /// <exception cref="ScheduleException">A buffer cannot hold the smallest band of a layer.</exception>
    public ImmutableArray<StepChoice> Run()
    {
        StepChoice[] choices = [.. steps.Select(step => step is MatrixStep matrix ? Choose(matrix) : Choose(step))];
        if (_findings.Count > 0)
        {
            throw new ScheduleException(_findings);
        }

        if (objective != ScheduleObjective.Fixed)
        {
            var graph = new StepGraph(network, steps, placements);
            for (int i = 0; i < choices.Length; i++)
            {
                choices[i] = choices[i] with { Forward = graph.CanForward(i, choices, accelerator) };
            }
        }

        return [.. choices];
    }

    private long ValueOf(StepCost cost) => objective == ScheduleObjective.Latency ? cost.Latency : cost.Beats;

    private StepChoice Choose(MatrixStep step)
    {
        StepChoice? best = null;
        long bestCost = long.MaxValue;
        MatrixTiling? smallest = null;
        foreach (StepChoice choice in MatrixCandidates(step))
        {
            var tiling = new MatrixTiling(step, choice, accelerator);
            if (tiling.Misfits().Any())
            {
                smallest = tiling;
                continue;
            }

            if (objective == ScheduleObjective.Fixed)
            {
                return choice;
            }

            long value = ValueOf(StepCost.Of(tiling, accelerator));
            if (value < bestCost)
            {
                (best, bestCost) = (choice, value);
            }
        }

        if (best is null)
        {
            _findings.AddRange(smallest!.Misfits());
        }

        return best ?? smallest!.Choice;
    }

    private IEnumerable<StepChoice> MatrixCandidates(MatrixStep step)
    {
        int rows = step.Output.Height, columns = accelerator.Array.Columns;
        int tiles = SegmentGrid.Ceiling(step.OutputChannels, columns);
        foreach (SegmentMapping mapping in Mappings(step))
        {
            foreach (int chunk in ChunkCandidates(step))
            {
                bool any = false;
                foreach (int perGroup in GroupCandidates(tiles))
                {
                    StepChoice Of(int height, LoopOrder order) => new()
                    {
                        RowsPerBand = height, OutputChannelsPerGroup = Math.Min(step.OutputChannels, perGroup * columns), InputChannelsPerChunk = chunk, Order = order, Mapping = mapping,
                    };

                    int tallest = Tallest(rows, height => !new MatrixTiling(step, Of(height, LoopOrder.RowsOutermost), accelerator).Misfits().Any());
                    if (tallest == 0)
                    {
                        yield return Of(1, LoopOrder.RowsOutermost);
                        break;
                    }

                    any = true;
                    int bands = SegmentGrid.Ceiling(rows, tallest);
                    foreach (int height in new[] { bands, bands + 1, 2 * bands, 4 * bands }.Select(count => SegmentGrid.Ceiling(rows, count)).Prepend(tallest).Distinct())
                    {
                        if (tiles > 1 && height < rows)
                        {
                            yield return Of(height, LoopOrder.ChannelsOutermost);
                        }

                        yield return Of(height, LoopOrder.RowsOutermost);
                    }
                }

                if (any)
                {
                    // Fewer channels at a time only where all of them do not fit.
                    break;
                }
            }
        }
    }

    private IEnumerable<SegmentMapping> Mappings(MatrixStep step)
    {
        if (CanFilter(step, accelerator))
        {
            yield return SegmentMapping.ColumnFilter;
        }

        yield return accelerator.Mapping.Convolution == ConvolutionMapping.Im2col ? SegmentMapping.KernelRows : SegmentMapping.KernelOffsets;
    }

    /// <summary>Whether a layer can run with each column filtering a channel of its own.</summary>
    public static bool CanFilter(MatrixStep step, AcceleratorSpec accelerator) =>
        accelerator.Array.ColumnFilter && step.Groups > 1 && step.GroupInputs == 1 && step.GroupOutputs == 1
        && step.KernelColumns <= accelerator.Array.Rows && step.Dilation.Columns == 1;

    /// <summary>All channels, then halves of them in whole vectors; for grouped layers the channels of one tile.</summary>
    private IEnumerable<int> ChunkCandidates(MatrixStep step)
    {
        int channels = step.Input.Channels, vector = accelerator.VectorElements;
        yield return channels;
        if (step.Groups > 1)
        {
            if (channels > 1)
            {
                yield return 1;
            }

            yield break;
        }

        int last = channels;
        for (int parts = 2; last > vector; parts *= 2)
        {
            last = SegmentGrid.Ceiling(SegmentGrid.Ceiling(channels, parts), vector) * vector;
            yield return last;
        }
    }

    private IEnumerable<int> GroupCandidates(int tiles)
    {
        if (objective == ScheduleObjective.Fixed)
        {
            yield return 1;
            yield break;
        }

        for (int perGroup = 1; perGroup < tiles; perGroup *= 2)
        {
            yield return perGroup;
        }

        yield return tiles;
    }

    private StepChoice Choose(Step step)
    {
        int columns = accelerator.Array.Columns, channels = step.Output.Channels;
        ElementwiseTiling Of(int height, int chunk) => new(step, height, chunk, accelerator);
        foreach (int chunk in new[] { channels, SegmentGrid.Ceiling(SegmentGrid.Ceiling(channels, 2), columns) * columns, columns })
        {
            int tallest = Tallest(step.Output.Height, height => !Of(height, chunk).Misfits().Any());
            if (tallest > 0)
            {
                // Two bands at least, so that loading, computing and storing overlap.
                int height = objective == ScheduleObjective.Fixed ? tallest : Math.Min(tallest, SegmentGrid.Ceiling(step.Output.Height, 2));
                return new()
                {
                    RowsPerBand = height, OutputChannelsPerGroup = channels, InputChannelsPerChunk = Math.Min(chunk, channels), Order = LoopOrder.RowsOutermost, Mapping = SegmentMapping.KernelOffsets,
                };
            }
        }

        _findings.AddRange(Of(1, columns).Misfits());
        return new() { RowsPerBand = 1, OutputChannelsPerGroup = channels, InputChannelsPerChunk = columns, Order = LoopOrder.RowsOutermost, Mapping = SegmentMapping.KernelOffsets };
    }

    /// <summary>The greatest height up to <paramref name="rows"/> that fits, by bisection (less always fits where more does), or 0.</summary>
    private static int Tallest(int rows, Func<int, bool> fits)
    {
        int low = 0, high = rows;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = fits(middle) ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
