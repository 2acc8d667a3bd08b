// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>The accumulators of one layer: compiled once, then run by every thread on memory of its own.</summary>
internal abstract unsafe class LayerSums
{
    /// <summary>Accumulators of the longest vector.</summary>
    protected const int LanesOfPitch = 16;

    /// <summary>Accumulators from pixel to pixel: at least the output channels, and whole vectors.</summary>
    public abstract int Pitch { get; }

    /// <summary>Whether accumulators are 64 bits wide instead of 32.</summary>
    public abstract bool Wide { get; }

    /// <summary>Greatest magnitude of an accumulator.</summary>
    public required long GreatestResult { get; init; }

    /// <summary>A runner for batches of at most so many images.</summary>
    public abstract Runner ForThread(int images);

    /// <summary>
    /// Chooses how a layer is summed: as one exact product where no addition can overflow and the result fits 32 bits, else addition by addition in the
    /// narrowest lanes that hold every exact sum.
    /// </summary>
    /// <param name="shape">The layer.</param>
    /// <param name="plan">Order and widths of its additions; null for exact sums.</param>
    /// <param name="codes">The codes that it reads.</param>
    /// <param name="weights">Range of the weights where they are not constant.</param>
    /// <param name="set">Instructions that may be used.</param>
    /// <exception cref="ArgumentException">The plan has a product that the layer has not.</exception>
    public static LayerSums Of(MatrixShape shape, AccumulationPlan? plan, CodeSet codes, Interval weights, InstructionSet set)
    {
        Interval activation = (shape.Padding == Padding.None ? codes.Range : codes.Range.With(shape.PaddingCode)) + new Interval(shape.ActivationOffset, shape.ActivationOffset);
        AdditionOrders orders = AdditionOrders.Of(plan, shape);
        bool constant = !shape.Weights.IsEmpty;
        int[] low = constant ? ImmutableCollectionsMarshal.AsArray(shape.Weights)! : Filled(shape, weights.Low);
        int[] high = constant ? low : Filled(shape, weights.High);
        SumBounds bounds = new(orders, plan, low, high, activation);
        if (!bounds.CanOverflow && bounds.AddsEachProductOnce && bounds.GreatestResult <= int.MaxValue)
        {
            Interval range = constant ? new(low.Min(), low.Max()) : weights;
            LayerSums? product = shape.IsDepthwise
                ? DepthwiseSums.TryOf(shape, activation, range, bounds.GreatestResult, set)
                : BitSums.TryOf(shape, codes, bounds.GreatestResult, set) ?? (LayerSums?)ProductSums.TryOf(shape, activation, range, bounds.GreatestResult, set);
            if (product is not null)
            {
                return product;
            }
        }
        bool narrow = Fits<short>(bounds.GreatestSum, bounds.GreatestSumAddend, plan?.PartialSumWidth);
        bool middle = Fits<int>(bounds.GreatestSum, bounds.GreatestSumAddend, plan?.PartialSumWidth);
        bool narrowAccumulator = Fits<int>(bounds.GreatestAccumulator, bounds.GreatestAccumulatorAddend, plan?.AccumulatorWidth);
        return (narrow, middle, narrowAccumulator) switch
        {
            (true, _, true) => new OrderedSums<short, int>(shape, plan, orders, bounds, set) { GreatestResult = bounds.GreatestResult },
            (true, _, false) => new OrderedSums<short, long>(shape, plan, orders, bounds, set) { GreatestResult = bounds.GreatestResult },
            (_, true, true) => new OrderedSums<int, int>(shape, plan, orders, bounds, set) { GreatestResult = bounds.GreatestResult },
            (_, true, false) => new OrderedSums<int, long>(shape, plan, orders, bounds, set) { GreatestResult = bounds.GreatestResult },
            _ => new OrderedSums<long, long>(shape, plan, orders, bounds, set) { GreatestResult = bounds.GreatestResult },
        };
    }

    private static int[] Filled(MatrixShape shape, long weight)
    {
        int[] weights = new int[shape.Outputs * shape.Depth];
        weights.AsSpan().Fill((int)weight);
        return weights;
    }

    /// <summary>Whether exact sums fit a lane, or, in a word that does, at least the addends do.</summary>
    private static bool Fits<T>(long sum, long addend, int? width)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        long greatest = long.CreateTruncating(T.MaxValue);
        return sum <= greatest || (width <= 8 * sizeof(T) && addend <= greatest);
    }

    /// <summary>One thread's run.</summary>
    public abstract class Runner
    {
        /// <summary>Images that are summed together.</summary>
        public abstract int ImagesAtATime { get; }

        /// <summary>Takes other weights, <c>[output][k]</c>, where they are not constant.</summary>
        public abstract void SetWeights(ReadOnlySpan<int> weights);

        /// <param name="batch">At most <see cref="ImagesAtATime"/> images.</param>
        /// <param name="accumulators">Result, <c>[image][pixel][channel]</c>, 32 or 64 bits.</param>
        /// <param name="tally">Counts overflows.</param>
        public abstract void Run(SumBatch batch, void* accumulators, OverflowTally tally);
    }
}

/// <summary>Images that are summed together, and their place in the whole batch.</summary>
internal readonly unsafe struct SumBatch(int* codes, int images, int firstImage, int firstPixel = 0)
{
    /// <summary>Input codes, image after image.</summary>
    public readonly int* Codes = codes;

    /// <summary>Number of images.</summary>
    public readonly int Images = images;

    /// <summary>Index of the first image in the batch.</summary>
    public readonly int FirstImage = firstImage;

    /// <summary>Index of the first output pixel in the layer's output.</summary>
    public readonly int FirstPixel = firstPixel;
}
