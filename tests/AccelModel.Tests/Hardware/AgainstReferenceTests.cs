// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>Whole networks on the register-accurate model against the plain loops of the reference interpreter.</summary>
public sealed class AgainstReferenceTests
{
    private const int Cases = 200;

    [Fact]
    public void Random_networks_on_random_designs_give_the_codes_and_overflows_of_the_reference()
    {
        for (int seed = 0; seed < Cases; seed++)
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
            (TimingResult timing, ValueResult values) = RegisterAccurateModel.Run(drawn.Schedule, drawn.Input, new() { KeepLayerOutputs = true });
            InterpreterResult expected = ReferenceInterpreter.Run(
                drawn.Network, drawn.Input, drawn.Images, drawn.Schedule.Plans);

            for (int i = 0; i < drawn.Schedule.Layers.Length; i++)
            {
                ScheduledLayer layer = drawn.Schedule.Layers[i];
                Assert.True(expected.LayerOutputs[layer.OutputLayer].SequenceEqual(values.LayerOutputs[i]), $"codes of layer {i}, seed {seed}");
                Assert.True(expected.Overflows[layer.NetworkLayer] == values.Overflows[i], $"overflows of layer {i}, seed {seed}: {expected.Overflows[layer.NetworkLayer]} {values.Overflows[i]}");
            }
            Assert.True(values.Output.SequenceEqual(expected.LayerOutputs[^1]), $"output, seed {seed}");
            Assert.True(timing.Cycles == timing.Timeline[^1].End + 1, $"the last store ends last, seed {seed}");
            Assert.All(timing.Units, unit => Assert.Equal(timing.Cycles, unit.Total));
            Assert.Equal(timing.Cycles, timing.Layers.Sum(layer => layer.Cycles));
        }
    }
}
