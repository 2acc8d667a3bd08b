// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Tests.Networks;
using Xunit;

namespace AccelModel.Tests.Specification;

/// <summary>What the vector unit does alone: where it can, and what its records and sums hold.</summary>
public sealed class VectorFitTests
{
    private static readonly TensorSpec Map = new(4, 4, 2, TestNetworks.S8);

    private static readonly AcceleratorSpec Plain = TestAccelerators.Signed8;

    private static readonly AcceleratorSpec Elementwise = Plain with
    {
        Vector = new VectorSpec { Elementwise = true, Lookup = true },
        Buffers = Plain.Buffers with { Operand = new BufferSpec { Size = 256, DoubleBuffered = true } },
    };

    private static Requantization Term => TestNetworks.Identity(1, new FixedPointFormat(true, 24, 0));

    private static AddLayer Sum => new()
    {
        Name = "sum", Input = "conv", SecondInput = "input", Output = Map, LeftShift = 4, First = Term with { Shift = [4] }, Second = Term with { Shift = [4] },
        Requantization = TestNetworks.Identity(2, TestNetworks.S8) with { Shift = [1] },
    };

    private static MultiplyLayer Product => new()
    {
        Name = "product", Input = "conv", SecondInput = "input", Output = Map, FirstOffset = 0, SecondOffset = 0, Requantization = TestNetworks.Identity(2, TestNetworks.S8) with { Shift = [7] },
    };

    private static AveragePoolLayer Mean => new() { Name = "mean", Input = "conv", Output = Map with { Height = 1, Width = 1 }, Window = (4, 4), Stride = (1, 1) };

    private static MaxPoolLayer Pool => new() { Name = "pool", Input = "conv", Output = Map with { Height = 2, Width = 2 }, Window = (2, 2), Stride = (2, 2) };

    private static LookupLayer Table => new() { Name = "table", Input = "conv", Output = Map, Table = [.. Enumerable.Range(-128, 256)] };

    private static ConcatLayer Both => new() { Name = "both", Input = "conv", OtherInputs = ["conv"], Output = Map with { Channels = 4 } };

    public static TheoryData<Layer> LayersOfTheirOwn =>
    [
        Sum, Product, Mean, Both,
        Pool with { Padding = new Padding(1, 1, 0, 0), Window = (3, 3) },
        Pool with { Input = "input" },
        new RequantizeLayer { Name = "codes", Input = "conv", Output = Map, Requantization = TestNetworks.Identity(2, TestNetworks.S8) },
    ];

    [Theory, MemberData(nameof(LayersOfTheirOwn))]
    public void They_need_an_elementwise_unit(Layer layer)
    {
        IntegerNetwork network = Network(layer);
        Assert.Empty(NetworkValidator.Check(network).Where(finding => !finding.Message.StartsWith("its output is lost", StringComparison.Ordinal)));
        Assert.Empty(HardwareFit.Check(network, Elementwise));
        Expect(network, Plain, $"layers[1].kind: layer '{layer.Name}' cannot be fused into the conv2d or dense layer before it, found '{layer.Kind}', allowed with vector.elementwise only");
    }

    [Fact]
    public void Pooling_and_a_table_behind_a_convolution_are_fused()
    {
        Assert.Empty(HardwareFit.Check(Network(Pool), Plain));
        Assert.Empty(HardwareFit.Check(Network(Table), Plain with { Vector = new VectorSpec { Lookup = true } }));
        Expect(Network(Table), Plain, "layers[1].kind: layer 'table' reads a table, found 'lookup', allowed with vector.lookup only");
        Expect(
            Network(Pool, Sum with { SecondInput = "conv" }),
            Plain,
            "layers[1].kind: layer 'pool' cannot be fused into the conv2d or dense layer before it, found 'max_pool', allowed with vector.elementwise only",
            "layers[2].kind: layer 'sum' cannot be fused into the conv2d or dense layer before it, found 'add', allowed with vector.elementwise only");
    }

