// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>
/// A layer addition by addition in the order of its plan, output channels side by side in vector lanes. Segments that are proven not to overflow are added unchecked.
/// </summary>
/// <typeparam name="T">Lane of partial sums.</typeparam>
/// <typeparam name="TAccumulator">Lane of accumulators.</typeparam>
internal sealed unsafe class OrderedSums<T, TAccumulator> : LayerSums
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    where TAccumulator : unmanaged, IBinaryInteger<TAccumulator>, IMinMaxValue<TAccumulator>
{
    private const int PixelsAtATime = 64;

    /// <summary>Additions of a tile that a lane can count.</summary>
    private static readonly int MostRows = (int)Math.Min(int.MaxValue, long.CreateTruncating(T.MaxValue) / OrderedTile.Pixels);

    private readonly MatrixShape shape;
    private readonly OrderedPlanes planes;
    private readonly OrderedPart[] parts;
    private readonly OverflowSearch? search;
    private readonly int blockChannels;
    private readonly PinnedBuffer<T> weights;
    private readonly WordRange<T> sumRange;
    private readonly WordRange<TAccumulator> accumulatorRange;
    private readonly delegate*<T*, T**, int*, int, int, WordRange<T>*, T*, bool, T*, void> uncheckedSum;
    private readonly delegate*<T*, T**, int*, int, int, WordRange<T>*, T*, bool, T*, void> checkedSum;
    private readonly delegate*<T*, TAccumulator*, int, int, WordRange<TAccumulator>*, TAccumulator*, void> uncheckedAccumulation;
    private readonly delegate*<T*, TAccumulator*, int, int, WordRange<TAccumulator>*, TAccumulator*, void> checkedAccumulation;
    private readonly delegate*<T*, long> sumOfLanes;
    private readonly delegate*<TAccumulator*, long> sumOfAccumulatorLanes;

    public OrderedSums(MatrixShape shape, AccumulationPlan? plan, AdditionOrders orders, SumBounds bounds, InstructionSet set)
    {
        this.shape = shape;
        search = plan is null ? null : new OverflowSearch(shape, plan);
        planes = new OrderedPlanes(shape, orders);
        blockChannels = OrderedTile.Channels<T>(set);
        parts = OrderedPart.Of(shape, orders, planes, bounds, blockChannels);
        Pitch = (shape.Outputs + LanesOfPitch - 1) / LanesOfPitch * LanesOfPitch;
        weights = new PinnedBuffer<T>(parts[^1].FirstWeight + parts[^1].WeightCount);
        if (!shape.Weights.IsEmpty)
        {
            Pack(shape.Weights.AsSpan(), weights);
        }
        int sumWidth = plan?.PartialSumWidth ?? AccumulatorFormat.MaxWidth;
        int accumulatorWidth = plan?.AccumulatorWidth ?? AccumulatorFormat.MaxWidth;
        sumRange = RangeOf<T>(sumWidth);
        accumulatorRange = RangeOf<TAccumulator>(accumulatorWidth);
        AdditionKind sumKind = KindOf<T>(sumWidth, plan?.PartialSumOverflow ?? OverflowMode.Saturate, bounds.GreatestSum);
        uncheckedSum = SumKernel(shape, set, AdditionKind.Unchecked);
        checkedSum = SumKernel(shape, set, sumKind);
        uncheckedAccumulation = AccumulatorKernels.For<TAccumulator, T>(set, AdditionKind.Unchecked);
        checkedAccumulation = AccumulatorKernels.For<TAccumulator, T>(
            set, KindOf<TAccumulator>(accumulatorWidth, plan?.AccumulatorOverflow ?? OverflowMode.Saturate, bounds.GreatestAccumulator));
        sumOfLanes = LaneSums.For<T>(set);
        sumOfAccumulatorLanes = LaneSums.For<TAccumulator>(set);
    }

    public override int Pitch { get; }

    public override bool Wide => sizeof(TAccumulator) == sizeof(long);

    public override Runner ForThread(int images) => new ThreadRunner(this, images);

    private static delegate*<T*, T**, int*, int, int, WordRange<T>*, T*, bool, T*, void> SumKernel(MatrixShape shape, InstructionSet set, AdditionKind kind) =>
        shape.IsDepthwise ? PartialSumKernels.For<T, OwnActivations>(set, kind) : PartialSumKernels.For<T, SharedActivation>(set, kind);

    private static AdditionKind KindOf<TLane>(int width, OverflowMode overflow, long greatest)
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    {
        bool full = width == 8 * sizeof(TLane) && greatest > long.CreateTruncating(TLane.MaxValue);
        return (overflow, full) switch
        {
            (OverflowMode.Saturate, false) => AdditionKind.Saturating,
            (OverflowMode.Saturate, true) => AdditionKind.FullSaturating,
            (_, false) => AdditionKind.Wrapping,
            _ => AdditionKind.FullWrapping,
        };
    }

    private static WordRange<TLane> RangeOf<TLane>(int width)
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane> =>
        new(TLane.CreateSaturating(TwosComplement.Min(width)), TLane.CreateSaturating(TwosComplement.Max(width)), Math.Max(0, (8 * sizeof(TLane)) - width));

    /// <summary><c>[part][block][step][channel]</c>; zero for output channels that are not of the part, whose sums then stay zero.</summary>
    private void Pack(ReadOnlySpan<int> values, PinnedBuffer<T> packed)
    {
        foreach (OrderedPart part in parts)
        {
            T* destination = packed.Pointer + part.FirstWeight;
            for (int block = 0; block < part.Outputs; block += blockChannels)
            {
                int there = Math.Min(blockChannels, part.Outputs - block);
                foreach (int k in part.Steps)
                {
                    for (int lane = 0; k >= 0 && lane < there; lane++)
                    {
                        int output = part.FirstOutput + block + lane;
                        destination[lane] = part.Has(output) ? T.CreateTruncating(values[(output * shape.Depth) + k]) : T.Zero;
                    }
                    destination += blockChannels;
                }
            }
        }
    }

    private sealed class ThreadRunner : Runner
    {
        private readonly OrderedSums<T, TAccumulator> owner;
        private readonly PinnedBuffer<T> weights;
        private readonly PinnedBuffer<T> operands;
        private readonly PinnedBuffer<int> copies;
        private readonly PinnedBuffer<T> sums;
        private readonly PinnedBuffer<T> within;
        private readonly PinnedBuffer<TAccumulator> tile;
        private readonly PinnedBuffer<TAccumulator> withinAccumulators;
        private readonly int[] changingWeights;

        public ThreadRunner(OrderedSums<T, TAccumulator> owner, int images)
        {
            this.owner = owner;
            int pixels = owner.shape.Pixels;
            bool constant = !owner.shape.Weights.IsEmpty;
            weights = constant ? owner.weights : new PinnedBuffer<T>(owner.weights.Length);
            changingWeights = constant ? [] : new int[owner.shape.Outputs * owner.shape.Depth];
            ImagesAtATime = Math.Min(images, (PixelsAtATime + pixels - 1) / pixels);
            operands = new PinnedBuffer<T>(((long)ImagesAtATime * owner.planes.Elements) + owner.planes.Reach);
            copies = new PinnedBuffer<int>(owner.shape.IsDepthwise ? ChannelCopies.Elements(owner.shape) : 0);
            sums = new PinnedBuffer<T>(OrderedTile.Pixels * owner.blockChannels);
            within = new PinnedBuffer<T>(owner.blockChannels);
            tile = new PinnedBuffer<TAccumulator>(OrderedTile.Pixels * owner.blockChannels);
            withinAccumulators = new PinnedBuffer<TAccumulator>(owner.blockChannels);
            for (int image = 0; image < ImagesAtATime; image++)
            {
                owner.planes.FillBorders(operands.Pointer + ((nint)image * owner.planes.Elements));
            }
        }

        public override int ImagesAtATime { get; }

        private ReadOnlySpan<int> WeightValues => owner.shape.Weights.IsEmpty ? changingWeights : owner.shape.Weights.AsSpan();

        public override void SetWeights(ReadOnlySpan<int> weights)
        {
            weights.CopyTo(changingWeights);
            owner.Pack(weights, this.weights);
        }

        public override void Run(SumBatch batch, void* accumulators, OverflowTally tally)
        {
            MatrixShape shape = owner.shape;
            for (int image = 0; image < batch.Images; image++)
            {
                int* codes = batch.Codes + ((nint)image * shape.Input.Elements);
                int* own = shape.IsDepthwise ? ChannelCopies.Of(shape, codes, copies.Pointer) : codes;
                owner.planes.Fill(own, operands.Pointer + ((nint)image * owner.planes.Elements));
            }
            int pixels = batch.Images * shape.Pixels;
            foreach (OrderedPart part in owner.parts)
            {
                for (int block = 0; block * owner.blockChannels < part.Outputs; block++)
                {
                    for (int pixel = 0; pixel < pixels; pixel += OrderedTile.Pixels)
                    {
                        int there = Math.Min(OrderedTile.Pixels, pixels - pixel);
                        (long sumOverflows, long accumulatorOverflows) = RunTile(part, block, pixel, there);
                        Copy(part, block, there, (TAccumulator*)accumulators + ((nint)pixel * owner.Pitch));
                        if (sumOverflows + accumulatorOverflows > 0)
                        {
                            tally.PartialSums += sumOverflows;
                            tally.Accumulators += accumulatorOverflows;
                            Locate(batch, part, block, pixel, there, tally);
                        }
                    }
                }
            }
        }

        private (long Sums, long Accumulators) RunTile(OrderedPart part, int block, int pixel, int there)
        {
            T** windows = stackalloc T*[OrderedTile.Pixels];
            nint firstElement = part.FirstElement + (owner.shape.IsDepthwise ? block * owner.blockChannels : 0);
            for (int i = 0; i < OrderedTile.Pixels; i++)
            {
                // Pixels that are not there read zeros, which never overflow.
                int image = (pixel + i) / owner.shape.Pixels;
                windows[i] = i < there
                    ? operands.Pointer + ((nint)image * owner.planes.Elements) + owner.planes.Base((pixel + i) % owner.shape.Pixels) + firstElement
                    : operands.Pointer + ((nint)ImagesAtATime * owner.planes.Elements);
            }
            WordRange<T> sumRange = owner.sumRange;
            WordRange<TAccumulator> accumulatorRange = owner.accumulatorRange;
            Counts counts = default;
            tile.Span.Clear();
            T* w = weights.Pointer + part.FirstWeight + ((nint)block * part.Steps.Length * owner.blockChannels);
            int* offsets = part.Offsets.Pointer;
            foreach (ref readonly OrderedSegment segment in part.Segments.AsSpan())
            {
                for (int row = 0; row < segment.Rows; row += MostRows)
                {
                    int rows = Math.Min(MostRows, segment.Rows - row);
                    if (segment.SumChecked[block])
                    {
                        Expect(rows, ref counts);
                        owner.checkedSum(w, windows, offsets, rows, part.Lanes, &sumRange, sums.Pointer, row == 0, within.Pointer);
                    }
                    else
                    {
                        owner.uncheckedSum(w, windows, offsets, rows, part.Lanes, &sumRange, sums.Pointer, row == 0, within.Pointer);
                    }
                    w += (nint)rows * part.Lanes * owner.blockChannels;
                    offsets += rows * part.Lanes;
                }
                if (segment.AccumulatorChecked[block])
                {
                    counts.AccumulatorAdditions += tile.Length;
                    owner.checkedAccumulation(sums.Pointer, tile.Pointer, tile.Length, segment.Shift, &accumulatorRange, withinAccumulators.Pointer);
                }
                else
                {
                    owner.uncheckedAccumulation(sums.Pointer, tile.Pointer, tile.Length, segment.Shift, &accumulatorRange, withinAccumulators.Pointer);
                }
            }
            return (OverflowsOfSums(ref counts), OverflowsOfAccumulators(ref counts));
        }

        /// <summary>Makes room for the counts of more additions.</summary>
        private void Expect(int rows, ref Counts counts)
        {
            if (counts.PendingRows + rows > MostRows)
            {
                counts.SumOverflows = OverflowsOfSums(ref counts);
            }
            counts.PendingRows += rows;
        }

        /// <summary>Overflows are the additions less those that stayed within the word.</summary>
        private long OverflowsOfSums(ref Counts counts)
        {
            if (counts.PendingRows == 0)
            {
                return counts.SumOverflows;
            }
            long overflows = counts.SumOverflows + ((long)counts.PendingRows * OrderedTile.Pixels * owner.blockChannels) + owner.sumOfLanes(within.Pointer);
            within.Span.Clear();
            counts.PendingRows = 0;
            return overflows;
        }

        private long OverflowsOfAccumulators(ref Counts counts)
        {
            if (counts.AccumulatorAdditions == 0)
            {
                return 0;
            }
            long overflows = counts.AccumulatorAdditions + owner.sumOfAccumulatorLanes(withinAccumulators.Pointer);
            withinAccumulators.Span.Clear();
            return overflows;
        }

        private void Copy(OrderedPart part, int block, int there, TAccumulator* results)
        {
            int count = Math.Min(owner.blockChannels, part.Outputs - (block * owner.blockChannels));
            int first = part.FirstOutput + (block * owner.blockChannels);
            for (int i = 0; i < there; i++)
            {
                TAccumulator* source = tile.Pointer + (i * owner.blockChannels);
                TAccumulator* destination = results + ((nint)i * owner.Pitch) + first;
                for (int lane = 0; !part.IsWhole && lane < count; lane++)
                {
                    if (part.Has(first + lane))
                    {
                        destination[lane] = source[lane];
                    }
                }
                if (part.IsWhole)
                {
                    new ReadOnlySpan<TAccumulator>(source, count).CopyTo(new Span<TAccumulator>(destination, count));
                }
            }
        }

        /// <summary>Finds the first overflow of a tile that has one, if it can be the first of all.</summary>
        private void Locate(SumBatch batch, OrderedPart part, int block, int firstPixel, int count, OverflowTally tally)
        {
            MatrixShape shape = owner.shape;
            int first = part.FirstOutput + (block * owner.blockChannels);
            int end = Math.Min(part.FirstOutput + part.Outputs, first + owner.blockChannels);
            for (int i = firstPixel; i < firstPixel + count; i++)
            {
                (int image, int pixel) = Math.DivRem(i, shape.Pixels);
                ReadOnlySpan<int> codes = new(batch.Codes + ((nint)image * shape.Input.Elements), shape.Input.Elements);
                for (int output = first; output < end; output++)
                {
                    int index = ((batch.FirstPixel + pixel) * shape.Outputs) + output;
                    if (!tally.ComesBeforeFirst(batch.FirstImage + image, index))
                    {
                        return;
                    }
                    if (part.Has(output))
                    {
                        tally.Offer(owner.search!.First(WeightValues, codes, pixel, output, batch.FirstImage + image, index));
                    }
                }
            }
        }
    }

    private struct Counts
    {
        public long SumOverflows;
        public int PendingRows;
        public long AccumulatorAdditions;
    }
}
