// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Vcd;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using AccelModel.Tests.Hardware;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Simulation;

/// <summary>Value change dumps, read back by a parser of their own.</summary>
public sealed class VcdTests
{
    [Fact]
    public void Signals_are_declared_in_scopes_and_written_where_they_change()
    {
        var text = new StringWriter();
        var writer = new VcdWriter(text);
        int a = writer.Wire("top", "a", 1), b = writer.Wire("top.inner", "b", 4), c = writer.Wire("top.other", "c", 64), s = writer.Text("top", "s");
        writer.At(5);
        writer.Set(a, 1);
        writer.Set(b, -3);
        writer.Set(c, -1);
        writer.Set(s, "idle");
        writer.At(6);
        writer.Set(a, 1);
        writer.Set(b, 13);
        writer.At(8);
        writer.Set(a, (long?)null);
        writer.Set(b, (long?)null);
        writer.Set(s, "run");
        writer.End(10);
        Assert.Equal(
            $$"""
            $comment one nanosecond is one clock cycle $end
            $timescale 1 ns $end
            $scope module top $end
            $var wire 1 ! a $end
            $scope module inner $end
            $var wire 4 " b $end
            $upscope $end
            $scope module other $end
            $var wire 64 # c $end
            $upscope $end
            $var string 1 $ s $end
            $upscope $end
            $enddefinitions $end
            #5
            1!
            b1101 "
            b{{new string('1', 64)}} #
            sidle $
            #8
            x!
            bx "
            srun $
            #10

            """,
            text.ToString());
    }

    [Fact]
    public void Every_signal_has_a_code_of_its_own()
    {
        var text = new StringWriter();
        var writer = new VcdWriter(text);
        int[] signals = [.. Enumerable.Range(0, 10_000).Select(i => writer.Wire("top", $"s{i}", 16))];
        writer.At(0);
        Array.ForEach(signals, signal => writer.Set(signal, signal));
        writer.End(1);
        var dump = new Dump(text.ToString());
        Assert.All(signals, signal => Assert.Equal(signal, dump.Number($"top.s{signal}", 0)));
    }

    [Theory]
    [InlineData(Dataflow.WeightStationary, 1)]
    [InlineData(Dataflow.InputStationary, 2)]
    [InlineData(Dataflow.OutputStationary, 1)]
    public void What_the_dump_says_of_each_cycle_is_what_the_machine_did_in_it(Dataflow dataflow, int lanes)
    {
        var watched = new Watch();
        Schedule schedule = Program(dataflow, lanes);
        TimingResult timing = Bench.Run(schedule, new() { Trace = watched }).Timing;
        Dump dump = Trace(schedule, new(0, null));
        Assert.Equal(timing.Cycles, dump.End);

        foreach (UnitKind unit in Enum.GetValues<UnitKind>())
        {
            string name = unit.ToString().ToLowerInvariant();
            List<string> activity = [.. Enumerable.Range(0, (int)timing.Cycles).Select(cycle => dump.Text($"accelerator.{name}.activity", cycle))];
            UnitCycles counters = timing.Units[(int)unit];
            Assert.Equal(
                (counters.Issue, counters.Stall.Sum(), counters.Fill, counters.PortWait, counters.Latency, counters.Busy, counters.Idle),
                (Count("issue"), Count("stall"), Count("fill"), Count("port_wait"), Count("latency"), Count("busy"), Count("idle")));
            foreach (TimelineEvent instruction in timing.Timeline.Where(instruction => instruction.Unit == unit))
            {
                Assert.Equal(("fetch", "wait", "run"), (State(instruction.Fetch), State(instruction.Start), State(instruction.End)));
                Assert.Equal(instruction.Index, dump.Number($"accelerator.{name}.instruction", instruction.End));
            }

            long Count(string kind) => activity.Count(found => found == kind);
            string State(long cycle) => dump.Text($"accelerator.{name}.state", cycle);
        }
        for (int cycle = 0; cycle < timing.Cycles; cycle++)
        {
            Assert.Equal(cycle, dump.Number("accelerator.cycle", cycle));
            Assert.Equal(watched.Semaphores[cycle].AsEnumerable(), SemaphoreNames.Select(name => (int)dump.Number($"accelerator.semaphores.{name}", cycle)!));
            Assert.Equal(watched.Outputs[cycle], (int?)dump.Number("accelerator.output.written_word", cycle));
            Assert.Equal(watched.Beats[cycle] ? 1 : 0, dump.Number("accelerator.dma.beat", cycle));
        }
    }

