// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Tests.Numerics;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>ONNX's node tests of quantised operators as networks: zero points go into offsets, biases and padding codes, scales into multipliers.</summary>
public sealed class OnnxNetworkTests
{
    private const string Folder = "onnx_node";

    private static readonly FixedPointFormat S9 = new(true, 9, 0);

    [Fact]
    public void QuantizeLinear_is_a_requantize_layer()
    {
        CaseFile node = CaseFile.Load(Folder, "test_quantizelinear");
        int[] codes = [.. Input(node, "x").Doubles("data").Select(x => (int)x)];
        Assert.Equal([2.0], Input(node, "y_scale").Doubles("data"));
        TensorSpec input = new(1, codes.Length, 1, new FixedPointFormat(true, 11, 0));
        AssertOutput(node, input, codes, new RequantizeLayer
        {
            Name = "quantize",
            Input = "input",
            Output = input with { Format = TestNetworks.U8 },
            Requantization = TestNetworks.Identity(1, TestNetworks.U8) with { Shift = [1], Rounding = RoundingMode.HalfEven, ZeroPoint = Single(node, "y_zero_point") },
        });
    }

    [Fact]
    public void QLinearConv_is_a_convolution_whose_weights_hold_their_zero_point()
    {
        CaseFile node = CaseFile.Load(Folder, "test_qlinearconv");
        int weight = Single(node, "w") - Single(node, "w_zero_point");
        MultiplierShift scale = ScaleOf(node, "x_scale", "w_scale");
        TensorSpec image = new(7, 7, 1, TestNetworks.U8);
        AssertOutput(node, image, Input(node, "x").Ints("data"), Convolution(image, image, [weight], 1, Padding.None, Single(node, "x_zero_point"), new Requantization
        {
            Kind = RequantizationKind.MultiplierShift,
            Bias = [-(long)Single(node, "x_zero_point") * weight],
            Multiplier = [scale.Multiplier],
            Shift = [scale.Shift],
            Rounding = RoundingMode.HalfEven,
            ZeroPoint = Single(node, "y_zero_point"),
            Minimum = 0,
            Maximum = 255,
        }));
    }

    [Fact]
    public void ConvInteger_pads_with_the_zero_point_and_keeps_its_accumulators()
    {
        CaseFile node = CaseFile.Load(Folder, "test_convinteger_with_padding");
        int[] weights = Input(node, "w").Ints("data");
        int zeroPoint = Single(node, "x_zero_point");
        TensorSpec input = new(3, 3, 1, TestNetworks.U8);
        AssertOutput(node, input, Input(node, "x").Ints("data"), Convolution(
            input,
            new TensorSpec(4, 4, 1, TestNetworks.S32),
            weights,
            2,
            new Padding(1, 1, 1, 1),
            zeroPoint,
            TestNetworks.Identity(1, TestNetworks.S32) with { Bias = [-(long)zeroPoint * weights.Sum()] }));
    }

    [Fact]
    public void QLinearMatMul_is_a_matmul_layer_with_offsets()
    {
        CaseFile node = CaseFile.Load(Folder, "test_qlinearmatmul_2D");
        int[] a = Input(node, "a").Ints("data");
        int[] b = Input(node, "b").Ints("data");
        MultiplierShift scale = ScaleOf(node, "a_scale", "b_scale");

        // Pixels of four channels: two rows of a, then the three columns of b.
        TensorSpec both = new(1, 5, 4, TestNetworks.U8);
        int[] columnsOfB = [.. Enumerable.Range(0, 12).Select(i => b[(i % 4 * 3) + (i / 4)])];
        AssertOutput(
            node,
            both,
            [.. a, .. columnsOfB],
            Pick("a", both, 0, 2),
            Pick("b", both, 2, 3),
            new MatmulLayer
            {
                Name = "matmul",
                Input = "a",
                SecondInput = "b",
                TransposeSecond = true,
                FirstOffset = -Single(node, "a_zero_point"),
                SecondOffset = -Single(node, "b_zero_point"),
                Output = new TensorSpec(1, 2, 3, TestNetworks.U8),
                Requantization = new Requantization
                {
                    Kind = RequantizationKind.MultiplierShift,
                    Bias = [0],
                    Multiplier = [scale.Multiplier],
                    Shift = [scale.Shift],
                    Rounding = RoundingMode.HalfEven,
                    ZeroPoint = Single(node, "y_zero_point"),
                    Minimum = 0,
                    Maximum = 255,
                },
            });
    }

    private static void AssertOutput(CaseFile node, TensorSpec input, int[] codes, params Layer[] layers)
    {
        IntegerNetwork network = new() { Name = "onnx", Input = input, Layers = [.. layers] };
        Assert.Equal(Assert.Single(node.Sections("outputs")).Ints("data"), ReferenceInterpreter.Run(network, codes, 1).Output);
    }

    private static Conv2dLayer Convolution(TensorSpec input, TensorSpec output, int[] weights, int kernel, Padding padding, int paddingCode, Requantization requantization) => new()
    {
        Name = "conv",
        Input = "input",
        Output = output,
        Weights = new IntegerTensor([1, kernel, kernel, input.Channels], [.. weights]),
        WeightFormat = S9,
        Stride = (1, 1),
        Padding = padding,
        Dilation = (1, 1),
        Groups = 1,
        PaddingCode = paddingCode,
        Requantization = requantization,
    };

    /// <summary>Some columns of the input, channel by channel.</summary>
    private static Conv2dLayer Pick(string name, TensorSpec input, int from, int columns)
    {
        int kernel = input.Width - columns + 1;
        return new Conv2dLayer
        {
            Name = name,
            Input = "input",
            Output = input with { Width = columns },
            Weights = new IntegerTensor([input.Channels, 1, kernel, 1], [.. Enumerable.Range(0, input.Channels * kernel).Select(i => i % kernel == from ? 1 : 0)]),
            WeightFormat = S9,
            Stride = (1, 1),
            Padding = Padding.None,
            Dilation = (1, 1),
            Groups = input.Channels,
            PaddingCode = 0,
            Requantization = TestNetworks.Identity(input.Channels, input.Format),
        };
    }

    private static CaseFile Input(CaseFile node, string name) => node.Sections("inputs").Single(input => input.Text("name") == name);

    private static int Single(CaseFile node, string name) => Assert.Single(Input(node, name).Ints("data"));

    private static MultiplierShift ScaleOf(CaseFile node, string left, string right) => MultiplierShift.FromScale(
        Input(node, left).Doubles("data")[0] * Input(node, right).Doubles("data")[0] / Input(node, "y_scale").Doubles("data")[0], 32);
}
