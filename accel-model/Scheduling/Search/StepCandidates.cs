// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Search;

/// <summary>The ways of cutting a step that are worth a look: heights of bands near those that fill the buffers, groups of 1, 2, 4, ... tiles, both orders, all mappings.</summary>
internal sealed class StepCandidates(AcceleratorSpec accelerator)
{
    /// <summary>Candidates that are best by each estimate, which are then looked at more closely.</summary>
    private const int Kept = 4;

    private static readonly int[] BandMultiples = [1, 2, 4, 8];

    /// <summary>What the buffers lack where nothing fits.</summary>
    public List<ScheduleFinding> Findings { get; } = [];

    /// <summary>The choice of the fixed heuristic: the tallest bands that fit, one tile of channels at a time.</summary>
    public StepChoice Fixed(Step step)
    {
        if (step is not MatrixStep matrix)
        {
            return Elementwise(step).First();
        }

        MatrixTiling? smallest = null;
        foreach (StepChoice choice in Matrix(matrix, [1]))
        {
            smallest = new MatrixTiling(matrix, choice, accelerator);
            if (!smallest.Misfits().Any())
            {
                return choice;
            }
        }

        Findings.AddRange(smallest!.Misfits());
        return smallest.Choice;
    }

    /// <summary>A few choices that fit, those first that estimates say are best for an objective; none where nothing fits.</summary>
    public IReadOnlyList<StepChoice> Shortlist(Step step, ScheduleObjective objective)
    {
        if (step is not MatrixStep matrix)
        {
            // Two bands at least, so that loading, computing and storing overlap.
            StepChoice[] all = [.. Elementwise(step)];
            return [.. all.Skip(1), .. all.Take(1)];
        }

        int tiles = MatrixTiling.ChannelTilesOf(matrix, accelerator).Count;
        (StepChoice Choice, StepCost Cost)[] fitting =
        [
            .. Matrix(matrix, GroupSizes(tiles)).Select(choice => new MatrixTiling(matrix, choice, accelerator)).Where(tiling => !tiling.Misfits().Any())
                .Select(tiling => (tiling.Choice, StepCost.Of(tiling, accelerator))),
        ];
        IEnumerable<StepChoice> Best(ScheduleObjective by) => fitting.OrderBy(candidate => candidate.Cost.In(by, accelerator)).ThenBy(candidate => candidate.Cost.Latency)
            .Take(Kept).Select(candidate => candidate.Choice);

        // Whole steps are candidates always: only they can be forwarded.
        IEnumerable<StepChoice> whole = fitting.Select(candidate => candidate.Choice)
            .Where(choice => choice.RowsPerBand >= step.Output.Height && choice.InputChannelsPerChunk >= matrix.Input.Channels).Take(1);
        return [.. Best(objective).Concat(whole).Distinct()];
    }

    /// <summary>Whether a layer can run with each column filtering a channel of its own.</summary>
    public static bool CanFilter(MatrixStep step, AcceleratorSpec accelerator) =>
        accelerator.Array.ColumnFilter && step.Groups > 1 && step.GroupInputs == 1 && step.GroupOutputs == 1
        && step.KernelColumns <= accelerator.Array.Rows && step.Dilation.Columns == 1;

    private IEnumerable<StepChoice> Matrix(MatrixStep step, IReadOnlyList<int> groupSizes)
    {
        // A matmul goes row by row.
        int rows = step.Second is null ? step.Output.Height : 1, columns = accelerator.Array.Columns;
        int tiles = MatrixTiling.ChannelTilesOf(step, accelerator).Count;
        foreach (SegmentMapping mapping in Mappings(step))
        {
            foreach (int chunk in Chunks(step))
            {
                bool whole = false;
                foreach (int perGroup in groupSizes)
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

                    whole |= tallest == rows;
                    int bands = SegmentGrid.Ceiling(rows, tallest);
                    foreach (int height in BandMultiples.Select(multiple => multiple * bands).Append(bands + 1).Select(count => SegmentGrid.Ceiling(rows, count)).Prepend(tallest).Distinct())
                    {
                        if (tiles > 1 && height < rows)
                        {
                            yield return Of(height, LoopOrder.ChannelsOutermost);
                        }

                        yield return Of(height, LoopOrder.RowsOutermost);
                    }
                }

                if (whole)
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

    /// <summary>All channels, then halves of them in whole vectors; for grouped layers the channels of one tile.</summary>
    private IEnumerable<int> Chunks(MatrixStep step)
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

    private static List<int> GroupSizes(int tiles)
    {
        List<int> sizes = [];
        for (int perGroup = 1; perGroup < tiles; perGroup *= 2)
        {
            sizes.Add(perGroup);
        }

        return [.. sizes, tiles];
    }

    /// <summary>The tallest bands with as many channels at a time as fit, then lower ones.</summary>
    private IEnumerable<StepChoice> Elementwise(Step step)
    {
        int rows = step.Output.Height, columns = accelerator.Array.Columns, channels = step.Output.Channels;
        ElementwiseTiling Of(int height, int chunk) => new(step, height, chunk, accelerator);
        StepChoice Choice(int height, int chunk) => new()
        {
            RowsPerBand = height, OutputChannelsPerGroup = channels, InputChannelsPerChunk = Math.Min(chunk, channels), Order = LoopOrder.RowsOutermost, Mapping = SegmentMapping.KernelOffsets,
        };
        foreach (int chunk in new[] { channels, SegmentGrid.Ceiling(SegmentGrid.Ceiling(channels, 2), columns) * columns, columns })
        {
            int tallest = Tallest(rows, height => !Of(height, chunk).Misfits().Any());
            if (tallest > 0)
            {
                // Where padding is more than a stride, lower bands can have taller windows: those that the border cuts are in other bands.
                return BandMultiples.Select(multiple => Math.Min(tallest, SegmentGrid.Ceiling(rows, multiple))).Where(height => !Of(height, chunk).Misfits().Any()).Prepend(tallest).Distinct()
                    .Select(height => Choice(height, chunk));
            }
        }

        Findings.AddRange(Of(1, columns).Misfits());
        return [Choice(1, columns)];
    }

    /// <summary>The greatest height up to <paramref name="rows"/> that fits, by bisection as if less always fitted where more does, or 0.</summary>
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
