// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Hardware;

/// <summary>The vector unit's time (docs/architecture.md, section 5): a word a cycle, written four cycles after its window's last read.</summary>
public sealed class VectorTimingTests
{
    private const int FirstRun = 2;

    [Fact]
    public void A_window_is_written_four_cycles_after_its_last_word_is_read()
    {
        for (int rows = 1; rows <= 3; rows++)
        {
            for (int columns = 1; columns <= 3; columns++)
            {
                for (int poolRows = 1; poolRows <= 3; poolRows++)
                {
                    for (int poolColumns = 1; poolColumns <= 3; poolColumns++)
                    {
                        Check(rows, columns, poolRows, poolColumns);
                    }
                }
            }
        }
    }

    [Fact]
    public void The_next_instruction_may_use_other_parameters_at_once()
    {
        // Both instructions read accumulator word 0, which is zero, and add the bias of their own line: 3 and then 7.
        AcceleratorSpec spec = Bench.Spec(1, 1);
        byte[] memory = new byte[1024];
        int bytes = spec.ParameterLineWords * 4;
        Bench.Pack(bytes, Bench.Record(spec, new(3, 1, 0, 0, -128, 127, false))).CopyTo(memory, 0);
        Bench.Pack(bytes, Bench.Record(spec, new(7, 1, 0, 0, -128, 127, false))).CopyTo(memory, bytes);
        Schedule schedule = Bench.Schedule(
            spec,
            [Bench.Load(LoadTarget.Parameter, 0, 2 * spec.ParameterLineWords, signals: Bench.Set(Semaphore.ParameterReady))],
            vector:
            [
                Bench.Vector(1, Bench.Set(Semaphore.ParameterReady)),
                Bench.Vector(1, signals: Bench.Set(Semaphore.OutputReady)) with { ParameterAddress = 1, OutputAddress = 1 },
            ],
            store: [Bench.Store(2, 1, 512, 1, Bench.Set(Semaphore.OutputReady))],
            memory: memory);
        (Accelerator machine, TimingResult timing) = Bench.Run(schedule);
        Assert.Equal([3, 7], machine.Memory.Slice(512, 2).ToArray());
        Assert.Equal(timing.Timeline[1].End + 3, timing.Timeline[2].End);
    }

    [Theory]
    [InlineData(false, false, 4)]
    [InlineData(false, true, 5)]
    [InlineData(true, false, 6)]
    [InlineData(true, true, 7)]
    public void A_second_requantiser_takes_two_cycles_more_and_a_lookup_table_one_whether_they_are_used_or_not(bool elementwise, bool lookup, int latency)
    {
        AcceleratorSpec spec = Bench.Spec() with { Vector = new() { Elementwise = elementwise, Lookup = lookup } };
        VectorInstruction plain = Bench.Vector(3) with { PoolRows = 2, PoolColumns = 2, OutputAddress = 4 };
        foreach (bool used in new[] { false, true })
        {
            VectorInstruction vector = plain with { Post = used && elementwise, Lookup = used && lookup, Combine = used && elementwise ? VectorCombine.Sum : VectorCombine.Maximum };
            VectorBench bench = new(spec, [vector, plain with { Columns = 1 }]);
            Assert.Equal((FirstRun + 11, FirstRun + 11 + latency), (bench.Timeline[0].End, bench.Timeline[0].Completion));
            Assert.Equal((FirstRun + 11 + 6, FirstRun + 11 + 6 + latency), (bench.Timeline[1].End, bench.Timeline[1].Completion));
            Assert.Equal(new (long, int)[] { (5, 4), (9, 5), (13, 6), (19, 4) }.Select(write => (write.Item1 + latency, write.Item2)), bench.Written);
        }
    }

    private static void Check(int rows, int columns, int poolRows, int poolColumns)
    {
        VectorInstruction vector = Bench.Vector(1) with
        {
            Rows = rows,
            Columns = columns,
            PoolRows = poolRows,
            PoolColumns = poolColumns,
            OutputAddress = 5,
        };
        var trace = new WriteTrace();
        TimingResult timing = Bench.Run(Bench.Schedule(Bench.Spec(), vector: [vector]), new() { Trace = trace }).Timing;
        int window = poolRows * poolColumns, windows = rows * columns;

        Assert.Equal(FirstRun + (windows * window) - 1, timing.Timeline[0].End);
        Assert.Equal(timing.Timeline[0].End + 4, timing.Timeline[0].Completion);
        Assert.Equal(windows * window, timing.Units[(int)UnitKind.Vector].Busy);
        Assert.Equal(Enumerable.Range(0, windows).Select(w => ((long)FirstRun + ((w + 1) * window) - 1 + 4, 5 + w)), trace.Written);
        Assert.Equal((windows * window, windows * window, windows), (timing.Layers[0].Traffic.ParameterReads, timing.Layers[0].Traffic.AccumulatorReads, timing.Layers[0].Traffic.OutputWrites));
    }

    private sealed class WriteTrace : IAcceleratorTrace
    {
        public List<(long Cycle, int Word)> Written { get; } = [];

        public void Observe(in CycleSnapshot cycle)
        {
            if (cycle.OutputWritten is { } word)
            {
                Written.Add((cycle.Cycle, word));
            }
        }
    }
}
