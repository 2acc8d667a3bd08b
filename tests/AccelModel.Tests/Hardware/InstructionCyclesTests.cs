// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>Where the cycles of every single instruction went, computed and watched.</summary>
public sealed class InstructionCyclesTests
{
    [Fact]
    public void Every_instruction_spends_its_cycles_as_the_model_that_ticks_does_and_they_add_up()
    {
        int instructions = 0;
        for (int seed = 6000; seed < 6040; seed++)
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
            TimingResult computed = FastEngine.Account(drawn.Schedule);
            var watched = new Watch();
            RegisterAccurateModel.Run(drawn.Schedule, drawn.Input, new() { Trace = watched });
            foreach ((TimelineEvent item, UnitCycles cycles) in computed.Timeline.Zip(computed.Instructions, (item, cycles) => (item, cycles)))
            {
                Assert.True(watched.Of(item.Unit, item.Index) == cycles, $"seed {seed}, {item.Unit} instruction {item.Index}: {watched.Of(item.Unit, item.Index)} watched, {cycles} computed");
                Assert.Equal(item.End - item.Fetch + 1, cycles.Total);
                instructions++;
            }

            foreach (LayerTiming layer in computed.Layers)
            {
                foreach (UnitKind unit in Enum.GetValues<UnitKind>())
                {
                    IEnumerable<UnitCycles> own = computed.Timeline.Zip(computed.Instructions).Where(pair => pair.First.Unit == unit && pair.First.Layer == layer.NetworkLayer).Select(pair => pair.Second);
                    Assert.Equal(layer.Units[(int)unit], own.Aggregate(new UnitCycles(), Add));
                }
            }
        }

        Assert.True(instructions > 2000);
    }

    [Fact]
    public void They_are_kept_only_where_they_are_asked_for() =>
        Assert.Empty(FastEngine.Time(RandomCase.Draw(new ChoiceSource(6000)).Schedule).Instructions);

    private static UnitCycles Add(UnitCycles one, UnitCycles other) => new()
    {
        Issue = one.Issue + other.Issue,
        Stall = [.. one.Stall.Zip(other.Stall, (a, b) => a + b)],
        Fill = one.Fill + other.Fill,
        PortWait = one.PortWait + other.PortWait,
        Latency = one.Latency + other.Latency,
        Busy = one.Busy + other.Busy,
    };

    /// <summary>Counts what each unit did in each cycle of the first image, by the instruction at hand.</summary>
    private sealed class Watch : IAcceleratorTrace
    {
        private readonly Dictionary<(UnitKind Unit, int Instruction), UnitCycles> _cycles = [];

        public UnitCycles Of(UnitKind unit, int instruction) => _cycles[(unit, instruction)];

        public void Observe(in CycleSnapshot cycle)
        {
            if (cycle.Image == 0)
            {
                Count(UnitKind.Load, cycle.Load);
                Count(UnitKind.Array, cycle.Array);
                Count(UnitKind.Vector, cycle.Vector);
                Count(UnitKind.Store, cycle.Store);
            }
        }

        private void Count(UnitKind unit, UnitSnapshot now)
        {
            if (now.Kind != CycleKind.Idle)
            {
                ImmutableArray<long> stall = new UnitCycles().Stall;
                UnitCycles one = now.Kind switch
                {
                    CycleKind.Issue => new() { Issue = 1 },
                    CycleKind.Stall => new() { Stall = stall.SetItem((int)now.BlockedBy!, 1) },
                    CycleKind.Fill => new() { Fill = 1 },
                    CycleKind.PortWait => new() { PortWait = 1 },
                    CycleKind.Latency => new() { Latency = 1 },
                    _ => new() { Busy = 1 },
                };
                _cycles[(unit, now.Instruction)] = Add(_cycles.GetValueOrDefault((unit, now.Instruction), new()), one);
            }
        }
    }
}
