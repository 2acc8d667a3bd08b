// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using Fuzzing;
using Xunit;

namespace AccelModel.Tests.Simulation;

/// <summary>Sums seen by vectors of channels against plain loops over every product.</summary>
public class ObservedAccumulatorsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory, MemberData(nameof(Seeds))]
    public void Random_networks_on_random_designs_have_the_widths_of_the_plain_loops(int seed)
    {
        for (int i = 0; i < 5; i++)
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(3000 + (seed * 5) + i), i == 0 ? CaseSize.Large : CaseSize.Small);
            IReadOnlyDictionary<int, AccumulationPlan> plans = drawn.Schedule.Plans;
            ImmutableArray<LayerAccumulatorWidths> expected = AccumulatorWidths.Of(drawn.Network, drawn.Input, drawn.Images, plans);
            ImmutableArray<LayerAccumulatorWidths> found = ObservedAccumulators.Of(drawn.Network, plans, drawn.Input, drawn.Images, new() { Threads = 1 + (seed % 2) });
            Assert.Equal(expected.AsEnumerable(), found);
        }
    }

    [Fact]
    public void Without_a_plan_products_are_added_one_by_one()
    {
        RandomCase drawn = RandomCase.Draw(new ChoiceSource(7), CaseSize.Large);
        Assert.Equal(
            AccumulatorWidths.Of(drawn.Network, drawn.Input, drawn.Images).AsEnumerable(),
            ObservedAccumulators.Of(drawn.Network, new Dictionary<int, AccumulationPlan>(), drawn.Input, drawn.Images));
    }
}
