// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>The timing tables of the array (docs/architecture.md, sections 4.1 to 4.3): computed here, ticked by the model.</summary>
public sealed class ArrayTimingTests
{
    /// <summary>The first run cycle of a unit that never waits: after one fetch and one wait cycle.</summary>
    private const int FirstRun = 2;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lines_swaps_vectors_end_and_completion_come_in_the_cycles_of_the_table(bool doubleBuffering)
    {
        for (int rows = 1; rows <= 5; rows++)
        {
            for (int columns = 1; columns <= 5; columns++)
            {
                for (int vectors = 1; vectors <= 6; vectors++)
                {
                    for (int segments = 1; segments <= 4; segments++)
                    {
                        Check(Bench.Spec(rows, columns, 1, doubleBuffering), Bench.Matmul(vectors, segments));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(Dataflow.InputStationary, true)]
    [InlineData(Dataflow.InputStationary, false)]
    [InlineData(Dataflow.OutputStationary, true)]
    public void Other_dataflows_keep_to_their_tables(Dataflow dataflow, bool doubleBuffering)
    {
        for (int rows = 2; rows <= 4; rows++)
        {
            for (int columns = 1; columns <= 4; columns++)
            {
                for (int vectors = 1; vectors <= 9; vectors += 2)
                {
                    for (int segments = 1; segments <= 3; segments++)
                    {
                        foreach (int channels in (int[])(dataflow == Dataflow.InputStationary ? [1, 2, 3, 4, 9] : [1]))
                        {
                            Check(On(dataflow, rows, columns, doubleBuffering), Bench.Matmul(vectors, segments) with { Channels = channels });
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(Dataflow.WeightStationary)]
    [InlineData(Dataflow.InputStationary)]
    [InlineData(Dataflow.OutputStationary)]
    public void A_serial_product_takes_a_cycle_for_each_bit(Dataflow dataflow)
    {
        for (int interval = 1; interval <= 8; interval++)
        {
            for (int shape = 0; shape < 24; shape++)
            {
                AcceleratorSpec spec = On(dataflow, 2 + (shape % 3), 1 + (shape % 4), shape % 2 == 0);
                spec = spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.BitSerial } };
                Check(spec, Bench.Matmul(1 + (shape % 7), 1 + (shape % 3)) with { Interval = interval, Channels = 1 + (shape % spec.Array.Columns) });
            }
        }
    }

    [Theory]
    [InlineData(Dataflow.WeightStationary)]
    [InlineData(Dataflow.InputStationary)]
    [InlineData(Dataflow.OutputStationary)]
    public void A_codebook_comes_first(Dataflow dataflow)
    {
        HashSet<int> lines = [];
        for (int width = 1; width <= 4; width++)
        {
            for (int shape = 0; shape < 24; shape++)
            {
                AcceleratorSpec spec = On(dataflow, 2 + (shape % 3), 1 + (shape % 4), shape % 2 == 0);
                spec = spec with { Array = spec.Array with { ProcessingElement = ProcessingElementKind.Codebook, WeightWidth = width, CodebookValueWidth = 2 + (shape % 5) } };
                int table = Ceiling(spec.Array.CodebookValueWidth << width, spec.WeightLineElements * width);
                lines.Add(table);
                Check(spec, Bench.Matmul(1 + (shape % 7), 1 + (shape % 3)) with { TableLines = table, Channels = 1 + (shape % spec.Array.Columns) });
            }
        }
        Assert.True(lines.Count > 5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_column_filter_takes_the_time_of_an_ordinary_product(bool doubleBuffering)
    {
        for (int shape = 0; shape < 48; shape++)
        {
            AcceleratorSpec spec = On(Dataflow.WeightStationary, 1 + (shape % 4), 1 + (shape % 5), doubleBuffering);
            spec = spec with { Array = spec.Array with { ColumnFilter = true } };
            Check(spec, Bench.Matmul(1 + (shape % 7), 1) with { KernelRows = 1 + (shape % 3), ColumnFilter = true, LastTileElements = shape % 2 });
        }
    }

    [Theory]
    [InlineData(Dataflow.WeightStationary, true)]
    [InlineData(Dataflow.WeightStationary, false)]
    [InlineData(Dataflow.InputStationary, true)]
    [InlineData(Dataflow.InputStationary, false)]
    [InlineData(Dataflow.OutputStationary, false)]
    public void An_instruction_after_another_runs_two_cycles_after_its_end(Dataflow dataflow, bool doubleBuffering)
    {
        AcceleratorSpec spec = On(dataflow, 3, 2, doubleBuffering);
        MatmulInstruction[] program = [.. new[] { (2, 2), (1, 1), (4, 3), (5, 1) }.Select(shape => Bench.Matmul(shape.Item1, shape.Item2) with { Channels = 1 })];
        TimingResult timing = Bench.Run(Bench.Schedule(spec, array: program)).Timing;
        long run = FirstRun;
        for (int i = 0; i < program.Length; i++)
        {
            Table table = Table.Of(spec, program[i]);
            TimelineEvent matmul = timing.Timeline[i];
            Assert.Equal((run - 2, run - 1, run + table.Occupancy - 1), (matmul.Fetch, matmul.Start, matmul.End));
            Assert.Equal(run + table.Completion, matmul.Completion);
            run += table.Occupancy + 2;
        }
    }

    private static AcceleratorSpec On(Dataflow dataflow, int rows, int columns, bool doubleBuffering)
    {
        AcceleratorSpec spec = Bench.Spec(rows, columns, 1, doubleBuffering);
        return spec with
        {
            Array = spec.Array with { Dataflow = dataflow },
            Buffers = spec.Buffers with { Weight = new() { Size = 256, DoubleBuffered = false }, Accumulator = new() { Size = 128, DoubleBuffered = false } },
        };
    }

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;

    private static void Check(AcceleratorSpec spec, MatmulInstruction matmul)
    {
        var trace = new InputTrace();
        TimingResult timing = Bench.Run(Bench.Schedule(spec, array: [matmul]), new() { Trace = trace }).Timing;
        Table table = Table.Of(spec, matmul);
        string shape = $"{spec.Array}\n{matmul}";

        Assert.True(table.Shifts.SequenceEqual(trace.Shifts), shape);
        Assert.True(table.Swaps.SequenceEqual(trace.Swaps), shape);
        Assert.True(table.Reads.SequenceEqual(trace.Reads), shape);
        Assert.True(Enumerable.Range(0, matmul.TableLines).Select(line => (long)line).SequenceEqual(trace.TableLines), shape);
        Assert.True(table.Written.SequenceEqual(trace.Written), shape);
        Assert.True(timing.Timeline[0].End == FirstRun + table.Occupancy - 1, shape);
        Assert.True(timing.Timeline[0].Completion == FirstRun + table.Completion, shape);
        Assert.True(timing.Cycles == timing.Timeline[0].Completion + 1, shape);
        Assert.True(timing.Units[1].Busy == table.Reads.Count && timing.Units[1].Fill == table.Occupancy - table.Reads.Count, shape);
        Traffic traffic = timing.Layers[0].Traffic;
        Assert.True((table.ActivationReads, table.LineReads, (long)table.Written.Count) == (traffic.ActivationReads, traffic.WeightReads, traffic.AccumulatorWrites), shape);
    }

    /// <summary>Cycles since the first run cycle.</summary>
    private sealed record Table
    {
        public List<long> Shifts { get; } = [];

        public List<long> Swaps { get; } = [];

        public List<long> Reads { get; } = [];

        public List<long> Written { get; } = [];

        public long Occupancy { get; private set; }

        public long Completion { get; private set; }

        public long ActivationReads { get; private set; }

        public long LineReads { get; private set; }

        public static Table Of(AcceleratorSpec spec, MatmulInstruction matmul)
        {
            var table = new Table();
            if (spec.Array.Dataflow == Dataflow.OutputStationary)
            {
                table.StationaryOutput(spec.Array, matmul);
            }
            else
            {
                table.StationaryOperand(spec.Array, matmul);
            }
            return table;
        }

        /// <summary>Sections 4.1 and 4.2: a tile of depth D enters, then the streamed vectors follow each other every I cycles.</summary>
        private void StationaryOperand(ArraySpec array, MatmulInstruction matmul)
        {
            bool weightsStay = array.Dataflow == Dataflow.WeightStationary;
            int depth = weightsStay ? array.Rows : array.Columns, streamed = weightsStay ? matmul.Vectors : matmul.Channels;
            int tiles = matmul.Segments * (weightsStay ? 1 : Ceiling(matmul.Vectors, array.Columns));
            long cycles = streamed * matmul.Interval, line = matmul.TableLines, first = long.MinValue;
            for (int tile = 0; tile < tiles; tile++)
            {
                Shifts.AddRange(Enumerable.Range(0, depth).Select(place => line + place));
                if (array.WeightDoubleBuffering)
                {
                    long swap = tile == 0 ? line + depth : Math.Max(line + depth, first + cycles - 1);
                    Swaps.Add(swap);
                    (first, line) = (swap + 1, swap + depth);
                }
                else
                {
                    first = line + depth;
                    line = first + cycles + depth - 1;
                }
                Reads.AddRange(Enumerable.Range(0, streamed).Select(vector => first + (vector * matmul.Interval)));
            }
            Occupancy = first + (array.WeightDoubleBuffering ? Math.Max(cycles, depth - 1) : cycles + depth - 1);
            Written.AddRange(Reads.Select(read => read + matmul.Interval - 1 + array.Rows + array.Columns));
            Completion = Written[^1];
            long pixels = matmul.Vectors * (long)matmul.Segments;
            (ActivationReads, LineReads) = weightsStay ? (pixels, matmul.TableLines + Shifts.Count) : (pixels, matmul.TableLines + Reads.Count);
        }

        /// <summary>Section 4.3: a segment takes R steps of I cycles; at the end of a pass the rows' sums leave, the last row's first.</summary>
        private void StationaryOutput(ArraySpec array, MatmulInstruction matmul)
        {
            int rows = array.Rows, groups = Ceiling(matmul.Vectors, rows), segments = matmul.Segments / matmul.Digits;
            long segmentCycles = rows * matmul.Interval;
            for (int pass = 0; pass < groups * matmul.Digits; pass++)
            {
                int pixels = Math.Min(rows, matmul.Vectors - (pass / matmul.Digits * rows));
                for (int segment = 0; segment < segments; segment++)
                {
                    long first = matmul.TableLines + (((pass * segments) + segment) * segmentCycles);
                    Reads.AddRange(Enumerable.Range(0, pixels).Select(row => first + row));
                }
                long end = matmul.TableLines + ((pass + 1) * segments * segmentCycles);
                Written.AddRange(Enumerable.Range(0, pixels).Reverse().Select(row => end + rows + array.Columns - 1 + (rows - 1 - row)));
            }
            Occupancy = matmul.TableLines + (groups * matmul.Digits * segments * segmentCycles);
            Completion = Occupancy + (2 * rows) + array.Columns - 2;
            ActivationReads = Reads.Count;
            LineReads = matmul.TableLines + (groups * matmul.Segments * (long)rows);
        }
    }

    /// <summary>Cycles, since the first run cycle, in which stationary vectors, table lines and vectors are read, swaps issued and accumulators written.</summary>
    private sealed class InputTrace : IAcceleratorTrace
    {
        public List<long> Shifts { get; } = [];

        public List<long> Swaps { get; } = [];

        public List<long> Reads { get; } = [];

        public List<long> TableLines { get; } = [];

        public List<long> Written { get; } = [];

        public void Observe(in CycleSnapshot cycle)
        {
            // The array sees in a cycle what the sequencer issued in the one before.
            long now = cycle.Cycle - FirstRun, issued = now - 1;
            ArrayControl input = cycle.ArrayInput;
            Add(Shifts, input.Shifts, issued);
            Add(Swaps, input.Swaps, issued);
            Add(TableLines, input.TableLine > 0, issued);
            Add(Reads, cycle.Array.Kind == CycleKind.Busy, now);
            Add(Written, cycle.AccumulatorWritten is not null, now);
        }

        private static void Add(List<long> cycles, bool happens, long cycle)
        {
            if (happens)
            {
                cycles.Add(cycle);
            }
        }
    }
}
