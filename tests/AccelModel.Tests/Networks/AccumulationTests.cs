// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Plans: order, widths, digits and overflow.</summary>
public sealed class AccumulationTests
{
    private const int Wide = 48;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 100)];

    [Theory, MemberData(nameof(Seeds))]
    public void Without_overflow_every_plan_gives_the_same_codes(int seed)
    {
        ChoiceSource choices = new(seed);
        IntegerNetwork network = RandomNetwork.Draw(choices, NetworkLimits.Any);
        int[] images = RandomNetwork.DrawImages(choices, network, NetworkLimits.Any, 2);
        Dictionary<int, AccumulationPlan> plans = RandomPlans(new Random(seed), network);

        InterpreterResult planned = ReferenceInterpreter.Run(network, images, 2, plans);
        InterpreterResult exact = ReferenceInterpreter.Run(network, images, 2);

        Assert.Equal(exact.LayerOutputs.ToArray(), planned.LayerOutputs.ToArray());
        Assert.All(planned.Overflows, overflows => Assert.Equal(LayerOverflows.None, overflows));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Wrapping_at_one_width_throughout_gives_the_exact_sum_modulo_that_width(int seed)
    {
        Random random = new(seed);
        int products = random.Next(1, 20);
        int width = random.Next(8, 20);
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, Enumerable.Range(0, products).Select(_ => random.Next(-32768, 32768)).ToArray());
        int[] image = [.. Enumerable.Range(0, products).Select(_ => random.Next(256))];
        AccumulationPlan plan = RandomPlan(random, products, TestNetworks.U8) with
        {
            PartialSumWidth = width,
            PartialSumOverflow = OverflowMode.Wrap,
            AccumulatorWidth = width,
            AccumulatorOverflow = OverflowMode.Wrap,
        };
        long exact = ReferenceInterpreter.Run(network, image, 1).Output[0];
        long modulo = ((exact % (1L << width)) + (1L << width)) % (1L << width);
        long expected = modulo >= 1L << (width - 1) ? modulo - (1L << width) : modulo;
        Assert.Equal([(int)expected], ReferenceInterpreter.Run(network, image, 1, Plans(plan)).Output);
    }

    [Fact]
    public void A_saturating_partial_sum_depends_on_the_order()
    {
        // 8 bits: 100 + 100 -> 127, -100 -> 27; 100 - 100 + 100 stays exact.
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [100, 100, -100]);
        Assert.Equal([27], Run(network, [1, 1, 1], Plan(8, 16, [0, 1, 2])).Output);
        Assert.Equal([100], Run(network, [1, 1, 1], Plan(8, 16, [0, 2, 1])).Output);
    }

    [Fact]
    public void Lanes_are_summed_exactly_before_the_one_addition()
    {
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [100, 100, -100]);
        InterpreterResult result = Run(network, [1, 1, 1], Plan(8, 16, [0, 1, 2]) with { Lanes = 3 });
        Assert.Equal([100], result.Output);
        Assert.Equal(LayerOverflows.None, result.Overflows[0]);
    }

    [Fact]
    public void An_accumulator_saturates_where_segments_meet()
    {
        // 8-bit accumulator: segments give 100, 100, -100, each fine in a partial sum of 16 bits.
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [100, 100, -100]);
        InterpreterResult result = Run(network, [1, 1, 1], Plan(16, 8, [0], [1], [2]));
        Assert.Equal([27], result.Output);
        Assert.Equal(new LayerOverflows(0, 1, new FirstOverflow(0, 0, 1, 0, OverflowStage.Accumulator)), result.Overflows[0]);
    }

    [Fact]
    public void A_finished_segment_can_overflow_an_accumulator_narrower_than_it()
    {
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [300]);
        InterpreterResult result = Run(network, [1], Plan(16, 8, [0]));
        Assert.Equal([127], result.Output);
        Assert.Equal(1, result.Overflows[0].Accumulators);
    }

    [Fact]
    public void Overflows_are_counted_over_the_batch_and_the_first_is_the_least_image_output_segment_row()
    {
        // Output 0 never overflows. Output 1 overflows in image 1 and 2: at row 1 (128 -> 127) and row 2 (128 -> 127) of segment 1.
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [0, 0, 0, 0], [0, 127, 1, 1]);
        InterpreterResult result = ReferenceInterpreter.Run(
            network, [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1], 3, Plans(Plan(8, 16, [0, -1, -1], [1, 2, 3])));
        Assert.Equal([0, 0, 0, 127, 0, 127], result.Output);
        Assert.Equal(new LayerOverflows(4, 0, new FirstOverflow(1, 1, 1, 1, OverflowStage.PartialSum)), result.Overflows[0]);
    }

    [Fact]
    public void The_first_accumulator_overflow_is_located_at_the_last_row_of_its_segment()
    {
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [60, 60, 60, 60]);
        InterpreterResult result = Run(network, [1, 1, 1, 1], Plan(16, 8, [0, 1, -1], [2, 3, -1]));
        Assert.Equal(new FirstOverflow(0, 0, 1, 2, OverflowStage.Accumulator), result.Overflows[0].First);
    }

    [Fact]
    public void A_digit_is_a_slice_of_the_code_and_its_sum_is_weighted()
    {
        // 0xB7 = 183: low digit 7, high digit 11. A partial sum of 8 bits holds 7*3 and 11*3, the accumulator 16 * 33 + 21.
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [3]);
        AccumulationPlan plan = Plan(8, 16, [0]) with
        {
            DigitWidth = 4,
            Segments = [new PlanSegment(0, false, [0]), new PlanSegment(1, false, [0])],
        };
        InterpreterResult result = Run(network, [0xB7], plan);
        Assert.Equal([183 * 3], result.Output);
        Assert.Equal(LayerOverflows.None, result.Overflows[0]);
    }

    [Fact]
    public void Digits_keep_narrow_partial_sums_from_overflowing_where_the_whole_code_would()
    {
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [3]);
        Assert.Equal([127], Run(network, [0xB7], Plan(8, 16, [0])).Output);
    }

    public static TheoryData<string, AccumulationPlan> WrongPlans => new()
    {
        { "does not add every product exactly once", Plan(16, 16, [0, 1]) },
        { "does not add every product exactly once", Plan(16, 16, [0, 1, 2, 2]) },
        { "has a k outside 0..2", Plan(16, 16, [0, 1, 2, 3]) },
        { "is not rows of lanes", Plan(16, 16, [0, 1, 2]) with { Lanes = 2 } },
        { "has digit 2 of 2", Plan(16, 16, [0]) with { DigitWidth = 4, Segments = [new PlanSegment(2, false, [0, 1, 2])] } },
        { "adds at 3 and 16 bits, which are not both 4..48", Plan(3, 16, [0, 1, 2]) },
        { "adds at 16 and 49 bits, which are not both 4..48", Plan(16, 49, [0, 1, 2]) },
        { "has digits of 64 bits, which is not 1..32", Plan(16, 16, [0, 1, 2]) with { DigitWidth = 64 } },
        { "does not add every product exactly once", Plan(16, 16, [0]) with { DigitWidth = 4, Segments = [new PlanSegment(0, false, [0, 1, 2])] } },
    };

    [Theory, MemberData(nameof(WrongPlans))]
    public void A_plan_that_is_not_one_of_the_layer_is_refused(string complaint, AccumulationPlan plan)
    {
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [1, 1, 1]);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Run(network, [1, 1, 1], plan));
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signed_tensor_is_not_cut_into_digits()
    {
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.S8, [1]);
        AccumulationPlan plan = Plan(16, 16, [0]) with { DigitWidth = 8, Segments = [new PlanSegment(0, false, [0])] };
        ArgumentException error = Assert.Throws<ArgumentException>(() => Run(network, [-1], plan));
        Assert.Contains("cuts a signed tensor into digits", error.Message, StringComparison.Ordinal);
    }

    /// <summary>One lane, whole codes, both adders saturating.</summary>
    internal static AccumulationPlan Plan(int partialSumWidth, int accumulatorWidth, params int[][] segments) => new()
    {
        Lanes = 1,
        PartialSumWidth = partialSumWidth,
        PartialSumOverflow = OverflowMode.Saturate,
        AccumulatorWidth = accumulatorWidth,
        AccumulatorOverflow = OverflowMode.Saturate,
        DigitWidth = 8,
        Segments = [.. segments.Select(k => new PlanSegment(0, true, [.. k]))],
        RequantizationOrder = new RequantizationOrder(1, 0, []),
    };

    /// <summary>A plan for every matrix layer.</summary>
    internal static Dictionary<int, AccumulationPlan> RandomPlans(Random random, IntegerNetwork network)
    {
        Dictionary<int, AccumulationPlan> plans = [];
        for (int i = 0; i < network.Layers.Length; i++)
        {
            if (Products(network, i) is int products)
            {
                bool whole = network.Layers[i] is MatmulLayer { FirstOffset: not 0 };
                GroupSpan? span = network.Layers[i] is Conv2dLayer { Groups: > 1 } grouped && random.Next(2) == 0 ? RandomSpan(random, grouped) : null;
                int entries = span is null ? products : products / ((Conv2dLayer)network.Layers[i]).Weights.Shape[3] * span.Value.Channels;
                plans.Add(i, RandomPlan(random, entries, network.InputOf(i).Format, whole) with { Span = span });
            }
        }
        return plans;
    }

    /// <summary>Products in random order, cut into random segments, digits (where the tensor is unsigned) and lanes with random holes; wide adders.</summary>
    private static AccumulationPlan RandomPlan(Random random, int products, FixedPointFormat input, bool whole = false)
    {
        int lanes = random.Next(1, 4);
        int digitWidth = random.Next(1, 10);
        bool wholeCode = whole || input.Signed || random.Next(2) == 0;
        int digits = wholeCode ? 1 : (input.Width + digitWidth - 1) / digitWidth;
        List<PlanSegment> segments = [];
        for (int digit = 0; digit < digits; digit++)
        {
            int[] order = [.. Enumerable.Range(0, products)];
            random.Shuffle(order);
            foreach (int[] part in order.Chunk(random.Next(1, products + 1)))
            {
                List<int> k = [.. part];
                for (int hole = random.Next(3); hole > 0 || k.Count % lanes != 0; hole--)
                {
                    k.Insert(random.Next(k.Count + 1), -1);
                }
                segments.Add(new PlanSegment(digit, wholeCode, [.. k]));
            }
        }
        PlanSegment[] shuffled = [.. segments];
        random.Shuffle(shuffled);
        return Plan(Wide, Wide) with { Lanes = lanes, DigitWidth = digitWidth, Segments = [.. shuffled] };
    }

    /// <summary>Tiles of some output channels, wide enough for the groups of any of them.</summary>
    private static GroupSpan RandomSpan(Random random, Conv2dLayer layer)
    {
        int outputs = random.Next(1, layer.Output.Channels + 1);
        int ofGroup = layer.Output.Channels / layer.Groups;
        int groups = Enumerable.Range(0, layer.Output.Channels).GroupBy(o => o / outputs).Max(tile => tile.Select(o => o / ofGroup).Distinct().Count());
        return new GroupSpan(outputs, groups * layer.Weights.Shape[3]);
    }

    private static int? Products(IntegerNetwork network, int index) => network.Layers[index] switch
    {
        Conv2dLayer convolution => convolution.Weights.Values.Length / convolution.Output.Channels,
        DenseLayer dense => dense.Weights.Values.Length / dense.Output.Channels,
        MatmulLayer => network.InputOf(index).Channels,
        _ => null,
    };

    private static Dictionary<int, AccumulationPlan> Plans(AccumulationPlan plan) => new() { [0] = plan };

    private static InterpreterResult Run(IntegerNetwork network, int[] image, AccumulationPlan plan) =>
        ReferenceInterpreter.Run(network, image, 1, Plans(plan));
}