    [Theory]
    [InlineData(Dataflow.WeightStationary)]
    [InlineData(Dataflow.InputStationary)]
    [InlineData(Dataflow.OutputStationary)]
    public void A_partial_sum_is_the_sum_of_the_products_before_it(Dataflow dataflow)
    {
        // Weights 1 and 2 below each other, activations 3 and 4: where sums move, row 0 makes 3 and row 1 adds 8; where they stay, each does so in its turn.
        Dump dump = Trace(Program(dataflow, 1), new(0, null));
        List<long> sums = [];
        for (long cycle = 0; cycle < dump.End; cycle++)
        {
            for (int row = 0; row < 2; row++)
            {
                string pe = $"accelerator.pes.pe_{row}_0";
                if (dump.Number($"{pe}.works", cycle) == 1)
                {
                    long product = dump.Number($"{pe}.weight", cycle)!.Value * dump.Number($"{pe}.activation", cycle)!.Value;
                    long before = dataflow == Dataflow.OutputStationary ? (product == 3 ? 0 : dump.Number($"{pe}.partial_sum", cycle)!.Value)
                        : row == 0 ? 0 : dump.Number("accelerator.pes.pe_0_0.partial_sum", cycle)!.Value;
                    Assert.Equal(before + product, dump.Number($"{pe}.partial_sum", cycle + 1));
                    sums.Add(before + product);
                }
            }
        }
        Assert.Contains(3, sums);
        Assert.Contains(11, sums);
    }

    [Fact]
    public void Cycles_outside_the_window_and_later_images_are_left_out()
    {
        Schedule schedule = Program(Dataflow.WeightStationary, 1);
        Dump whole = Trace(schedule, new(0, null)), part = Trace(schedule, new(10, 7));
        Assert.Equal((10, 17), (part.Begin, part.End));
        for (int cycle = 10; cycle < 17; cycle++)
        {
            Assert.Equal(whole.Number("accelerator.load.instruction", cycle), part.Number("accelerator.load.instruction", cycle));
            Assert.Equal(whole.Text("accelerator.array.activity", cycle), part.Text("accelerator.array.activity", cycle));
        }

        var text = new StringWriter();
        var trace = new VcdTrace(text, schedule.Accelerator, new(0, null));
        RegisterAccurateModel.Run(schedule, [0, 0, 0], new() { Trace = trace });
        trace.End();
        Assert.Equal(whole.Source, text.ToString());
    }

    private static IEnumerable<string> SemaphoreNames => Enum.GetValues<Semaphore>().Select(EnumNames.Of);

    private static Dump Trace(Schedule schedule, VcdWindow window)
    {
        var text = new StringWriter();
        var trace = new VcdTrace(text, schedule.Accelerator, window);
        Bench.Run(schedule, new() { Trace = trace });
        trace.End();
        return new(text.ToString());
    }

