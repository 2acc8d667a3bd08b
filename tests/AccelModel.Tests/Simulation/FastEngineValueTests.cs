// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Simulation;

public sealed class FastEngineValueTests
{
    public static TheoryData<InstructionSet> InstructionSetsHere => [.. InstructionSets.Supported];

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void Codes_and_overflows_equal_the_reference_on_random_networks_with_every_instruction_set(InstructionSet set)
    {
        long overflowing = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            RandomCase sample = RandomCase.Draw(new ChoiceSource(seed));
            ValueResult fast = FastEngine.Execute(
                sample.Schedule, sample.Input, sample.Images, new ExecutionOptions { InstructionSet = set, Threads = 1 + (seed % 2), KeepLayerOutputs = true });
            InterpreterResult reference = Reference(sample);
            Assert.Equal(reference.Output, fast.Output);
            for (int i = 0; i < sample.Schedule.Layers.Length; i++)
            {
                ScheduledLayer layer = sample.Schedule.Layers[i];
                Assert.Equal(reference.LayerOutputs[layer.PoolLayer ?? layer.NetworkLayer], fast.LayerOutputs[i]);
                Assert.Equal(reference.Overflows[layer.NetworkLayer], fast.Overflows[i]);
                overflowing += fast.Overflows[i].First is null ? 0 : 1;
            }
        }
        Assert.True(overflowing > 50, $"only {overflowing} layers overflowed: too few to mean anything");
    }

    private static InterpreterResult Reference(RandomCase sample) =>
        ReferenceInterpreter.Run(sample.Network, sample.Input, sample.Images, sample.Schedule.Layers.ToDictionary(layer => layer.NetworkLayer, layer => layer.Plan));
}
