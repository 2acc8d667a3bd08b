// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Each kind of layer on a few codes that can be followed by hand.</summary>
public sealed class LayerMeaningTests
{
    private static readonly Requantization Same = TestNetworks.Identity(1, TestNetworks.S8);

    [Fact]
    public void Padding_takes_no_part_in_a_maximum() =>
        Assert.Equal([-7, -5, -5], Run(
            new(1, 3, 1, TestNetworks.S8),
            [-7, -9, -5],
            new MaxPoolLayer { Name = "pool", Input = "input", Output = Row(3), Window = (1, 3), Stride = (1, 1), Padding = new Padding(0, 1, 0, 1) }));

    [Theory]
    [InlineData(false, new[] { 2, 4 })]
    [InlineData(true, new[] { 2, 4, 5 })]
    public void Ceil_mode_adds_the_window_that_begins_inside_and_does_not_end_there(bool ceilMode, int[] expected) =>
        Assert.Equal(expected, Run(
            new(1, 5, 1, TestNetworks.S8),
            [1, 2, 3, 4, 5],
            new MaxPoolLayer { Name = "pool", Input = "input", Output = Row(expected.Length), Window = (1, 2), Stride = (1, 2), CeilMode = ceilMode }));

    [Theory]
    [InlineData(false, 0, new[] { 1, 2, -2, -5 })] // 1, 3/2, -3/2, -5
    [InlineData(true, 0, new[] { 1, 2, -2, -3 })] // 1/2, 3/2, -3/2, -5/2
    [InlineData(true, 3, new[] { 2, 2, -2, -1 })] // 4/2, 3/2, -3/2, -2/2
    public void A_mean_is_of_the_positions_that_count_and_rounds_half_away(bool countIncludePad, int paddingCode, int[] expected) =>
        Assert.Equal(expected, Run(
            new(1, 3, 1, TestNetworks.S8),
            [1, 2, -5],
            new AveragePoolLayer
            {
                Name = "pool", Input = "input", Output = Row(4), Window = (1, 2), Stride = (1, 1), Padding = new Padding(0, 1, 0, 1), CountIncludePad = countIncludePad, PaddingCode = paddingCode,
            }));

    [Fact]
    public void Positions_that_ceil_mode_adds_never_count() =>
        Assert.Equal([2, 5], Run(
            new(1, 3, 1, TestNetworks.S8),
            [1, 2, 5],
            new AveragePoolLayer { Name = "pool", Input = "input", Output = Row(2), Window = (1, 2), Stride = (1, 2), CeilMode = true, CountIncludePad = true, PaddingCode = 100 }));

    [Fact]
    public void The_terms_of_a_sum_take_bias_left_shift_and_scale_in_this_order()
    {
        // u1 = (3 + 2) * 8 * 3 / 4 = 30; u2 = (-1 - 4) * 8 / 2 = -20; (30 - 20 + 2) / 4 = 3.
        AddLayer add = new()
        {
            Name = "add",
            Input = "input",
            SecondInput = "negated",
            Output = Row(1),
            LeftShift = 3,
            First = Same with { Kind = RequantizationKind.MultiplierShift, Bias = [2], Multiplier = [3], Shift = [2] },
            Second = Same with { Bias = [-4], Shift = [1] },
            Requantization = Same with { Bias = [2], Shift = [2] },
        };
        Assert.Equal([3], Run(new(1, 1, 1, TestNetworks.S8), [3], Table("negated", code => code == 3 ? -1 : 0), add));

        // The clamp of a term: 30 becomes 25, (25 - 20 + 2) / 4 = 1.75.
        Assert.Equal([2], Run(new(1, 1, 1, TestNetworks.S8), [3], Table("negated", code => code == 3 ? -1 : 0), add with { First = add.First with { Maximum = 25 } }));
    }

    [Fact]
    public void One_pixel_multiplies_all()
    {
        // Channel by channel (x + 1) * (maximum - 2), the maxima being 3 and 40.
        MaxPoolLayer gate = new() { Name = "gate", Input = "input", Output = new TensorSpec(1, 1, 2, TestNetworks.S8), Window = (1, 3), Stride = (1, 1) };
        MultiplyLayer multiply = new()
        {
            Name = "scale", Input = "input", SecondInput = "gate", Output = new TensorSpec(1, 3, 2, TestNetworks.S8), FirstOffset = 1, SecondOffset = -2, Requantization = Same,
        };
        Assert.Equal([2, 127, 3, -128, 4, 38], Run(new(1, 3, 2, TestNetworks.S8), [1, 40, 2, -5, 3, 0], gate, multiply));
    }

