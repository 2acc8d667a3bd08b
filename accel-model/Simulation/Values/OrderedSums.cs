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

    /// <summary>So that weights of all lanes are near while they are packed.</summary>
    private const int StepsAtATime = 64;

    private readonly MatrixShape shape;
    private readonly OrderedPlanes planes;
    private readonly OrderedPart[] parts;
    private readonly OverflowSearch? search;
    private readonly int blockChannels;
    private readonly PinnedBuffer<T> weights;
    private readonly WordRange<T> sumRange;
    private readonly WordRange<TAccumulator> accumulatorRange;
    private readonly delegate*<OrderedTile<T, TAccumulator>*, void>[] kernels;

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
        AdditionKind sums = KindOf<T>(sumWidth, plan?.PartialSumOverflow ?? OverflowMode.Saturate, bounds.GreatestSum);
        AdditionKind accumulators = KindOf<TAccumulator>(accumulatorWidth, plan?.AccumulatorOverflow ?? OverflowMode.Saturate, bounds.GreatestAccumulator);
        kernels =
        [
            Kernel(AdditionKind.Unchecked, AdditionKind.Unchecked), Kernel(AdditionKind.Unchecked, accumulators), Kernel(sums, AdditionKind.Unchecked), Kernel(sums, accumulators),
        ];

        delegate*<OrderedTile<T, TAccumulator>*, void> Kernel(AdditionKind ofSums, AdditionKind ofAccumulators) =>
            shape.IsDepthwise
                ? OrderedKernels.For<T, TAccumulator, OwnActivations>(set, ofSums, ofAccumulators)
                : OrderedKernels.For<T, TAccumulator, SharedActivation>(set, ofSums, ofAccumulators);
    }

    public override int Pitch { get; }

    public override bool Wide => sizeof(TAccumulator) == sizeof(long);

    public override Runner ForThread(int images) => new ThreadRunner(this, images);

    private static AdditionKind KindOf<TLane>(int width, OverflowMode overflow, long greatest)
        where TLane : unmanaged, IBinaryInteger<TLane>, IMinMaxValue<TLane>
    {
        bool leavesLane = greatest > long.CreateTruncating(TLane.MaxValue);
        bool full = leavesLane && width == 8 * sizeof(TLane);
        return overflow == OverflowMode.Saturate
            ? full ? AdditionKind.FullSaturating : leavesLane ? AdditionKind.NarrowSaturating : AdditionKind.Saturating
            : full ? AdditionKind.FullWrapping : AdditionKind.Wrapping;
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
                for (int step = 0; step < part.Steps.Length; step += StepsAtATime)
                {
                    ReadOnlySpan<int> steps = part.Steps.AsSpan(step, Math.Min(StepsAtATime, part.Steps.Length - step));
                    for (int lane = 0; lane < there; lane++)
                    {
                        int output = part.FirstOutput + block + lane;
                        if (part.Has(output))
                        {
                            Pack(values.Slice(output * shape.Depth, shape.Depth), steps, destination + lane);
                        }
                    }
                    destination += steps.Length * blockChannels;
                }
            }
        }
    }

    /// <summary>The weights of one output channel; zero where there is no product, as the memory was.</summary>
    private void Pack(ReadOnlySpan<int> values, ReadOnlySpan<int> steps, T* destination)
    {
        foreach (int k in steps)
        {
            if (k >= 0)
            {
                *destination = T.CreateTruncating(values[k]);
            }
            destination += blockChannels;
        }
    }

    private sealed class ThreadRunner : Runner
    {
        private readonly OrderedSums<T, TAccumulator> owner;
        private readonly PinnedBuffer<T> weights;
        private readonly PinnedBuffer<T> operands;
        private readonly PinnedBuffer<int> copies;
        private readonly PinnedBuffer<T> sums;
        private readonly PinnedBuffer<TAccumulator> tile;
        private readonly PinnedBuffer<int> bases;
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
            sums = new PinnedBuffer<T>(OrderedTile.SegmentsAtATime * OrderedTile.Pixels * owner.blockChannels);
            tile = new PinnedBuffer<TAccumulator>(OrderedTile.Pixels * owner.blockChannels);

            // Pixels that are not there read zeros behind the images, which never overflow.
            bases = new PinnedBuffer<int>(((long)ImagesAtATime * pixels) + 1);
            bases.Span.Fill(checked(ImagesAtATime * owner.planes.Elements));
            for (int i = 0; i < ImagesAtATime * pixels; i++)
            {
                bases.Span[i] = (i / pixels * owner.planes.Elements) + owner.planes.Base(i % pixels);
            }
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
                windows[i] = i < there ? operands.Pointer + bases.Pointer[pixel + i] + firstElement : operands.Pointer + bases.Pointer[bases.Length - 1];
            }
            tile.Span.Clear();
            OrderedTile<T, TAccumulator> call = new()
            {
                Windows = windows,
                Lanes = part.Lanes,
                SumRange = owner.sumRange,
                AccumulatorRange = owner.accumulatorRange,
                Sums = sums.Pointer,
                Accumulators = tile.Pointer,
            };
            T* w = weights.Pointer + part.FirstWeight + ((nint)block * part.Steps.Length * owner.blockChannels);
            foreach (ref readonly OrderedStretch stretch in part.Stretches(block))
            {
                call.Weights = w + ((nint)stretch.FirstStep * owner.blockChannels);
                call.Offsets = part.Offsets.Pointer + stretch.FirstStep;
                call.Segments = part.Segments.Pointer + stretch.First;
                call.SegmentCount = stretch.Segments;
                owner.kernels[(stretch.SumChecked ? 2 : 0) + (stretch.AccumulatorChecked ? 1 : 0)](&call);
            }
            return (call.SumOverflows, call.AccumulatorOverflows);
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
}
