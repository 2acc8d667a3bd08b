// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>What a matmul's time depends on, beside the array (docs/architecture.md, section 4). All positive, but for <paramref name="TableLines"/>.</summary>
/// <param name="Vectors">M, activation vectors: output pixels.</param>
/// <param name="Segments">S, digit passes included: digits x kernel rows x kernel columns x tiles.</param>
/// <param name="Channels">K, weight vectors that stream past the stationary pixels; read on an input-stationary array only.</param>
/// <param name="Interval">I, cycles from one streamed vector to the next.</param>
/// <param name="TableLines">T, lines of a codebook that are read first; 0 or more.</param>
public readonly record struct MatmulWork(long Vectors, long Segments, long Channels = 1, long Interval = 1, long TableLines = 0);

/// <summary>When a matmul ends, in cycles from its first <c>run</c> cycle, which is cycle 0.</summary>
/// <param name="Occupancy">Its <c>run</c> cycles: the array is busy from cycle 0 to <c>Occupancy - 1</c>.</param>
/// <param name="Completion">The cycle of its last accumulator write.</param>
public readonly record struct MatmulTiming(long Occupancy, long Completion)
{
    /// <summary>Cycles from its last <c>run</c> cycle to its last write.</summary>
    public long Drain => Completion - (Occupancy - 1);
}

/// <summary>
/// Occupancy and completion of a matmul in closed form, for each dataflow (docs/architecture.md, sections 4.1 to 4.3). For whatever computes time; the
/// register-accurate model, which proves these formulas, must not know them.
/// </summary>
public static class ArrayTiming
{
    /// <summary>The time of one matmul.</summary>
    /// <param name="dataflow">What stays in the array.</param>
    /// <param name="rows">R.</param>
    /// <param name="columns">C.</param>
    /// <param name="doubleBuffering">Whether the next stationary tile enters while this one is used; of no effect on an output-stationary array.</param>
    /// <param name="work">What is multiplied.</param>
    /// <exception cref="OverflowException">A time leaves 64 bits.</exception>
    public static MatmulTiming Of(Dataflow dataflow, long rows, long columns, bool doubleBuffering, MatmulWork work) => checked(dataflow switch
    {
        Dataflow.WeightStationary => StationaryOperand(rows + columns, rows, doubleBuffering, work.Vectors * work.Interval, work.Segments, work.TableLines),
        Dataflow.InputStationary => StationaryOperand(
            rows + columns, columns, doubleBuffering, work.Channels * work.Interval, Groups(work.Vectors, columns) * work.Segments, work.TableLines),
        Dataflow.OutputStationary => StationaryOutput(rows, columns, work.TableLines + (Groups(work.Vectors, rows) * work.Segments * rows * work.Interval)),
        _ => throw new ArgumentOutOfRangeException(nameof(dataflow)),
    });

    /// <summary><c>ceil(items / size)</c>.</summary>
    public static long Groups(long items, long size) => ((items - 1) / size) + 1;

    /// <summary>
    /// The recurrences of section 4.1, with D lines of a stationary tile and N cycles of streaming per segment, have these solutions: the last segment's
    /// first vector is read in cycle <c>T + D + 1 + (S-1)*max(N, 2D)</c> with double buffering, else <c>T + D + (S-1)*(N + 2D - 1)</c>.
    /// </summary>
    private static MatmulTiming StationaryOperand(long skew, long lines, bool doubleBuffering, long streaming, long segments, long tableLines)
    {
        checked
        {
            long period = doubleBuffering ? Math.Max(streaming, 2 * lines) : streaming + (2 * lines) - 1;
            long last = tableLines + lines + (doubleBuffering ? 1 : 0) + ((segments - 1) * period);
            long tail = doubleBuffering ? Math.Max(streaming, lines - 1) : streaming + lines - 1;
            return new(last + tail, last + streaming - 1 + skew);
        }
    }

    private static MatmulTiming StationaryOutput(long rows, long columns, long occupancy) => new(occupancy, checked(occupancy + (2 * rows) + columns - 2));
}
