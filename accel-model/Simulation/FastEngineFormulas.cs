// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
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

        // The offset of a row's first run repeats after this many rows; a memory word has a power of two of elements.
        int mask = elementsPerWord - 1;
        int step = runs.ColumnPitch & mask;
        int rowStep = runs.RowPitch & mask;
        int period = Period(rowStep, elementsPerWord);
        long crossing = 0;
        for (int row = 0; row < Math.Min(period, runs.Rows); row++)
        {
            long alike = ((runs.Rows - row - 1) / period) + 1;
            int first = (runs.Address + (row * rowStep)) & mask;
            crossing += alike * Reaching(first, step, runs.Columns, threshold, elementsPerWord);
        }
        return each + crossing;
    }

    /// <summary>
    /// Number of <c>i &lt; count</c> with <c>(first + i*step) mod modulus &gt;= threshold</c>, for a modulus that is a power of two. Over a period the residues are those of
    /// <c>first</c>'s class modulo the greatest power of two in <c>step</c>, each once; only what is left of the last period is looked at one by one.
    /// </summary>
    private static long Reaching(int first, int step, int count, int threshold, int modulus)
    {
        if (step == 0)
        {
            return first >= threshold ? count : 0;
        }
        int period = Period(step, modulus);
        int apart = modulus / period;
        (int periods, int left) = (count / period, count & (period - 1));
        long reaching = periods == 0 ? 0 : (long)periods * (period - Math.Clamp((threshold - (first & (apart - 1)) + apart - 1) / apart, 0, period));
        for (int i = 0; i < left; i++)
        {
            reaching += first >= threshold ? 1 : 0;
            first = (first + step) & (modulus - 1);
        }
        return reaching;
    }

    /// <summary>Steps after which <c>i*step mod modulus</c> is 0 again, for a modulus that is a power of two.</summary>
    private static int Period(int step, int modulus) => step == 0 ? 1 : modulus >> BitOperations.TrailingZeroCount(step);
}

/// <summary>A rectangle of runs of elements.</summary>
internal readonly record struct Runs(int Rows, int Columns, int Length, int Address, int RowPitch, int ColumnPitch);
