// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;
using Xunit;

namespace AccelModel.Tests.Simulation.Values;

/// <summary>Values of whole networks, without a schedule, against the reference interpreter.</summary>
public sealed class NetworkExecutionTests
{
    private const int Networks = 600;

    public static TheoryData<InstructionSet> InstructionSetsHere => [.. InstructionSets.Supported];

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void Codes_and_overflows_of_every_layer_of_random_networks_equal_the_references(InstructionSet set)
    {
        int overflowing = 0;
        HashSet<string> kinds = [];
        for (int seed = 0; seed < Networks; seed++)
        {
            (IntegerNetwork network, Dictionary<int, AccumulationPlan> plans, int images, int[] input) = new RandomValueNetwork(seed).Draw();
            InterpreterResult reference = ReferenceInterpreter.Run(network, input, images, plans);
            ValueResult all = FastEngine.Execute(network, plans, input, images, new ExecutionOptions { InstructionSet = set, KeepLayerOutputs = true, Threads = 1 + (seed % 3) });
            for (int i = 0; i < network.Layers.Length; i++)
            {
                Assert.True(reference.LayerOutputs[i].AsSpan().SequenceEqual(all.LayerOutputs[i]), $"seed {seed}: codes of {network.Layers[i].Name}, {network.Layers[i].Kind}");
                Assert.True(reference.Overflows[i] == all.Overflows[i], $"seed {seed}: overflows of {network.Layers[i].Name}: {all.Overflows[i]} instead of {reference.Overflows[i]}");
                overflowing += all.Overflows[i].First is null ? 0 : 1;
                kinds.Add(network.Layers[i].Kind);
            }

            // Without the layers between, poolings are fused and buffers are used again.
            ValueResult last = FastEngine.Execute(network, plans, input, images, new ExecutionOptions { InstructionSet = set });
            Assert.Equal(reference.Output, last.Output);
            Assert.Equal(reference.Overflows.AsEnumerable(), last.Overflows);
        }
        Assert.True(overflowing > Networks / 10, $"only {overflowing} layers overflowed: too few to mean anything");
        Assert.Equal(12, kinds.Count);
    }
}
