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
        Assert.Equal((1, windows * window, windows), (timing.Layers[0].Traffic.ParameterReads, timing.Layers[0].Traffic.AccumulatorReads, timing.Layers[0].Traffic.OutputWrites));
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