    [Fact]
    public void A_table_has_an_entry_for_each_code_of_a_byte()
    {
        FixedPointFormat wide = new(true, 9, 0);
        IntegerNetwork network = Network(Table with { Table = [.. Enumerable.Range(-256, 512).Select(code => code / 2)] });
        network = network.With<Conv2dLayer>(0, conv => conv with { Output = conv.Output with { Format = wide } });
        AcceleratorSpec design = Elementwise with { Requantizer = Elementwise.Requantizer with { ElementWidth = 16 } };
        Expect(network, design, "layers[1].input: layer 'table' reads codes too wide for the table, found sfix9_En0, allowed up to 8 bits");
    }

    [Fact]
    public void A_signed_and_an_unsigned_tensor_are_both_read_as_signed_elements()
    {
        IntegerNetwork network = Network(Sum);
        Assert.Empty(HardwareFit.Check(network with { Input = network.Input with { Format = new FixedPointFormat(false, 7, 0) } }, Elementwise));
        Expect(
            network with { Input = network.Input with { Format = TestNetworks.U8 } },
            Elementwise,
            "layers[1]: layer 'sum' reads a signed and an unsigned tensor, whose codes must be less than 8 bits to be read as signed elements, found ufix8_En0");
    }

    [Fact]
    public void Scales_of_terms_and_of_their_sum_have_their_own_rounding()
    {
        Requantization floor = Term with { Rounding = RoundingMode.Floor };
        Assert.Empty(HardwareFit.Check(Network(Sum with { First = floor with { Shift = [4] } }), Elementwise));
        Expect(
            Network(Sum with { Second = floor with { Shift = [5] } }),
            Elementwise,
            "layers[1].second.rounding: layer 'sum' rounds in another way, found floor, allowed half_up (requantizer.rounding)");
        Assert.Empty(HardwareFit.Check(Network(Sum with { Requantization = Sum.Requantization with { Rounding = RoundingMode.HalfAway } }), Elementwise));
        Expect(
            Network(Sum with { Requantization = Sum.Requantization with { Rounding = RoundingMode.Floor } }),
            Elementwise,
            "layers[1].requantization.rounding: layer 'sum' rounds in another way, found floor, allowed half_up, half_away (requantizer.rounding)");
    }

    [Fact]
    public void Terms_are_scaled_and_nothing_else()
    {
        Expect(
            Network(Sum with { First = Term with { Kind = RequantizationKind.DoubleRounding, Multiplier = [1 << 30], Shift = [0] } }),
            Elementwise,
            "layers[1].first.kind: layer 'sum' rounds twice, found double_rounding, allowed with requantizer.double_rounding only");
        Requantization sign = new() { Kind = RequantizationKind.Thresholds, Bias = [0], Rounding = RoundingMode.HalfUp, Minimum = -1, Maximum = 1, ThresholdStep = 2, Thresholds = [0], ThresholdsPerChannel = 1 };
        Expect(
            Network(Product with { Requantization = sign }),
            Elementwise,
            "layers[1].requantization.kind: layer 'product' has thresholds where terms and what is made of them are scaled, found thresholds, allowed shift, multiplier_shift");
    }

    [Fact]
    public void Terms_their_scales_and_their_bias_fit_the_fields_of_a_record()
    {
        Expect(
            Network(Sum with { First = Term with { Maximum = 1 << 23 } }),
            Elementwise,
            "layers[1].first.maximum: layer 'sum': maximum does not fit a term, found 8388608, allowed -8388608..8388607");
        Expect(
            Network(Sum with { Requantization = Sum.Requantization with { Bias = [0, 1L << 30] } }),
            Elementwise,
            "layers[1].requantization.bias: layer 'sum': bias of channel 1 does not fit a term, found 1073741824, allowed -8388607..8388607");
        Expect(
            Network(Sum with { Second = Term with { Kind = RequantizationKind.MultiplierShift, Multiplier = [1 << 16], Shift = [20] } }),
            Elementwise,
            "layers[1].second.multiplier: layer 'sum': multiplier of channel 0 does not fit, found 65536, allowed 0..65535 (requantizer.multiplier_width)");
        Expect(
            Network(Sum with { Requantization = Sum.Requantization with { Kind = RequantizationKind.MultiplierShift, Multiplier = [1, 1 << 20], Shift = [30, 30] } }),
            Elementwise,
            "layers[1].requantization.multiplier: layer 'sum': multiplier of channel 1 does not fit, found 1048576, allowed 0..65535 (requantizer.multiplier_width, with vector.elementwise)");
    }

