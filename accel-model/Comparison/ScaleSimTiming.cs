// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;

namespace AccelModel.Comparison;

/// <summary>How a matrix product lies on an array: <c>Rows</c> and <c>Columns</c> of the operand that stays, cut into folds, past each of which <c>Streamed</c> vectors flow.</summary>
/// <param name="Rows">Sr, what the array's rows hold.</param>
/// <param name="Columns">Sc, what its columns hold.</param>
/// <param name="Streamed">T.</param>
/// <param name="RowFolds"><c>ceil(Sr / R)</c>.</param>
/// <param name="ColumnFolds"><c>ceil(Sc / C)</c>.</param>
public readonly record struct FoldedShape(long Rows, long Columns, long Streamed, long RowFolds, long ColumnFolds)
{
    /// <summary>Times that the array is filled anew.</summary>
    public long Folds => checked(RowFolds * ColumnFolds);
}

/// <summary>SCALE-Sim's compute report of one layer.</summary>
/// <param name="Cycles">"Total Cycles": <c>folds * (cycles of a fold) - 1</c>.</param>
/// <param name="Utilization">"Overall Util %" as a fraction: <c>M*N*K / (cycles * R * C)</c>; null where it divides by its 0 cycles.</param>
/// <param name="MappingEfficiency">"Mapping Efficiency %" as a fraction: the mean share of PEs that a fold fills, <c>Sr*Sc / (folds * R * C)</c>.</param>
public sealed record ScaleSimFigures(long Cycles, double? Utilization, double MappingEfficiency);

/// <summary>
/// The compute cycles of SCALE-Sim v3.0.0 in closed form (its <c>systolic_compute_os</c>, <c>_ws</c> and <c>_is</c>, where operands are always there, and every
/// fold drains before the next begins):
/// <list type="table">
/// <item><term>output stationary</term><description>Sr = M, Sc = N, T = K; a fold takes <c>T + R + C - 2</c></description></item>
/// <item><term>weight stationary</term><description>Sr = K, Sc = N, T = M; a fold takes <c>T + 2R + C - 2</c></description></item>
/// <item><term>input stationary</term><description>Sr = K, Sc = M, T = N; a fold takes <c>T + 2R + C - 2</c></description></item>
/// </list>
/// What it reports is one less than their sum: the number of the last cycle, counted from 0.
/// </summary>
public static class ScaleSimTiming
{
    /// <summary>The report of a layer.</summary>
    /// <exception cref="OverflowException">The cycles leave 64 bits.</exception>
    public static ScaleSimFigures Of(Dataflow dataflow, int rows, int columns, GemmShape shape)
    {
        FoldedShape folded = Fold(dataflow, rows, columns, shape);
        long loading = dataflow == Dataflow.OutputStationary ? 0 : rows;
        long cycles = checked((folded.Folds * (folded.Streamed + loading + Skew(rows, columns))) - 1);
        double elements = (double)rows * columns;
        return new(
            cycles,
            cycles == 0 ? null : shape.Macs / (cycles * elements),
            (double)folded.Rows * folded.Columns / (folded.Folds * elements));
    }

    /// <summary>How a layer lies on the array.</summary>
    public static FoldedShape Fold(Dataflow dataflow, long rows, long columns, GemmShape shape)
    {
        (long held, long across, long streamed) = dataflow switch
        {
            Dataflow.OutputStationary => (shape.M, shape.N, shape.K),
            Dataflow.WeightStationary => (shape.K, shape.N, shape.M),
            Dataflow.InputStationary => (shape.K, shape.M, shape.N),
            _ => throw new ArgumentOutOfRangeException(nameof(dataflow)),
        };
        return new(held, across, streamed, Scheduling.ArrayTiming.Groups(held, rows), Scheduling.ArrayTiming.Groups(across, columns));
    }

    /// <summary>Cycles of a fold in which SCALE-Sim's array fills and drains: <c>R + C - 2</c>.</summary>
    public static long Skew(long rows, long columns) => rows + columns - 2;
}