    /// <summary>Two rows, one column: one product of 1 * 3 + 2 * 4, requantised and stored.</summary>
    private static Schedule Program(Dataflow dataflow, int lanes)
    {
        AcceleratorSpec spec = Bench.Spec(2, 1, lanes);
        spec = spec with { Array = spec.Array with { Dataflow = dataflow } };
        byte[] memory = new byte[512];
        (memory[0], memory[lanes]) = (3, 4);
        int linesPerWeights = spec.WeightLineWords * 4;
        IEnumerable<(long, int)> Lane(long weight) => [(weight, 5), .. Enumerable.Repeat((0L, 5), lanes - 1)];
        if (dataflow == Dataflow.InputStationary)
        {
            Bench.Pack(linesPerWeights, Lane(1).Concat(Lane(2))).CopyTo(memory, 64);
        }
        else
        {
            Bench.Pack(linesPerWeights, Lane(1)).CopyTo(memory, 64);
            Bench.Pack(linesPerWeights, Lane(2)).CopyTo(memory, 64 + linesPerWeights);
        }
        Bench.Pack(4 * spec.ParameterLineWords, Bench.Record(spec, new(0, 1, 0, 0, -128, 127, false))).CopyTo(memory, 128);
        return Bench.Schedule(
            spec,
            [
                Bench.Load(LoadTarget.Activation, 0, 0, signals: Bench.Set(Semaphore.ActivationReady)) with { Run = 2 * lanes },
                Bench.Load(LoadTarget.Weight, 16, 2 * spec.WeightLineWords, signals: Bench.Set(Semaphore.WeightReady)),
                Bench.Load(LoadTarget.Parameter, 32, spec.ParameterLineWords, signals: Bench.Set(Semaphore.ParameterReady)),
            ],
            [Bench.Matmul(1, 1, Bench.Set(Semaphore.ActivationReady, Semaphore.WeightReady), Bench.Set(Semaphore.AccumulatorReady)) with { Channels = 1 }],
            [Bench.Vector(1, Bench.Set(Semaphore.AccumulatorReady, Semaphore.ParameterReady), Bench.Set(Semaphore.OutputReady))],
            [Bench.Store(1, 1, 256, 1, Bench.Set(Semaphore.OutputReady))],
            memory);
    }

    private sealed class Watch : IAcceleratorTrace
    {
        public List<int[]> Semaphores { get; } = [];

        public List<int?> Outputs { get; } = [];

        public List<bool> Beats { get; } = [];

        public void Observe(in CycleSnapshot cycle)
        {
            Semaphores.Add(cycle.Semaphores.ToArray());
            Outputs.Add(cycle.OutputWritten);
            Beats.Add(cycle.PortBeat);
        }
    }

    /// <summary>A dump, read line by line.</summary>
    private sealed class Dump
    {
        private readonly Dictionary<string, string> _codes = [];
        private readonly Dictionary<string, SortedList<long, string>> _changes = [];

        public Dump(string source)
        {
            Source = source;
            List<string> scope = [];
            long time = -1;
            foreach (string line in source.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] words = line.Split(' ');
                if (line.StartsWith("$scope", StringComparison.Ordinal))
                {
                    scope.Add(words[2]);
                }
                else if (line.StartsWith("$upscope", StringComparison.Ordinal))
                {
                    scope.RemoveAt(scope.Count - 1);
                }
                else if (line.StartsWith("$var", StringComparison.Ordinal))
                {
                    _codes.Add($"{string.Join('.', scope)}.{words[4]}", words[3]);
                    _changes.Add(words[3], []);
                }
                else if (line[0] == '#')
                {
                    long next = long.Parse(line[1..], CultureInfo.InvariantCulture);
                    Assert.True(next > time);
                    Begin = time < 0 ? next : Begin;
                    time = next;
                }
                else if (line[0] != '$')
                {
                    (string value, string code) = words.Length == 2 ? (words[0][1..], words[1]) : (line[..1], line[1..]);
                    _changes[code].Add(time, value);
                }
            }
            End = time;
        }

        public string Source { get; }

        public long Begin { get; }

        public long End { get; }

        public string Text(string signal, long time) => _changes[_codes[signal]].Last(change => change.Key <= time).Value;

        public long? Number(string signal, long time)
        {
            string bits = Text(signal, time);
            return bits == "x" ? null : Convert.ToInt64(bits, 2);
        }
    }
}
