// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation;

/// <summary>The accumulators of one layer: compiled once, then run by every thread on memory of its own.</summary>
internal abstract unsafe class FastEngineSums
{
    /// <summary>Accumulators from pixel to pixel: the output channels, padded to whole blocks.</summary>
    public abstract int Pitch { get; }

    /// <summary>Whether accumulators are 64 bits wide instead of 32.</summary>
    public abstract bool Wide { get; }

    /// <summary>A runner with memory for so many images at a time.</summary>
    public abstract Runner ForThread(int images);

    /// <summary>
    /// Chooses how a layer is summed: as one exact matrix product where no addition can overflow and the result fits 32 bits, else addition by addition in the
    /// narrowest lanes that hold every exact sum.
    /// </summary>
    public static FastEngineSums Of(MatrixLayer layer, AccumulationPlan plan, Interval activation, FastEngineBounds bounds, InstructionSet set)
    {
        bool exact = !bounds.CanOverflow && bounds.AddsEachProductOnce && bounds.GreatestResult <= int.MaxValue;
        if (exact && ExactProductSums.TryOf(layer, activation, set) is { } product)
        {
            return product;
        }
        bool narrow = Fits<short>(bounds.GreatestSum, bounds.GreatestSumAddend, plan.PartialSumWidth) && bounds.Rows <= short.MaxValue / OrderedTile.Pixels;
        bool middle = Fits<int>(bounds.GreatestSum, bounds.GreatestSumAddend, plan.PartialSumWidth);
        bool narrowAccumulator = Fits<int>(bounds.GreatestAccumulator, bounds.GreatestAccumulatorAddend, plan.AccumulatorWidth);
        return (narrow, middle, narrowAccumulator) switch
        {
            (true, _, true) => new OrderedSums<short, int>(layer, plan, bounds, set),
            (true, _, false) => new OrderedSums<short, long>(layer, plan, bounds, set),
            (_, true, true) => new OrderedSums<int, int>(layer, plan, bounds, set),
            (_, true, false) => new OrderedSums<int, long>(layer, plan, bounds, set),
            _ => new OrderedSums<long, long>(layer, plan, bounds, set),
        };
    }

    /// <summary>Whether exact sums fit a lane, or, in a word that fills the lane, at least the addends do.</summary>
    private static bool Fits<T>(long sum, long addend, int width)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        long greatest = long.CreateTruncating(T.MaxValue);
        return sum <= greatest || (width == 8 * sizeof(T) && addend <= greatest);
    }

    /// <summary>One thread's run.</summary>
    public abstract class Runner
    {
        /// <param name="codes">Input codes of the images.</param>
        /// <param name="firstImage">Index of the first image in the batch.</param>
        /// <param name="images">Number of images.</param>
        /// <param name="accumulators">Result, <c>[image][pixel][channel]</c>, 32 or 64 bits.</param>
        /// <param name="tally">Counts overflows.</param>
        public abstract void Run(int* codes, int firstImage, int images, void* accumulators, FastEngineTally tally);
    }
}
