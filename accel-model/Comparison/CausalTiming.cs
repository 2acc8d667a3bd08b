// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Comparison;

/// <summary>Why our array takes other cycles than SCALE-Sim's.</summary>
public enum DifferenceTerm
{
    /// <summary>SCALE-Sim lets each fold fill and drain, R + C - 2 cycles; here the next segment follows at once, and only what cannot overlap remains.</summary>
    Skew,

    /// <summary>SCALE-Sim loads the operand that stays in R cycles per fold; here it enters behind the one in use, where that is long enough and buffering is double.</summary>
    StationaryLoading,

    /// <summary>K is cut into segments of R steps, the last one padded.</summary>
    KPadding,

    /// <summary>Each instruction is fetched and started: 2 cycles.</summary>
    Issue,

    /// <summary>The last results cross the array to the accumulators.</summary>
    Drain,

    /// <summary>SCALE-Sim reports the number of its last cycle, counted from 0.</summary>
    OffByOne,
}

/// <summary>Cycles that one term adds to SCALE-Sim's figure, or takes from it.</summary>
public readonly record struct Difference(DifferenceTerm Term, long Cycles);

/// <summary>A layer on our array.</summary>
/// <param name="Cycles">From the first instruction's fetch to the last accumulator's write, both counted.</param>
/// <param name="Differences">Every term in the order of the enumeration; SCALE-Sim's cycles and these add up to <paramref name="Cycles"/>.</param>
public sealed record CausalFigures(long Cycles, ImmutableArray<Difference> Differences);

/// <summary>
/// The cycles that our array takes for a layer by the contract (docs/architecture.md, sections 2 and 4), where buffers are large enough and hold all
/// operands: one <c>matmul</c> over all pixels and all segments for each tile of C channels, on an input-stationary array one for all channels.
/// <c>cycles = sum of (2 + occupancy) + drain</c>.
/// </summary>
public static class CausalTiming
{
    /// <summary>Cycles before the first <c>run</c> cycle of an instruction that need not wait: fetch and start.</summary>
    public const int IssueCycles = 2;

    /// <summary>The fewest rows of an output-stationary array.</summary>
    public const int LeastOutputStationaryRows = 2;

    /// <summary>Whether there is such an array.</summary>
    public static bool Exists(Dataflow dataflow, int rows) => dataflow != Dataflow.OutputStationary || rows >= LeastOutputStationaryRows;

    /// <summary>The cycles of a layer.</summary>
    /// <exception cref="OverflowException">They leave 64 bits.</exception>
    public static CausalFigures Of(Dataflow dataflow, int rows, int columns, bool doubleBuffering, GemmShape shape)
    {
        long segments = ArrayTiming.Groups(shape.K, rows);
        long instructions = dataflow == Dataflow.InputStationary ? 1 : ArrayTiming.Groups(shape.N, columns);
        MatmulTiming matmul = ArrayTiming.Of(dataflow, rows, columns, doubleBuffering, new(shape.M, segments, shape.N));
        FoldedShape folded = ScaleSimTiming.Fold(dataflow, rows, columns, shape);
        checked
        {
            long issue = instructions * IssueCycles;
            long skew = -folded.Folds * ScaleSimTiming.Skew(rows, columns), loading = 0, padding = 0;
            if (dataflow == Dataflow.OutputStationary)
            {
                padding = folded.Folds * ((segments * rows) - shape.K);
            }
            else
            {
                long lines = dataflow == Dataflow.InputStationary ? columns : rows;
                long overlap = doubleBuffering ? 0 : lines - 1;
                skew += folded.Folds * overlap;
                loading = (instructions * Loading(lines, doubleBuffering, folded.Streamed, folded.Folds / instructions)) - (folded.Folds * rows);
            }

            return new(
                (instructions * matmul.Occupancy) + issue + matmul.Drain,
                [
                    new(DifferenceTerm.Skew, skew),
                    new(DifferenceTerm.StationaryLoading, loading),
                    new(DifferenceTerm.KPadding, padding),
                    new(DifferenceTerm.Issue, issue),
                    new(DifferenceTerm.Drain, matmul.Drain),
                    new(DifferenceTerm.OffByOne, 1),
                ]);
        }
    }

    /// <summary>
    /// Cycles of one instruction in which the operand that stays enters and nothing streams: with double buffering before the first segment, and where a
    /// segment streams for less than the next one takes to enter and to move in; else before each.
    /// </summary>
    private static long Loading(long lines, bool doubleBuffering, long streamed, long segments) => checked(
        doubleBuffering
            ? lines + 1 + ((segments - 1) * Math.Max(0, (2 * lines) - streamed)) + Math.Max(0, lines - 1 - streamed)
            : segments * lines);
}