    [Theory]
    [InlineData(1, new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(2, new[] { 0, 3, 1, 4, 2, 5 })]
    [InlineData(3, new[] { 0, 2, 4, 1, 3, 5 })]
    [InlineData(6, new[] { 0, 1, 2, 3, 4, 5 })]
    public void A_shuffle_deals_the_groups_out(int groups, int[] expected)
    {
        TensorSpec tensor = new(1, 1, 6, TestNetworks.S8);
        Assert.Equal(expected, Run(tensor, [0, 1, 2, 3, 4, 5], new ChannelShuffleLayer { Name = "shuffle", Input = "input", Output = tensor, Groups = groups }));
    }

    [Fact]
    public void A_concat_has_the_channels_of_its_inputs_in_order_at_every_pixel()
    {
        TensorSpec tensor = new(2, 1, 2, TestNetworks.S8);
        Assert.Equal(
            [-1, -2, 1, 2, -1, -2, -3, -4, 3, 4, -3, -4],
            Run(
                tensor,
                [1, 2, 3, 4],
                Table("negated", code => -code) with { Output = tensor },
                new ConcatLayer { Name = "both", Input = "negated", OtherInputs = ["input", "negated"], Output = tensor with { Channels = 6 } }));
    }

    [Fact]
    public void A_table_begins_at_the_least_code()
    {
        TensorSpec tensor = new(1, 4, 1, new FixedPointFormat(true, 2, 0));
        Assert.Equal([12, 13, 10, 11], Run(tensor, [0, 1, -2, -1], new LookupLayer { Name = "table", Input = "input", Output = tensor with { Format = TestNetworks.U8 }, Table = [10, 11, 12, 13] }));
    }

    [Fact]
    public void Thresholds_of_a_requantize_layer_count_codes()
    {
        TensorSpec tensor = new(1, 5, 1, TestNetworks.S8);
        Requantization steps = Same with { Kind = RequantizationKind.Thresholds, Bias = [1], Shift = [], Thresholds = [-2, 0, 5], ThresholdsPerChannel = 3, ThresholdStep = 2, Minimum = -3, Maximum = 3 };
        Assert.Equal([-3, -1, 1, 1, 3], Run(tensor, [-4, -3, -1, 3, 4], new RequantizeLayer { Name = "steps", Input = "input", Output = tensor, Requantization = steps }));
    }

    [Theory]
    [InlineData(true, new[] { 1 + 4, 3 + 8, 3 + 8, 9 + 16, 25 + 36, 35 + 48, 35 + 48, 49 + 64 })]
    [InlineData(false, new[] { 1 + 6, 2 + 8, 3 + 12, 6 + 16, 25 + 42, 30 + 48, 35 + 56, 42 + 64 })]
    public void Every_row_of_two_tensors_is_a_product_of_matrices(bool transpose, int[] expected)
    {
        // Rows [1 2; 3 4] and [5 6; 7 8], times themselves; transposed the first is [1*1+2*2, 1*3+2*4; ...].
        TensorSpec tensor = new(2, 2, 2, TestNetworks.S8);
        Assert.Equal(expected, Run(
            tensor,
            [1, 2, 3, 4, 5, 6, 7, 8],
            new MatmulLayer { Name = "squares", Input = "input", SecondInput = "input", TransposeSecond = transpose, Output = tensor, Requantization = Same }));
    }

    [Fact]
    public void Offsets_of_a_matrix_product_are_added_to_codes()
    {
        TensorSpec tensor = new(1, 1, 2, TestNetworks.S8);
        Assert.Equal([((3 - 1) * (3 + 2)) + ((4 - 1) * (4 + 2))], Run(
            tensor,
            [3, 4],
            new MatmulLayer
            {
                Name = "product", Input = "input", SecondInput = "input", TransposeSecond = true, FirstOffset = -1, SecondOffset = 2, Output = new TensorSpec(1, 1, 1, TestNetworks.S8), Requantization = Same,
            }));
    }

    [Fact]
    public void Every_kind_of_the_branching_network_agrees_with_the_direct_computation()
    {
        IntegerNetwork network = TestNetworks.Branches();
        int[] image = [.. Enumerable.Range(0, network.Input.Elements).Select(i => (i * 73 % 256) - 128)];
        Assert.Equal(DirectEvaluation.Run(network, image), ReferenceInterpreter.Run(network, image, 1).LayerOutputs);
    }

    [Fact]
    public void A_layer_without_products_takes_no_plan()
    {
        Dictionary<int, AccumulationPlan> plans = new() { [0] = AccumulationTests.Plan(16, 16, [0]) };
        ArgumentException error = Assert.Throws<ArgumentException>(() => ReferenceInterpreter.Run(TestNetworks.Branches(), new int[32], 1, plans));
        Assert.Contains("layer 'pad' is a max_pool layer, which takes no plan", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_codes_than_an_array_holds_are_refused()
    {
        TensorSpec large = new(1 << 14, 1 << 14, 1, TestNetworks.S8);
        IntegerNetwork network = new()
        {
            Name = "large",
            Input = new TensorSpec(1, 1, 1, TestNetworks.S8),
            Layers =
            [
                new Conv2dLayer
                {
                    Name = "padded",
                    Input = "input",
                    Output = large,
                    Weights = new IntegerTensor([1, 1, 1, 1], [1]),
                    WeightFormat = TestNetworks.S8,
                    Stride = (1, 1),
                    Padding = new Padding(1 << 13, 1 << 13, (1 << 13) - 1, (1 << 13) - 1),
                    Dilation = (1, 1),
                    Groups = 1,
                    PaddingCode = 0,
                    Requantization = Same,
                },
            ],
        };
        ArgumentException error = Assert.Throws<ArgumentException>(() => ReferenceInterpreter.Run(network, new int[8], 8));
        Assert.Contains("8 images make 2147483648 codes of layer 'padded'", error.Message, StringComparison.Ordinal);
    }

    private static TensorSpec Row(int width) => new(1, width, 1, TestNetworks.S8);

    private static LookupLayer Table(string name, Func<int, int> function) => new()
    {
        Name = name, Input = "input", Output = Row(1), Table = [.. Enumerable.Range(-128, 256).Select(code => Math.Clamp(function(code), -128, 127))],
    };

    private static int[] Run(TensorSpec input, int[] codes, params Layer[] layers) =>
        ReferenceInterpreter.Run(new IntegerNetwork { Name = "test", Input = input, Layers = [.. layers] }, codes, 1).Output;
}
