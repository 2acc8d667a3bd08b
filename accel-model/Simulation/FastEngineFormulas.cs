// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Simulation;

/// <summary>Durations of single instructions in closed form (docs/architecture.md, sections 3 to 5); cycle 0 is an instruction's first <c>run</c> cycle.</summary>
internal static class FastEngineFormulas
{
    /// <summary>Cycles from a vector instruction's end to its last write.</summary>
    public const int VectorPipeline = 4;

    /// <summary>
    /// Cycle in which the last segment's first vector is read: <c>R + 1 + (S-1)*max(M, 2R)</c> with double-buffered weights, else <c>R + (S-1)*(M + 2R - 1)</c>.
    /// The recurrences of section 4 have these solutions: <c>x_s - x_(s-1) = max(2R, M)</c> and <c>v_s - v_(s-1) = M + 2R - 1</c>.
    /// </summary>
    public static long LastSegment(ArraySpec array, MatmulInstruction matmul)
    {
        long rows = array.Rows;
        long vectors = matmul.Vectors;
        long further = matmul.Segments - 1;
        return array.WeightDoubleBuffering
            ? rows + 1 + (further * Math.Max(vectors, 2 * rows))
            : rows + (further * (vectors + (2 * rows) - 1));
    }

    /// <summary><c>run</c> cycles of a matmul.</summary>
    public static long Occupancy(ArraySpec array, MatmulInstruction matmul, long lastSegment) =>
        lastSegment + (array.WeightDoubleBuffering ? Math.Max(matmul.Vectors, array.Rows - 1) : matmul.Vectors + array.Rows - 1);

    /// <summary>Cycle of a matmul's last accumulator write: <c>R + C</c> after its last vector's read.</summary>
    public static long LastWrite(ArraySpec array, MatmulInstruction matmul, long lastSegment) =>
        lastSegment + matmul.Vectors - 1 + array.Rows + array.Columns;

    /// <summary>Cycles without data in a command of <paramref name="beats"/>: <c>ceil(beats / burst_beats) * latency_cycles</c>.</summary>
    public static long Latency(MemorySpec memory, long beats) => (beats + memory.BurstBeats - 1) / memory.BurstBeats * memory.LatencyCycles;

    /// <summary>
    /// Memory words that a store writes. A pixel touches <c>1 + (channels-1) div BE</c> of them, and one more where its offset in its first word plus
    /// <c>(channels-1) mod BE</c> reaches BE; these are counted from the periodicity of the offsets, not pixel by pixel.
    /// </summary>
    /// <param name="store">The instruction.</param>
    /// <param name="elementsPerWord">BE.</param>
    public static long Beats(StoreInstruction store, int elementsPerWord)
    {
        long pixels = (long)store.Rows * store.Columns;
        long each = pixels * (1 + ((store.Channels - 1) / elementsPerWord));
        int threshold = elementsPerWord - ((store.Channels - 1) % elementsPerWord);
        if (threshold == elementsPerWord)
        {
            return each;
        }

        // The offset of a row's first pixel repeats after this many rows.
        int period = elementsPerWord / GreatestCommonDivisor(Modulo(store.RowPitch, elementsPerWord), elementsPerWord);
        long crossing = 0;
        for (int row = 0; row < Math.Min(period, store.Rows); row++)
        {
            long alike = ((long)store.Rows - row + period - 1) / period;
            long first = Modulo(store.MemoryAddress + ((long)row * store.RowPitch), elementsPerWord);
            crossing += alike * Reaching(first, Modulo(store.PixelPitch, elementsPerWord), store.Columns, threshold, elementsPerWord);
        }
        return each + crossing;
    }

    /// <summary>Number of <c>i &lt; count</c> with <c>(first + i*step) mod modulus &gt;= threshold</c>.</summary>
    private static long Reaching(long first, long step, long count, long threshold, long modulus) =>
        FloorSum(count, modulus, step, first + modulus - threshold) - FloorSum(count, modulus, step, first);

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
