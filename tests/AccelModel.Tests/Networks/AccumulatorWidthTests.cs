// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Bounds against enumeration of all weights and codes; observed sums against adders of exactly that width and one bit less.</summary>
public sealed class AccumulatorWidthTests
{
    public static TheoryData<bool, bool> Signs => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory, MemberData(nameof(Signs))]
    public void The_type_bound_is_the_hull_of_all_sums_of_all_weights_and_codes(bool signedWeights, bool signedCodes)
    {
        FixedPointFormat weightFormat = new(signedWeights, 2, 0);
        FixedPointFormat codeFormat = new(signedCodes, 2, 0);
        long[] products = [.. from weight in All(weightFormat) from code in All(codeFormat) select (long)weight * code];
        long[] sums = [.. from a in products from b in products from c in products from sum in new[] { 0, a, a + b, a + b + c } select sum];

        IntegerNetwork network = TestNetworks.Dense(codeFormat, [0, 0, 0]).With<DenseLayer>(0, layer => layer with { WeightFormat = weightFormat });
        Assert.Equal(new SumInterval(sums.Min(), sums.Max()), Widths(network, [0, 0, 0]).TypeBound);
    }

    [Theory, MemberData(nameof(Signs))]
    public void The_weight_bound_is_the_hull_of_all_prefixes_of_all_orders_for_all_inputs(bool signedWeights, bool signedCodes)
    {
        FixedPointFormat codeFormat = new(signedCodes, 2, 0);
        int[][] weights = signedWeights ? [[1, -3, 2], [-1, -1, 0]] : [[1, 3, 2], [0, 0, 5]];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        List<long> sums = [0];
        foreach (int[] image in from a in All(codeFormat) from b in All(codeFormat) from c in All(codeFormat) select new[] { a, b, c })
        {
            foreach ((int[] row, int[] order) in from row in weights from order in orders select (row, order))
            {
                long sum = 0;
                foreach (int k in order)
                {
                    sum += row[k] * image[k];
                    sums.Add(sum);
                }
            }
        }
        Assert.Equal(new SumInterval(sums.Min(), sums.Max()), Widths(TestNetworks.Dense(codeFormat, weights), [0, 0, 0]).WeightBound);
    }

    [Fact]
    public void The_bound_of_a_product_of_two_tensors_is_that_of_their_formats_with_offsets()
    {
        // Codes 0..3 and -1..2 (offset 1 on -2..1): three products of at least -3 and at most 6.
        FixedPointFormat unsigned = new(false, 2, 0);
        FixedPointFormat signed = new(true, 2, 0);
        TensorSpec input = new(1, 1, 3, unsigned);
        IntegerNetwork network = new()
        {
            Name = "matmul",
            Input = input,
            Layers =
            [
                new LookupLayer { Name = "second", Input = "input", Output = input with { Format = signed }, Table = [-2, -1, 0, 1] },
                new MatmulLayer
                {
                    Name = "product",
                    Input = "input",
                    SecondInput = "second",
                    TransposeSecond = true,
                    SecondOffset = 1,
                    Output = new TensorSpec(1, 1, 1, TestNetworks.S32),
                    Requantization = TestNetworks.Identity(1, TestNetworks.S32),
                },
            ],
        };
        LayerAccumulatorWidths widths = Widths(network, [1, 2, 3]);
        Assert.Equal((1, new SumInterval(-9, 18), new SumInterval(-9, 18)), (widths.NetworkLayer, widths.TypeBound, widths.WeightBound));

        // 1 * (-1 + 1) + 2 * (0 + 1) + 3 * (1 + 1)
        Assert.Equal(new ObservedSums(new SumInterval(0, 8), new SumInterval(0, 8)), widths.Observed);
    }

    [Fact]
    public void Observed_are_partial_sums_after_each_addition_and_accumulators_after_each_segment()
    {
        // Lanes of two: 10 - 30 = -20, then -20 + 5 = -15; 40; accumulators -15 and 25.
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [10, -30, 5, 40]);
        AccumulationPlan plan = AccumulationTests.Plan(4, 8, [0, 1, 2, -1], [3, -1]) with { Lanes = 2 };
        LayerAccumulatorWidths widths = Assert.Single(AccumulatorWidths.Of(network, [1, 1, 1, 1], 1, new Dictionary<int, AccumulationPlan> { [0] = plan }));
        Assert.Equal(new ObservedSums(new SumInterval(-20, 40), new SumInterval(-15, 25)), widths.Observed);
    }

    [Fact]
    public void Digits_are_observed_as_they_are_added()
    {
        // 0xB7: partial sums 3 * 7 and 3 * 11, accumulators 21 and 21 + 16 * 33.
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [3]);
        AccumulationPlan plan = AccumulationTests.Plan(8, 16) with { DigitWidth = 4, Segments = [new PlanSegment(0, false, [0]), new PlanSegment(1, false, [0])] };
        LayerAccumulatorWidths widths = Assert.Single(AccumulatorWidths.Of(network, [0xB7], 1, new Dictionary<int, AccumulationPlan> { [0] = plan }));
        Assert.Equal(new ObservedSums(new SumInterval(0, 33), new SumInterval(0, 549)), widths.Observed);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(-1, 0, 1)]
    [InlineData(0, 1, 2)]
    [InlineData(-2, 1, 2)]
    [InlineData(-3, 1, 3)]
    [InlineData(-128, 127, 8)]
    [InlineData(-128, 128, 9)]
    [InlineData(-129, 0, 9)]
    public void The_width_is_that_of_the_narrowest_word(int minimum, int maximum, int width) => Assert.Equal(width, new SumInterval(minimum, maximum).Width);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void Adders_of_the_observed_widths_do_not_overflow_and_one_bit_less_does(int seed)
    {
        ChoiceSource choices = new(seed);
        IntegerNetwork network = RandomNetwork.Draw(choices, NetworkLimits.Any);
        int[] images = RandomNetwork.DrawImages(choices, network, NetworkLimits.Any, 2);
        Dictionary<int, AccumulationPlan> plans = AccumulationTests.RandomPlans(new Random(seed), network);
        ImmutableArray<LayerAccumulatorWidths> widths = AccumulatorWidths.Of(network, images, 2, plans);

        Assert.Equal(plans.Keys.Order(), widths.Select(layer => layer.NetworkLayer));
        Dictionary<int, AccumulationPlan> sufficient = widths.ToDictionary(layer => layer.NetworkLayer, layer => plans[layer.NetworkLayer] with
        {
            PartialSumWidth = Math.Max(AccumulatorFormat.MinWidth, layer.Observed.PartialSums.Width),
            AccumulatorWidth = Math.Max(AccumulatorFormat.MinWidth, layer.Observed.Accumulators.Width),
        });
        Assert.All(ReferenceInterpreter.Run(network, images, 2, sufficient).Overflows, overflows => Assert.Equal(LayerOverflows.None, overflows));
        foreach (LayerAccumulatorWidths layer in widths)
        {
            Assert.True(IsWithin(layer.Observed.PartialSums, layer.WeightBound) && IsWithin(layer.Observed.Accumulators, layer.WeightBound) && IsWithin(layer.WeightBound, layer.TypeBound));
            AccumulationPlan plan = sufficient[layer.NetworkLayer];
            if (plan.PartialSumWidth > AccumulatorFormat.MinWidth)
            {
                Assert.NotEqual(0, Overflows(plan with { PartialSumWidth = plan.PartialSumWidth - 1 }).PartialSums);
            }
            if (plan.AccumulatorWidth > AccumulatorFormat.MinWidth)
            {
                Assert.NotEqual(0, Overflows(plan with { AccumulatorWidth = plan.AccumulatorWidth - 1 }).Accumulators);
            }

            LayerOverflows Overflows(AccumulationPlan narrower) => ReferenceInterpreter.Run(
                network, images, 2, new Dictionary<int, AccumulationPlan>(sufficient) { [layer.NetworkLayer] = narrower }).Overflows[layer.NetworkLayer];
        }
    }

    private static bool IsWithin(SumInterval inner, SumInterval outer) => inner.Minimum >= outer.Minimum && inner.Maximum <= outer.Maximum;

    private static LayerAccumulatorWidths Widths(IntegerNetwork network, int[] image) => Assert.Single(AccumulatorWidths.Of(network, image, 1));

    private static int[] All(FixedPointFormat format) => [.. Enumerable.Range((int)format.MinRaw, 1 << format.Width)];
}
