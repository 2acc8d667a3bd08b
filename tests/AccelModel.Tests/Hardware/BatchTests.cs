// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>Images one after the other, and what an observer sees of them.</summary>
public sealed class BatchTests
{
    [Fact]
    public void A_batch_gives_what_its_images_give_alone()
    {
        for (int seed = 3000; seed < 3010; seed++)
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
            int elements = drawn.Network.Input.Elements;
            int[] image = drawn.Input[..elements];
            int[] other = [.. image.Select((_, i) => (int)(i % 2 == 0 ? drawn.Network.Input.Format.MaxRaw : drawn.Network.Input.Format.MinRaw))];
            (TimingResult timing, ValueResult batch) = RegisterAccurateModel.Run(drawn.Schedule, [.. image, .. other, .. image]);
            (TimingResult alone, ValueResult first) = RegisterAccurateModel.Run(drawn.Schedule, image);
            ValueResult second = RegisterAccurateModel.Run(drawn.Schedule, other).Values;
            Assert.Equal([.. first.Output, .. second.Output, .. first.Output], batch.Output);
            Assert.Equal(3, batch.Images);
            Bench.AssertSame(alone, timing);
            Assert.Equal(
                first.Overflows.Zip(second.Overflows, (a, b) => (2 * a.PartialSums) + b.PartialSums), batch.Overflows.Select(layer => layer.PartialSums));
        }
    }

    [Fact]
    public void Codes_that_are_not_whole_images_of_the_inputs_format_are_refused()
    {
        RandomCase drawn = RandomCase.Draw(new ChoiceSource(1));
        int elements = drawn.Network.Input.Elements;
        Assert.Throws<ArgumentException>(() => RegisterAccurateModel.Run(drawn.Schedule, []));
        Assert.Throws<ArgumentException>(() => RegisterAccurateModel.Run(drawn.Schedule, new int[elements + 1]));
        int[] tooLarge = new int[elements];
        tooLarge[^1] = (int)drawn.Network.Input.Format.MaxRaw + 1;
        Assert.Contains($"index {elements - 1}", Assert.Throws<ArgumentException>(() => RegisterAccurateModel.Run(drawn.Schedule, tooLarge)).Message);
    }

    [Fact]
    public void Images_that_take_different_times_are_refused()
    {
        RandomCase drawn = RandomCase.Draw(new ChoiceSource(1));
        int[] input = new int[2 * drawn.Network.Input.Elements];
        Assert.Contains("another time", Assert.Throws<InvalidOperationException>(() => RegisterAccurateModel.Run(drawn.Schedule, input, new() { Stall = new OneHiccup() })).Message);
    }

    [Theory]
    [InlineData(UnitKind.Load)]
    [InlineData(UnitKind.Array)]
    [InlineData(UnitKind.Vector)]
    [InlineData(UnitKind.Store)]
    public void An_instruction_for_an_unknown_layer_is_refused(UnitKind unit)
    {
        Schedule schedule = Bench.Schedule(
            Bench.Spec(),
            unit == UnitKind.Load ? [Bench.Load(LoadTarget.Activation, 0, 1) with { Layer = 7 }] : [],
            unit == UnitKind.Array ? [Bench.Matmul(1, 1) with { Layer = 7 }] : [],
            unit == UnitKind.Vector ? [Bench.Vector(1) with { Layer = 7 }] : [],
            unit == UnitKind.Store ? [Bench.Store(1, 1, 0, 1) with { Layer = 7 }] : []);
        var problem = Assert.Throws<InvalidScheduleException>(() => new Accelerator(schedule));
        Assert.Equal((unit, 0), (problem.Unit, problem.Instruction));
    }

    [Fact]
    public void Instructions_that_the_counters_cannot_hold_are_refused()
    {
        Refused(Bench.Schedule(Bench.Spec(), [Bench.Load(LoadTarget.Activation, 0, 0)]));
        LoadInstruction run = Bench.Load(LoadTarget.Activation, 0, 0) with { Run = 3 };
        Refused(Bench.Schedule(Bench.Spec(), [run with { Columns = 0 }]));
        Refused(Bench.Schedule(Bench.Spec(), [run with { Beats = 1 }]));
        Refused(Bench.Schedule(Bench.Spec(), [run with { Target = LoadTarget.Weight }]));
        Refused(Bench.Schedule(Bench.Spec(), [run with { Target = LoadTarget.Weight, Run = 0, Beats = 1, Fill = true }]));
        Refused(Bench.Schedule(Bench.Spec(), [run with { Target = LoadTarget.Operand }]));
        Refused(Bench.Schedule(Bench.Spec(), [Bench.Load(LoadTarget.Lookup, 0, 1)]));
        Refused(Bench.Schedule(Bench.Spec() with { Vector = new() { Lookup = true } }, [Bench.Load(LoadTarget.Lookup, 0, 1, 2)]));
        Refused(Bench.Schedule(Bench.Spec(), store: [Bench.Store(1, 1, 0, 1) with { Fill = true }]));
        Refused(Bench.Schedule(Bench.Spec(), store: [Bench.Store(1, 2, 0, 1) with { Fill = true, Target = StoreTarget.Activation, ChannelPitch = 2 }]));
        Refused(Bench.Schedule(Bench.Spec(), array: [Bench.Matmul(0, 1)]));
        Refused(Bench.Schedule(Bench.Spec(), array: [Bench.Matmul(1, 1) with { Digits = 2 }]));
        Refused(Bench.Schedule(Bench.Spec(), vector: [Bench.Vector(1) with { PoolRows = 0 }]));
        Refused(Bench.Schedule(Bench.Spec(), vector: [Bench.Vector(1) with { Source = VectorSource.Operand }]));
        Refused(Bench.Schedule(Bench.Spec(), vector: [Bench.Vector(1) with { Combine = VectorCombine.Sum }]));
        Refused(Bench.Schedule(Bench.Spec(), vector: [Bench.Vector(1) with { Post = true }]));
        Refused(Bench.Schedule(Bench.Spec(), vector: [Bench.Vector(1) with { Lookup = true }]));
        Refused(Bench.Schedule(Bench.Spec() with { Vector = new() { Lookup = true } }, vector: [Bench.Vector(1) with { Lookup = true, LookupAddress = 257 }]));
        Refused(Bench.Schedule(Bench.Spec(), store: [Bench.Store(1, 3, 0, 3)]));
        Refused(Bench.Schedule(Bench.Spec(), store: [Bench.Store(1, 2, 0, 3) with { FirstChannel = 1 }]));

        static void Refused(Schedule schedule) => Assert.Throws<InvalidScheduleException>(() => new Accelerator(schedule));
    }

    [Fact]
    public void A_trace_sees_every_cycle_once_and_its_tally_is_the_counters()
    {
        RandomCase drawn = RandomCase.Draw(new ChoiceSource(11));
        var tally = new Tally();
        TimingResult timing = RegisterAccurateModel.Run(drawn.Schedule, drawn.Input, new() { Trace = tally }).Timing;
        Assert.Equal(Enumerable.Range(0, drawn.Images).SelectMany(image => Enumerable.Range(0, (int)timing.Cycles).Select(cycle => (image, (long)cycle))), tally.Cycles);
        for (int unit = 0; unit < 4; unit++)
        {
            UnitCycles counters = timing.Units[unit];
            Assert.Equal(counters.Issue * drawn.Images, tally.Count(unit, CycleKind.Issue));
            Assert.Equal(counters.Stall.Sum() * drawn.Images, tally.Count(unit, CycleKind.Stall));
            Assert.Equal(counters.Fill * drawn.Images, tally.Count(unit, CycleKind.Fill));
            Assert.Equal(counters.PortWait * drawn.Images, tally.Count(unit, CycleKind.PortWait));
            Assert.Equal(counters.Latency * drawn.Images, tally.Count(unit, CycleKind.Latency));
            Assert.Equal(counters.Busy * drawn.Images, tally.Count(unit, CycleKind.Busy));
            Assert.Equal(counters.Idle * drawn.Images, tally.Count(unit, CycleKind.Idle));
        }
        Assert.Equal((timing.Units[0].Busy + timing.Units[3].Busy) * drawn.Images, tally.Beats);
        Assert.Equal(timing.Layers.Sum(layer => layer.Traffic.AccumulatorWrites) * drawn.Images, tally.AccumulatorWrites);
    }

    private sealed class OneHiccup : IPortStall
    {
        private bool _done;

        public bool Withholds(in PortBeat beat)
        {
            bool withholds = !_done && beat.Cycle > 20;
            _done |= withholds;
            return withholds;
        }
    }

    private sealed class Tally : IAcceleratorTrace
    {
        private readonly long[,] _kinds = new long[4, 7];

        public List<(int Image, long Cycle)> Cycles { get; } = [];

        public long Beats { get; private set; }

        public long AccumulatorWrites { get; private set; }

        public long Count(int unit, CycleKind kind) => _kinds[unit, (int)kind];

        public void Observe(in CycleSnapshot cycle)
        {
            Cycles.Add((cycle.Image, cycle.Cycle));
            _kinds[0, (int)cycle.Load.Kind]++;
            _kinds[1, (int)cycle.Array.Kind]++;
            _kinds[2, (int)cycle.Vector.Kind]++;
            _kinds[3, (int)cycle.Store.Kind]++;
            Beats += cycle.PortBeat ? 1 : 0;
            AccumulatorWrites += cycle.AccumulatorWritten is null ? 0 : 1;
        }
    }
}
