// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling.Steps;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Tiles;

/// <summary>Outputs of one band whose windows have one size, one spacing and one count.</summary>
/// <param name="Row">First output row.</param>
/// <param name="Rows">Output rows.</param>
/// <param name="Column">First output column.</param>
/// <param name="Columns">Output columns.</param>
/// <param name="InputRow">First input row of the first window.</param>
/// <param name="InputColumn">First input column of the first window.</param>
/// <param name="RowStride">Input rows from window to window.</param>
/// <param name="ColumnStride">Input columns from window to window.</param>
/// <param name="WindowRows">Rows of a window.</param>
/// <param name="WindowColumns">Columns of a window.</param>
/// <param name="Line">Parameter line of a channel tile that serves it.</param>
internal readonly record struct PoolRegion(
    int Row, int Rows, int Column, int Columns, int InputRow, int InputColumn, int RowStride, int ColumnStride, int WindowRows, int WindowColumns, int Line);

/// <summary>How a step of the vector unit is cut: bands of rows by chunks of channels, and regions of like windows.</summary>
internal sealed class ElementwiseTiling
{
    private readonly AcceleratorSpec _accelerator;
    private readonly List<AxisRun> _rowRuns;
    private readonly List<AxisRun> _columnRuns;

    /// <param name="step">A pool, pair or map step.</param>
    /// <param name="rowsPerBand">Output rows of a band.</param>
    /// <param name="channelsPerChunk">Channels that are loaded at a time: all, or a multiple of the array's columns.</param>
    /// <param name="accelerator">The design.</param>
    public ElementwiseTiling(Step step, int rowsPerBand, int channelsPerChunk, AcceleratorSpec accelerator)
    {
        Step = step;
        _accelerator = accelerator;
        PoolStep? pool = step as PoolStep;
        CountsPadding = pool is { IsAverage: true, CountIncludePad: true };
        _rowRuns = AxisRuns(pool?.Input.Height ?? step.Output.Height, step.Output.Height, pool?.Window.Rows ?? 1, pool?.Stride.Rows ?? 1, pool?.Padding.Top ?? 0, pool?.Padding.Bottom ?? 0);
        _columnRuns = AxisRuns(pool?.Input.Width ?? step.Output.Width, step.Output.Width, pool?.Window.Columns ?? 1, pool?.Stride.Columns ?? 1, pool?.Padding.Left ?? 0, pool?.Padding.Right ?? 0);
        Counts = [.. _rowRuns.SelectMany(row => _columnRuns.Select(column => row.Length * column.Length)).Distinct().Order()];
        var bands = new List<Band>();
        for (int row = 0; row < step.Output.Height; row += rowsPerBand)
        {
            int rows = Math.Min(rowsPerBand, step.Output.Height - row);
            bands.Add(new(row, rows, row, rows));
        }

        Bands = bands;
        var chunks = new List<ChannelChunk>();
        for (int first = 0; first < step.Output.Channels; first += channelsPerChunk)
        {
            chunks.Add(new(first, Math.Min(channelsPerChunk, step.Output.Channels - first)));
        }

        Chunks = chunks;
    }

    public Step Step { get; }

    public IReadOnlyList<Band> Bands { get; }

    public IReadOnlyList<ChannelChunk> Chunks { get; }

    /// <summary>The counts of a mean's windows, ascending: each has a parameter line.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>Whether padding is in the buffer because a mean counts it; else windows are cut at the border.</summary>
    public bool CountsPadding { get; }

    /// <summary>What padding holds where it is in the buffer.</summary>
    public int PaddingCode => Step is PoolStep pool ? pool.PaddingCode : 0;

    /// <summary>Parameter lines of a channel tile.</summary>
    public int LinesPerTile => Step switch
    {
        PairStep => 2,
        PoolStep { IsAverage: true } => Counts.Count,
        _ => 1,
    };