    [Fact]
    public void Factors_and_their_product_fit_the_unit()
    {
        Expect(
            Network(Product with { FirstOffset = 1 << 23 }),
            Elementwise,
            "layers[1].first_offset: layer 'product' has too large a factor, found up to 8388735, allowed up to 8388607 (24 bits)");
        Expect(
            Network(Product with { FirstOffset = 1 << 22, SecondOffset = 1000 }),
            Elementwise,
            "layers[1]: layer 'product' has too large a product, found up to 4727123737, allowed up to 2147483647 (32 bits)");
        Expect(
            Network(Product with { Requantization = Product.Requantization with { Bias = [0, -3] } }),
            Elementwise,
            "layers[1].requantization.bias: layer 'product' adds a bias to a product, found -3 in channel 1, allowed 0");
    }

    [Fact]
    public void A_mean_divides_by_a_multiplier_that_must_fit()
    {
        // 9 codes of up to 128: the least power of two above 2 * 9 * 1152 is 2^15, a ninth of it 3641.
        IntegerNetwork network = Network(Mean with { Window = (3, 3), Output = Map with { Height = 2, Width = 2 } });
        AcceleratorSpec Width(int width) => Elementwise with { Requantizer = Elementwise.Requantizer with { MultiplierWidth = width } };
        Assert.Empty(HardwareFit.Check(network, Width(12)));
        Expect(network, Width(11), "layers[1].window: layer 'mean' divides by 9, whose multiplier does not fit, found 3641, allowed 0..2047 (requantizer.multiplier_width)");

        // Windows that hang over the border count 2 * 2, 2 * 3 and 3 * 3 codes; a quarter is a shift, a sixth of 2^14 is 2731.
        IntegerNetwork padded = Network(Mean with { Window = (3, 3), Padding = new Padding(1, 1, 1, 1), Output = Map });
        Expect(padded, Width(11), "layers[1].window: layer 'mean' divides by 6, whose multiplier does not fit, found 2731, allowed 0..2047 (requantizer.multiplier_width)");
        Assert.Empty(HardwareFit.Check(Network(Mean), Width(1)));
    }

    [Fact]
    public void Codes_pass_a_fixed_shift_where_the_multiplier_has_its_power_of_two()
    {
        AcceleratorSpec Shift(int shift) => Elementwise with { Requantizer = Elementwise.Requantizer with { FixedShift = shift } };
        IntegerNetwork network = Network(Both);
        IntegerNetwork shifted = network.With<Conv2dLayer>(0, conv => conv with { Requantization = conv.Requantization with { Shift = [16] } });
        Assert.Empty(HardwareFit.Check(network, Shift(15)));
        Expect(shifted, Shift(16), "layers[1].kind: layer 'both' takes codes as they are, which needs the multiplier 2^16, allowed with a wider requantizer.multiplier_width or without requantizer.fixed_shift");
    }

    /// <summary>A 1 x 1 convolution of the input, and layers after it.</summary>
    private static IntegerNetwork Network(params Layer[] layers) => new()
    {
        Name = "branches",
        Input = Map,
        Layers =
        [
            new Conv2dLayer
            {
                Name = "conv",
                Input = "input",
                Output = Map,
                Weights = new IntegerTensor([2, 1, 1, 2], [1, 2, 3, 4]),
                WeightFormat = TestNetworks.S8,
                Stride = (1, 1),
                Padding = Padding.None,
                Dilation = (1, 1),
                Groups = 1,
                PaddingCode = 0,
                Requantization = TestNetworks.Identity(2, TestNetworks.S8),
            },
            .. layers,
        ],
    };

    private static void Expect(IntegerNetwork network, AcceleratorSpec accelerator, params string[] findings) =>
        Assert.Equal(findings, HardwareFit.Check(network, accelerator).Select(finding => finding.ToString()));
}
