// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Plans other than those of one product at a time and place: whole passes, tiles that span groups, products of two tensors.</summary>
public sealed class PlanKindTests
{
    [Fact]
    public void A_segment_may_be_a_whole_pass_of_more_additions_than_the_array_has_rows()
    {
        // Steps of two lanes, 8 bits: 50, 100, 150 -> 127, 127 - 50 = 77. The third addition overflows.
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [20, 30, 40, 10, 50, -25, -25]);
        InterpreterResult result = Run(network, [1, 1, 1, 1, 1, 1, 1], AccumulationTests.Plan(8, 16, [0, 1, 2, 3, 4, -1, 5, 6]) with { Lanes = 2 });
        Assert.Equal([77], result.Output);
        Assert.Equal(new LayerOverflows(1, 0, new FirstOverflow(0, 0, 0, 2, OverflowStage.PartialSum)), result.Overflows[0]);
    }

    [Fact]
    public void A_tile_of_groups_adds_zeros_where_a_product_is_of_another_group()
    {
        // Three channels of their own in tiles of two; the entry of a tile's second channel is that of the second output. 100 * 2 leaves 8 bits.
        IntegerNetwork network = Depthwise(1, 100, 3);
        AccumulationPlan plan = AccumulationTests.Plan(8, 16, [0, 1]) with { Span = new GroupSpan(2, 2) };
        InterpreterResult result = Run(network, [2, 2, 2], plan);
        Assert.Equal([2, 127, 6], result.Output);
        Assert.Equal(new LayerOverflows(1, 0, new FirstOverflow(0, 1, 0, 1, OverflowStage.PartialSum)), result.Overflows[0]);
    }

    [Theory]
    [InlineData(2, 2, new[] { 0 }, "does not add every product exactly once")]
    [InlineData(2, 1, new[] { 0 }, "does not add every product exactly once")]
    [InlineData(2, 2, new[] { 0, 1, 1 }, "does not add every product exactly once")]
    [InlineData(2, 2, new[] { 0, 1, 2 }, "has a k outside 0..1")]
    [InlineData(0, 2, new[] { 0, 1 }, "spans no channels")]
    public void A_plan_of_a_tile_of_groups_adds_every_product_of_every_channel_once(int outputs, int channels, int[] k, string complaint)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Run(Depthwise(1, 2, 3), [1, 1, 1], AccumulationTests.Plan(16, 16, k) with { Span = new GroupSpan(outputs, channels) }));
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_weights_of_a_matrix_product_are_the_second_tensor()
    {
        // 8 bits: 100 + 100 -> 127, -100 -> 27, as the same sum of a dense layer does.
        TensorSpec codes = new(1, 2, 3, TestNetworks.S8);
        IntegerNetwork network = new()
        {
            Name = "matmul",
            Input = codes,
            Layers =
            [
                new MatmulLayer
                {
                    Name = "product", Input = "input", SecondInput = "input", TransposeSecond = true, Output = new TensorSpec(1, 2, 2, TestNetworks.S32), Requantization = TestNetworks.Identity(1, TestNetworks.S32),
                },
            ],
        };
        InterpreterResult result = Run(network, [1, 1, 1, 100, 100, -100], AccumulationTests.Plan(8, 16, [0, 1, 2]));
        Assert.Equal([3, 27, 27, 127], result.Output);
        Assert.Equal(new FirstOverflow(0, 1, 0, 1, OverflowStage.PartialSum), result.Overflows[0].First);
    }

    [Fact]
    public void Codes_with_an_offset_are_not_cut_into_digits()
    {
        TensorSpec codes = new(1, 1, 1, TestNetworks.U8);
        IntegerNetwork network = new()
        {
            Name = "matmul",
            Input = codes,
            Layers =
            [
                new MatmulLayer
                {
                    Name = "product", Input = "input", SecondInput = "input", TransposeSecond = true, FirstOffset = 1, Output = codes, Requantization = TestNetworks.Identity(1, TestNetworks.U8),
                },
            ],
        };
        AccumulationPlan plan = AccumulationTests.Plan(16, 16, [0]) with { Segments = [new PlanSegment(0, false, [0])] };
        Assert.Throws<ArgumentException>(() => Run(network, [1], plan));
    }

    /// <summary>A channel of its own for each weight; the codes are the accumulators.</summary>
    private static IntegerNetwork Depthwise(params int[] weights)
    {
        TensorSpec input = new(1, 1, weights.Length, TestNetworks.U8);
        return new IntegerNetwork
        {
            Name = "depthwise",
            Input = input,
            Layers =
            [
                new Conv2dLayer
                {
                    Name = "conv",
                    Input = "input",
                    Output = input with { Format = TestNetworks.S32 },
                    Weights = new IntegerTensor([weights.Length, 1, 1, 1], [.. weights]),
                    WeightFormat = TestNetworks.S8,
                    Stride = (1, 1),
                    Padding = Padding.None,
                    Dilation = (1, 1),
                    Groups = weights.Length,
                    PaddingCode = 0,
                    Requantization = TestNetworks.Identity(weights.Length, TestNetworks.S32),
                },
            ],
        };
    }

    private static InterpreterResult Run(IntegerNetwork network, int[] image, AccumulationPlan plan) =>
        ReferenceInterpreter.Run(network, image, 1, new Dictionary<int, AccumulationPlan> { [0] = plan });
}
