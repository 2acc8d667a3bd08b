// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>Stages see registers only, so the order in which they are evaluated, and in which registers are clocked, is of no consequence.</summary>
public sealed class EvaluationOrderTests
{
    [Fact]
    public void A_new_order_in_every_cycle_changes_nothing()
    {
        for (int seed = 1000; seed < 1020; seed++)
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
            (TimingResult timing, ValueResult values) = RegisterAccurateModel.Run(drawn.Schedule, drawn.Input, new() { KeepLayerOutputs = true });
            for (int order = 0; order < 5; order++)
            {
                (TimingResult shuffledTiming, ValueResult shuffled) =
                    RegisterAccurateModel.Run(drawn.Schedule, drawn.Input, new() { KeepLayerOutputs = true, ShuffleSeed = order });
                Bench.AssertSame(timing, shuffledTiming);
                Assert.Equal(values.Output, shuffled.Output);
                Assert.Equal(values.LayerOutputs.AsEnumerable(), shuffled.LayerOutputs.AsEnumerable());
                Assert.Equal(values.Overflows.AsEnumerable(), shuffled.Overflows.AsEnumerable());
            }
        }
    }

    [Fact]
    public void Stalls_are_the_same_in_any_order()
    {
        RandomCase drawn = RandomCase.Draw(new ChoiceSource(7));
        var stall = new AccelModel.Hardware.RandomStall(3, 80);
        TimingResult timing = RegisterAccurateModel.Run(drawn.Schedule, drawn.Input, new() { Stall = stall }).Timing;
        for (int order = 0; order < 20; order++)
        {
            Bench.AssertSame(timing, RegisterAccurateModel.Run(drawn.Schedule, drawn.Input, new() { Stall = stall, ShuffleSeed = order }).Timing);
        }
    }
}
