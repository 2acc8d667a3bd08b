// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Simulation;

/// <summary>Beats and latencies of the memory port's commands in closed form (docs/architecture.md, section 3).</summary>
internal static class FastEngineFormulas
{
    /// <summary>Cycles without data in a load that reads external memory: those of its bursts.</summary>
    public static long Latency(LoadInstruction load, long beats, AcceleratorSpec spec) => spec.Memory.LatencyCycles * (
        spec.Memory.BurstAlignmentWords == 0 ? Ceiling(beats, spec.Memory.BurstBeats)
        : IsInWords(load) ? FastEngineBursts.OfWords(load.MemoryAddress, load.Beats, spec.Memory)
        : FastEngineBursts.OfRuns(new(load.Rows, load.Columns, load.Run, load.MemoryAddress, load.MemoryRowPitch, load.MemoryColumnPitch), 1, spec));

    /// <summary>Cycles without data in a store that writes external memory.</summary>
    public static long Latency(StoreInstruction store, long beats, AcceleratorSpec spec) => spec.Memory.LatencyCycles * (
        spec.Memory.BurstAlignmentWords == 0 ? Ceiling(beats, spec.Memory.BurstBeats)
        : FastEngineBursts.OfRuns(new(store.Rows, store.Columns, store.Channels, store.MemoryAddress, store.RowPitch, store.PixelPitch), store.ChannelPitch, spec));

    /// <summary>Whether a load copies whole memory words, and not runs of elements.</summary>
    public static bool IsInWords(LoadInstruction load) => load.Run == 0 && !load.Fill;

    /// <summary>Beats of a load: its words; of runs the memory words that each touches; of a fill the pieces of each run.</summary>
    /// <param name="load">The instruction.</param>
    /// <param name="elementsPerWord">BE.</param>
    public static long Beats(LoadInstruction load, int elementsPerWord)
    {
        if (IsInWords(load))
        {
            return load.Beats;
        }
        long runs = (long)load.Rows * load.Columns;
        return load.Fill
            ? runs * Pieces(load.Run, elementsPerWord)
            : WordsTouched(new(load.Rows, load.Columns, load.Run, load.MemoryAddress, load.MemoryRowPitch, load.MemoryColumnPitch), elementsPerWord);
    }

    /// <summary>Beats of a store: the words that each pixel touches, each element where channels do not lie side by side; of a fill the pieces of each pixel.</summary>
    /// <param name="store">The instruction.</param>
    /// <param name="elementsPerWord">BE.</param>
    public static long Beats(StoreInstruction store, int elementsPerWord)
    {
        long pixels = (long)store.Rows * store.Columns;
        return store.Fill ? pixels * Pieces(store.Channels, elementsPerWord)
            : store.ChannelPitch != 1 ? pixels * store.Channels
            : WordsTouched(new(store.Rows, store.Columns, store.Channels, store.MemoryAddress, store.RowPitch, store.PixelPitch), elementsPerWord);
    }

    private static long Ceiling(long value, long divisor) => (value + divisor - 1) / divisor;

    private static int Pieces(int length, int elementsPerWord) => ((length - 1) / elementsPerWord) + 1;

    /// <summary>
    /// Memory words that the runs touch, a word that several touch counted for each. A run touches <c>1 + (length-1) div BE</c> of them, and one more where its offset in its
    /// first word plus <c>(length-1) mod BE</c> reaches BE; these are counted from the periodicity of the offsets, not run by run.
    /// </summary>
    private static long WordsTouched(in Runs runs, int elementsPerWord)
    {
        long each = (long)runs.Rows * runs.Columns * Pieces(runs.Length, elementsPerWord);
        int threshold = elementsPerWord - ((runs.Length - 1) % elementsPerWord);
        if (threshold == elementsPerWord)
        {
            return each;
        }

        // The offset of a row's first run repeats after this many rows.
        int period = elementsPerWord / GreatestCommonDivisor(Modulo(runs.RowPitch, elementsPerWord), elementsPerWord);
        long crossing = 0;
        for (int row = 0; row < Math.Min(period, runs.Rows); row++)
        {
            long alike = ((long)runs.Rows - row + period - 1) / period;
            long first = Modulo(runs.Address + ((long)row * runs.RowPitch), elementsPerWord);
            crossing += alike * Reaching(first, Modulo(runs.ColumnPitch, elementsPerWord), runs.Columns, threshold, elementsPerWord);
        }
        return each + crossing;
    }

    /// <summary>Number of <c>i &lt; count</c> with <c>(first + i*step) mod modulus &gt;= threshold</c>.</summary>
    private static long Reaching(long first, long step, long count, long threshold, long modulus) =>
        count == 1 || step == 0
            ? first >= threshold ? count : 0
            : FloorSum(count, modulus, step, first + modulus - threshold) - FloorSum(count, modulus, step, first);

    /// <summary><c>sum over i &lt; count of floor((slope*i + offset) / modulus)</c> by Euclid's algorithm on the lattice points below the line.</summary>
    private static long FloorSum(long count, long modulus, long slope, long offset)
    {
        long sum = 0;
        while (true)
        {
            sum += (count * (count - 1) / 2 * (slope / modulus)) + (count * (offset / modulus));
            slope %= modulus;
            offset %= modulus;
            long top = (slope * count) + offset;
            if (top < modulus)
            {
                return sum;
            }
            count = top / modulus;
            offset = top % modulus;
            (slope, modulus) = (modulus, slope);
        }
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }
        return a;
    }

    private static int Modulo(long value, int modulus) => (int)(((value % modulus) + modulus) % modulus);
}

/// <summary>A rectangle of runs of elements.</summary>
internal readonly record struct Runs(int Rows, int Columns, int Length, int Address, int RowPitch, int ColumnPitch);
