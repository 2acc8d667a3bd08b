// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation;

/// <summary>
/// A layer addition by addition in the order of its plan, output channels side by side in vector lanes. Segments that are proven not to overflow are added unchecked.
/// </summary>
/// <typeparam name="T">Lane of partial sums.</typeparam>
/// <typeparam name="TAccumulator">Lane of accumulators.</typeparam>
internal sealed unsafe class OrderedSums<T, TAccumulator> : FastEngineSums
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    where TAccumulator : unmanaged, IBinaryInteger<TAccumulator>, IMinMaxValue<TAccumulator>
{
    private const int PackedBytes = 1 << 18;

    private readonly MatrixLayer layer;
    private readonly AccumulationPlan plan;
    private readonly FastEngineGeometry geometry;
    private readonly OrderedOperands operands;
    private readonly Segment[] segments;
    private readonly PinnedBuffer<T> weights;
    private readonly int blockChannels;
    private readonly int lanes;
    private readonly delegate*<T*, T*, nint, int, int, WordRange<T>*, T*, long> uncheckedSum;
    private readonly delegate*<T*, T*, nint, int, int, WordRange<T>*, T*, long> checkedSum;
    private readonly delegate*<T*, TAccumulator*, int, int, WordRange<TAccumulator>*, long> uncheckedAccumulation;
    private readonly delegate*<T*, TAccumulator*, int, int, WordRange<TAccumulator>*, long> checkedAccumulation;

    public OrderedSums(MatrixLayer layer, AccumulationPlan plan, FastEngineBounds bounds, InstructionSet set)
    {
        this.layer = layer;
        this.plan = plan;
        geometry = new FastEngineGeometry(layer);
        operands = new OrderedOperands(plan, geometry);
        lanes = plan.Lanes;
        blockChannels = OrderedTile.Channels<T>(set);
        Pitch = (layer.OutputChannels + blockChannels - 1) / blockChannels * blockChannels;
        segments = [.. Enumerable.Range(0, plan.Segments.Length).Select(s => SegmentOf(s, bounds))];
        weights = new PinnedBuffer<T>((long)Pitch * operands.Steps);
        PackWeights();
        uncheckedSum = PartialSumKernels.For<T>(set, AdditionKind.Unchecked);
        checkedSum = PartialSumKernels.For<T>(set, KindOf<T>(plan.PartialSumWidth, plan.PartialSumOverflow, bounds.GreatestSum));
        uncheckedAccumulation = AccumulatorKernels.For<TAccumulator, T>(set, AdditionKind.Unchecked);
        checkedAccumulation = AccumulatorKernels.For<TAccumulator, T>(set, KindOf<TAccumulator>(plan.AccumulatorWidth, plan.AccumulatorOverflow, bounds.GreatestAccumulator));
    }

    public override int Pitch { get; }

    public override bool Wide => sizeof(TAccumulator) == sizeof(long);

    public override Runner ForThread(int images) => new ThreadRunner(this, images);

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

    private Segment SegmentOf(int index, FastEngineBounds bounds)
    {
        int blocks = Pitch / blockChannels;
        return new Segment(
            operands.FirstStep(index),
            operands.RowsOf(index),
            FastEngineBounds.Shift(plan.Segments[index], plan),
            [.. Enumerable.Range(0, blocks).Select(block => bounds.SumCanOverflow(index, block * blockChannels, blockChannels))],
            [.. Enumerable.Range(0, blocks).Select(block => bounds.AccumulatorCanOverflow(index, block * blockChannels, blockChannels))]);
    }

    /// <summary><c>[block][step][channel]</c>.</summary>
    private void PackWeights()
    {
        ReadOnlySpan<int> values = layer.Weights.Values.AsSpan();
        T* packed = weights.Pointer;
        for (int block = 0; block < Pitch; block += blockChannels)
        {
            int there = Math.Min(blockChannels, layer.OutputChannels - block);
            for (int step = 0; step < operands.Steps; step++, packed += blockChannels)
            {
                int k = operands.WeightOf(step);
                for (int lane = 0; k >= 0 && lane < there; lane++)
                {
                    packed[lane] = T.CreateTruncating(values[((block + lane) * layer.Depth) + k]);
                }
            }
        }
    }

    private readonly record struct Segment(int FirstStep, int Rows, int Shift, bool[] SumChecked, bool[] AccumulatorChecked);

    private sealed class ThreadRunner : Runner
    {
        private readonly OrderedSums<T, TAccumulator> owner;
        private readonly int imagesAtATime;
        private readonly int pixelsAtATime;
        private readonly PinnedBuffer<T> planes;
        private readonly PinnedBuffer<T> packed;
        private readonly PinnedBuffer<T> sums;
        private readonly PinnedBuffer<TAccumulator> tile;

        public ThreadRunner(OrderedSums<T, TAccumulator> owner, int images)
        {
            this.owner = owner;
            int steps = owner.operands.Steps;
            int pixels = owner.geometry.Pixels;
            int mostPixels = Math.Max(1, PackedBytes / Math.Max(1, steps * sizeof(T)));
            imagesAtATime = Math.Clamp(mostPixels / pixels, 1, images);
            pixelsAtATime = RoundUp(Math.Min(mostPixels, imagesAtATime * pixels));
            planes = new PinnedBuffer<T>((long)imagesAtATime * owner.operands.PlaneElements);
            packed = new PinnedBuffer<T>((long)pixelsAtATime * steps);
            sums = new PinnedBuffer<T>(OrderedTile.Pixels * owner.blockChannels);
            tile = new PinnedBuffer<TAccumulator>(OrderedTile.Pixels * owner.blockChannels);
        }

        public override void Run(int* codes, int firstImage, int images, void* accumulators, FastEngineTally tally)
        {
            int pixels = owner.geometry.Pixels;
            for (int image = 0; image < images; image += imagesAtATime)
            {
                int count = Math.Min(imagesAtATime, images - image);
                int* batch = codes + ((nint)image * owner.layer.Input.Elements);
                for (int i = 0; i < count; i++)
                {
                    owner.operands.FillPlanes(batch + ((nint)i * owner.layer.Input.Elements), planes.Pointer + ((nint)i * owner.operands.PlaneElements));
                }
                for (int pixel = 0; pixel < count * pixels; pixel += pixelsAtATime)
                {
                    int group = Math.Min(pixelsAtATime, (count * pixels) - pixel);
                    Pack(pixel, group);
                    TAccumulator* results = (TAccumulator*)accumulators + ((((nint)image * pixels) + pixel) * owner.Pitch);
                    RunGroup(new Place(batch, firstImage + image, pixel), group, results, tally);
                }
            }
        }

        private static int RoundUp(int pixels) => (pixels + OrderedTile.Pixels - 1) / OrderedTile.Pixels * OrderedTile.Pixels;

        /// <summary>Operands of some pixels in the order of their additions; pixels that fill the last tile up get zeros, which never overflow.</summary>
        private void Pack(int firstPixel, int count)
        {
            int steps = owner.operands.Steps;
            int pixels = owner.geometry.Pixels;
            for (int i = 0; i < count; i++)
            {
                int image = (firstPixel + i) / pixels;
                owner.operands.Pack(
                    planes.Pointer + ((nint)image * owner.operands.PlaneElements), (firstPixel + i) % pixels, packed.Pointer + ((nint)i * steps));
            }
            new Span<T>(packed.Pointer + ((nint)count * steps), (RoundUp(count) - count) * steps).Clear();
        }

        private void RunGroup(Place place, int count, TAccumulator* results, FastEngineTally tally)
        {
            nint blockWeights = (nint)owner.operands.Steps * owner.blockChannels;
            for (int block = 0; block < owner.Pitch / owner.blockChannels; block++)
            {
                for (int pixel = 0; pixel < count; pixel += OrderedTile.Pixels)
                {
                    (long sumOverflows, long accumulatorOverflows) =
                        RunTile(owner.weights.Pointer + (block * blockWeights), packed.Pointer + ((nint)pixel * owner.operands.Steps), block);
                    int there = Math.Min(OrderedTile.Pixels, count - pixel);
                    for (int i = 0; i < there; i++)
                    {
                        new ReadOnlySpan<TAccumulator>(tile.Pointer + (i * owner.blockChannels), owner.blockChannels)
                            .CopyTo(new Span<TAccumulator>(results + ((nint)(pixel + i) * owner.Pitch) + (block * owner.blockChannels), owner.blockChannels));
                    }
                    if (sumOverflows + accumulatorOverflows > 0)
                    {
                        tally.PartialSums += sumOverflows;
                        tally.Accumulators += accumulatorOverflows;
                        Locate(place, pixel, there, block * owner.blockChannels, tally);
                    }
                }
            }
        }

        private (long Sums, long Accumulators) RunTile(T* weights, T* activations, int block)
        {
            WordRange<T> sumRange = RangeOf<T>(owner.plan.PartialSumWidth);
            WordRange<TAccumulator> accumulatorRange = RangeOf<TAccumulator>(owner.plan.AccumulatorWidth);
            long sumOverflows = 0;
            long accumulatorOverflows = 0;
            tile.Span.Clear();
            foreach (ref readonly Segment segment in owner.segments.AsSpan())
            {
                T* w = weights + ((nint)segment.FirstStep * owner.blockChannels);
                T* a = activations + segment.FirstStep;
                sumOverflows += segment.SumChecked[block]
                    ? owner.checkedSum(w, a, owner.operands.Steps, segment.Rows, owner.lanes, &sumRange, sums.Pointer)
                    : owner.uncheckedSum(w, a, owner.operands.Steps, segment.Rows, owner.lanes, &sumRange, sums.Pointer);
                accumulatorOverflows += segment.AccumulatorChecked[block]
                    ? owner.checkedAccumulation(sums.Pointer, tile.Pointer, tile.Length, segment.Shift, &accumulatorRange)
                    : owner.uncheckedAccumulation(sums.Pointer, tile.Pointer, tile.Length, segment.Shift, &accumulatorRange);
            }
            return (sumOverflows, accumulatorOverflows);
        }

        /// <summary>Finds the first overflow of a tile that has one, if it can be the first of all.</summary>
        private void Locate(Place place, int tilePixel, int count, int firstChannel, FastEngineTally tally)
        {
            int pixels = owner.geometry.Pixels;
            int channels = owner.layer.OutputChannels;
            for (int i = 0; i < count; i++)
            {
                int image = (place.FirstPixel + tilePixel + i) / pixels;
                int pixel = (place.FirstPixel + tilePixel + i) % pixels;
                for (int channel = firstChannel; channel < Math.Min(channels, firstChannel + owner.blockChannels); channel++)
                {
                    int output = (pixel * channels) + channel;
                    if (!tally.ComesBeforeFirst(place.FirstImage + image, output))
                    {
                        return;
                    }
                    int* codes = place.Codes + ((nint)image * owner.layer.Input.Elements);
                    tally.Offer(FastEngineOverflowSearch.First(owner.layer, owner.plan, new(codes, owner.layer.Input.Elements), place.FirstImage + image, output));
                }
            }
        }

        /// <summary>What a group of pixels belongs to.</summary>
        private readonly struct Place(int* codes, int firstImage, int firstPixel)
        {
            /// <summary>Codes of the images in memory.</summary>
            public readonly int* Codes = codes;

            /// <summary>Index in the batch of the first of them.</summary>
            public readonly int FirstImage = firstImage;

            /// <summary>First pixel, counted through these images.</summary>
            public readonly int FirstPixel = firstPixel;
        }
    }
}