    /// <summary>What of input <paramref name="input"/> the buffer holds for a band and chunk.</summary>
    public InputWindow Window(int input, Band band, ChannelChunk chunk)
    {
        IEnumerable<AxisRun> rows = _rowRuns.Select(run => run.Cut(band.FirstRow, band.Rows)).Where(run => run.Outputs > 0);
        int first = rows.Min(run => run.Start), end = rows.Max(run => run.End);
        int left = _columnRuns.Min(run => run.Start), right = _columnRuns.Max(run => run.End);
        return new(first, end - first, left, right - left, chunk.First, chunk.Count);
    }

    /// <summary>The regions of a band.</summary>
    public IEnumerable<PoolRegion> Regions(Band band)
    {
        foreach (AxisRun row in _rowRuns.Select(run => run.Cut(band.FirstRow, band.Rows)).Where(run => run.Outputs > 0))
        {
            foreach (AxisRun column in _columnRuns)
            {
                int line = Step is PoolStep { IsAverage: true } ? Counts.ToList().IndexOf(row.Length * column.Length) : 0;
                yield return new(
                    row.First, row.Outputs, column.First, column.Outputs, row.Start, column.Start, row.Stride, column.Stride, row.Length, column.Length, line);
            }
        }
    }

    /// <summary>What the buffers lack, as findings; none where the tiling fits.</summary>
    /// <param name="band">What needs more than they have, in words.</param>
    public IEnumerable<ScheduleFinding> Misfits(string band = MatrixTiling.SmallestBand)
    {
        int inputs = Step.Inputs.Length;
        long operands = Bands.Max(band => Chunks.Max(chunk => Enumerable.Range(0, inputs).Sum(input => Window(input, band, chunk).Elements)));
        if (operands > _accelerator.Buffers.Operand.SlotSize)
        {
            yield return new("buffers.operand.size", Step.Name, $"a slot holds {_accelerator.Buffers.Operand.SlotSize} elements, {band} needs {operands}");
        }

        long outputs = Bands.Max(band => (long)band.Rows * Step.Output.Width);
        if (outputs > _accelerator.Buffers.Output.SlotSize)
        {
            yield return new("buffers.output.size", Step.Name, $"a slot holds {_accelerator.Buffers.Output.SlotSize} words, {band} needs {outputs}");
        }

        if (_accelerator.Buffers.Parameter.SlotSize < (Step is PairStep ? 2 : 1))
        {
            yield return new("buffers.parameter.size", Step.Name, $"a slot holds {_accelerator.Buffers.Parameter.SlotSize} lines, a sum or product of two tensors needs 2");
        }
    }

    /// <summary>Outputs of one axis with windows of one length at even distances.</summary>
    /// <param name="First">First output.</param>
    /// <param name="Outputs">Outputs.</param>
    /// <param name="Start">First input of the first window.</param>
    /// <param name="Stride">Inputs from window to window.</param>
    /// <param name="Length">Inputs of a window.</param>
    private readonly record struct AxisRun(int First, int Outputs, int Start, int Stride, int Length)
    {
        public int End => Start + (Outputs - 1) * Stride + Length;

        /// <summary>The part of it among the given outputs.</summary>
        public AxisRun Cut(int first, int outputs)
        {
            int from = Math.Max(first, First), to = Math.Min(first + outputs, First + Outputs);
            return this with { First = from, Outputs = Math.Max(0, to - from), Start = Start + (from - First) * Stride };
        }
    }

    /// <summary>Windows are cut at the input's border, or, where padding counts, at the end of the padding (ceil mode goes past it).</summary>
    private List<AxisRun> AxisRuns(int inputs, int outputs, int window, int stride, int before, int after)
    {
        int least = CountsPadding ? -before : 0, most = inputs + (CountsPadding ? after : 0);
        var runs = new List<AxisRun>();
        for (int output = 0; output < outputs; output++)
        {
            int start = output * stride - before;
            int from = Math.Max(least, start), length = Math.Min(most, start + window) - from;
            if (runs.Count > 0 && runs[^1] is var run && run.Length == length && (run.Outputs == 1 || from == run.Start + run.Outputs * run.Stride))
            {
                runs[^1] = run with { Outputs = run.Outputs + 1, Stride = run.Outputs == 1 ? from - run.Start : run.Stride };
            }
            else
            {
                runs.Add(new(output, 1, from, stride, length));
            }
        }

        return runs;
    }
}
