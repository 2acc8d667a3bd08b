// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>The timing table of the array (docs/architecture.md, section 4): computed here, ticked by the model.</summary>
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
                        Check(rows, columns, vectors, segments, doubleBuffering);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_instruction_after_another_runs_two_cycles_after_its_end(bool doubleBuffering)
    {
        AcceleratorSpec spec = Bench.Spec(3, 2, 1, doubleBuffering);
        TimingResult timing = Bench.Run(Bench.Schedule(spec, array: [Bench.Matmul(2, 2), Bench.Matmul(1, 1), Bench.Matmul(4, 3)])).Timing;
        int run = FirstRun;
        foreach ((int index, int vectors, int segments) in new[] { (0, 2, 2), (1, 1, 1), (2, 4, 3) })
        {
            Table table = Table.Of(3, vectors, segments, doubleBuffering);
            TimelineEvent matmul = timing.Timeline[index];
            Assert.Equal((run - 2, run - 1, run + table.Occupancy - 1), (matmul.Fetch, matmul.Start, matmul.End));
            Assert.Equal(run + table.Vectors[^1] + vectors - 1 + 3 + 2, matmul.Completion);
            run += (int)table.Occupancy + 2;
        }
    }

    private static void Check(int rows, int columns, int vectors, int segments, bool doubleBuffering)
    {
        AcceleratorSpec spec = Bench.Spec(rows, columns, 1, doubleBuffering);
        var trace = new InputTrace();
        TimingResult timing = Bench.Run(Bench.Schedule(spec, array: [Bench.Matmul(vectors, segments)]), new() { Trace = trace }).Timing;
        Table table = Table.Of(rows, vectors, segments, doubleBuffering);
        string shape = $"R={rows} C={columns} M={vectors} S={segments} double buffering {doubleBuffering}";

        Assert.True(table.Lines.SelectMany(line => Enumerable.Range(0, rows).Select(k => line + k)).SequenceEqual(trace.Lines), shape);
        Assert.True((doubleBuffering ? table.Swaps : []).SequenceEqual(trace.Swaps), shape);
        Assert.True(table.Vectors.SelectMany(vector => Enumerable.Range(0, vectors).Select(m => vector + m)).SequenceEqual(trace.Vectors), shape);
        Assert.True(timing.Timeline[0].End == FirstRun + table.Occupancy - 1, shape);
        Assert.True(timing.Timeline[0].Completion == FirstRun + table.Vectors[^1] + vectors - 1 + rows + columns, shape);
        Assert.True(timing.Cycles == timing.Timeline[0].Completion + 1, shape);
        Assert.True(timing.Units[1].Busy == vectors * segments && timing.Units[1].Fill == table.Occupancy - (vectors * segments), shape);
        Assert.True(trace.Written.SequenceEqual(trace.Vectors.Select(vector => vector + rows + columns)), shape);
    }

    /// <summary>Cycles since the first run cycle.</summary>
    private sealed record Table(List<long> Lines, List<long> Swaps, List<long> Vectors, long Occupancy)
    {
        public static Table Of(int rows, int vectors, int segments, bool doubleBuffering)
        {
            List<long> lines = [0], swaps = [], reads = [];
            for (int s = 0; s < segments; s++)
            {
                long loaded = lines[s] + rows;
                long swap = s == 0 ? loaded : Math.Max(loaded, reads[s - 1] + vectors - 1);
                swaps.Add(swap);
                reads.Add(doubleBuffering ? swap + 1 : loaded);
                lines.Add(doubleBuffering ? swap + rows : reads[s] + vectors + rows - 1);
            }
            lines.RemoveAt(segments);
            return new(lines, swaps, reads, reads[^1] + (doubleBuffering ? Math.Max(vectors, rows - 1) : vectors + rows - 1));
        }
    }

    /// <summary>Cycles, since the first run cycle, in which lines and vectors are read, swaps issued and accumulators written.</summary>
    private sealed class InputTrace : IAcceleratorTrace
    {
        public List<long> Lines { get; } = [];

        public List<long> Swaps { get; } = [];

        public List<long> Vectors { get; } = [];

        public List<long> Written { get; } = [];

        public void Observe(in CycleSnapshot cycle)
        {
            // The array sees in a cycle what the sequencer issued in the one before.
            long issued = cycle.Cycle - 1 - FirstRun;
            ArrayControl input = cycle.ArrayInput;
            Add(Lines, input.Shifts, issued);
            Add(Swaps, input.Swaps, issued);
            Add(Vectors, input.Vector != 0, issued);
            Add(Written, cycle.AccumulatorWritten is not null, cycle.Cycle - FirstRun);
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
