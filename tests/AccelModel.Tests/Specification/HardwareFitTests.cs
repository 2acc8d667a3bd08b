// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Tests.Differential;
using AccelModel.Tests.Networks;
using Xunit;

namespace AccelModel.Tests.Specification;

/// <summary>Each thing that a design cannot run, by layer and with what is allowed.</summary>
public sealed class HardwareFitTests
{
    private static readonly AcceleratorSpec Design = TestAccelerators.Signed8;

    [Fact]
    public void A_chain_of_all_kinds_fits() => Assert.Empty(HardwareFit.Check(TestNetworks.Chain(), Design));

    [Theory, MemberData(nameof(Seeds))]
    public void What_the_scheduler_takes_fits(int seed)
    {
        RandomCase @case = RandomCase.Draw(new ChoiceSource(seed));
        Assert.Empty(NetworkValidator.Check(@case.Network));
        Assert.Empty(HardwareFit.Check(@case.Network, @case.Accelerator));
        Assert.Empty(AcceleratorRules.Check(@case.Accelerator));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 200)];

    [Fact]
    public void Signed_codes_on_an_unsigned_array_are_refused() => Expect(
        TestNetworks.Dense(TestNetworks.S8, [1]).With<DenseLayer>(0, Narrow),
        Design with { Array = Design.Array with { ActivationSigned = false } },
        "layers[0].input: layer 'fc' reads signed codes, found sfix8_En0, allowed unsigned ones (array.activation_signed is false)");

    [Fact]
    public void Signed_codes_wider_than_an_operand_are_refused() => Expect(
        TestNetworks.Dense(TestNetworks.S8, [1]).With<DenseLayer>(0, Narrow),
        Design with { Array = Design.Array with { ActivationWidth = 7 } },
        "layers[0].input: layer 'fc' reads codes too wide for one operand, found sfix8_En0, allowed up to 7 bits (array.activation_width)");

    [Fact]
    public void Unsigned_codes_wider_than_an_operand_run_in_digits() => Assert.Empty(HardwareFit.Check(
        TestNetworks.Dense(TestNetworks.U8, [1]).With<DenseLayer>(0, Narrow),
        Design with { Array = Design.Array with { ActivationSigned = false, ActivationWidth = 3 } }));

    [Fact]
    public void A_weight_without_a_code_is_named_with_its_value()
    {
        Expect(Weights(1, -128, 128), Design, "layers[0].weights: layer 'fc' has a weight that the PEs have no code for, found 128 at flat index 2, allowed -128..127 (array.weight_width)");
        Assert.Empty(HardwareFit.Check(Weights(1, -128, 127), Design));
    }

    [Fact]
    public void Each_kind_of_PE_says_which_weights_it_has()
    {
        ExpectWeight(Kind(ProcessingElementKind.TernaryAdd, 2), [-1, 0, 1, 2], "2 at flat index 3, allowed -1, 0, 1 (array.processing_element ternary_add)");
        ExpectWeight(Kind(ProcessingElementKind.XnorPopcount, 1), [-1, 1, 0], "0 at flat index 2, allowed -1, 1 (array.processing_element xnor_popcount)");
        ExpectWeight(
            Kind(ProcessingElementKind.ShiftAdd, 4), [0, 1, -64, 3],
            "3 at flat index 3, allowed 0 and signed powers of two up to 64 (array.processing_element shift_add, array.weight_width 4)");
        ExpectWeight(
            Kind(ProcessingElementKind.ShiftAdd, 6) with { WeightTerms = 2 }, [0, 3, 8, -6, 7],
            "7 at flat index 4, allowed 0 and signed powers of two up to 4, and sums of two of these (array.processing_element shift_add, array.weight_width 6)");
        ExpectWeight(Kind(ProcessingElementKind.Codebook, 2) with { CodebookValueWidth = 5 }, [-16, 15, 3, 16], "16 at flat index 3, allowed -16..15 (array.codebook_value_width)");
        ExpectWeight(Kind(ProcessingElementKind.BitSerial, 3), [3, 4], "4 at flat index 1, allowed -4..3 (array.weight_width)");

        static void ExpectWeight(ArraySpec array, int[] weights, string found) => Expect(
            Weights(weights), Design with { Array = array }, $"layers[0].weights: layer 'fc' has a weight that the PEs have no code for, found {found}");
    }

    [Fact]
    public void A_codebook_has_a_code_for_each_of_a_few_values()
    {
        AcceleratorSpec codebook = Design with { Array = Kind(ProcessingElementKind.Codebook, 2) with { CodebookValueWidth = 8 } };
        Assert.Empty(HardwareFit.Check(Weights(100, -77, 3, 0, 3, 100), codebook));
        Expect(Weights(100, -77, 3, 0, 4), codebook, "layers[0].weights: layer 'fc' has more values than a codebook, found 5, allowed 4 (array.weight_width 2)");
    }

    [Fact]
    public void Codes_wider_than_a_bit_serial_operand_are_refused() => Expect(
        Weights(1),
        Design with { Array = Kind(ProcessingElementKind.BitSerial, 8) with { ActivationWidth = 7 } },
        "layers[0].input: layer 'fc' reads codes too wide for one operand, found ufix8_En0, allowed up to 7 bits (array.activation_width)");

    [Fact]
    public void A_binary_array_reads_signs_and_the_bits_of_unsigned_codes()
    {
        AcceleratorSpec binary = Design with { Array = Kind(ProcessingElementKind.XnorPopcount, 1) with { ActivationWidth = 1 } };
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [1, -1]).With<DenseLayer>(0, Narrow);
        Assert.Empty(HardwareFit.Check(network, binary));
        Assert.Empty(HardwareFit.Check(network with { Input = network.Input with { Format = new FixedPointFormat(true, 2, 0) } }, binary));
        Expect(
            network with { Input = network.Input with { Format = TestNetworks.S8 } },
            binary,
            "layers[0].input: layer 'fc' reads signed codes beside -1 and +1, found sfix8_En0, allowed the output of a sign, an input of 2 bits that holds -1 and +1, or unsigned codes (array.processing_element xnor_popcount)");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_binary_array_reads_what_a_sign_made_even_through_pooling(bool sign)
    {
        AcceleratorSpec binary = Design with { Array = Kind(ProcessingElementKind.XnorPopcount, 1) with { ActivationWidth = 1 } };
        IntegerNetwork chain = TestNetworks.Chain();
        FixedPointFormat format = new(true, 2, 0);
        Requantization made = sign
            ? Sign(2)
            : TestNetworks.Identity(2, format);
        IntegerNetwork signs = chain
            .With<Conv2dLayer>(0, layer => layer with { Weights = Ones(layer.Weights), Requantization = made, Output = layer.Output with { Format = format } })
            .With<MaxPoolLayer>(1, layer => layer with { Output = layer.Output with { Format = format } })
            .With<FlattenLayer>(2, layer => layer with { Output = layer.Output with { Format = format } })
            .With<DenseLayer>(3, layer => layer with { Weights = Ones(layer.Weights) });
        Assert.Empty(NetworkValidator.Check(signs));
        Assert.Equal(sign ? [] : ["layers[3].input"], HardwareFit.Check(signs, binary).Select(finding => finding.Path));
    }

    [Fact]
    public void A_binary_array_pads_signs_with_signs()
    {
        AcceleratorSpec binary = Design with { Array = Kind(ProcessingElementKind.XnorPopcount, 1) with { ActivationWidth = 1 } };
        IntegerNetwork chain = TestNetworks.Chain().With<Conv2dLayer>(0, layer => layer with { Weights = Ones(layer.Weights) });
        IntegerNetwork unsigned = chain with { Layers = [.. chain.Layers.Take(1)] };
        Assert.Empty(HardwareFit.Check(unsigned, binary));
        IntegerNetwork signed = unsigned with { Input = unsigned.Input with { Format = new FixedPointFormat(true, 2, 0) } };
        Expect(
            signed, binary, "layers[0].padding_code: layer 'conv' pads with a code that is no sign, found 0, allowed -1, 1 (array.processing_element xnor_popcount)");
        Assert.Empty(HardwareFit.Check(signed.With<Conv2dLayer>(0, layer => layer with { PaddingCode = -1 }), binary));
    }

    [Fact]
    public void Codes_wider_than_an_element_are_refused() => Expect(
        TestNetworks.Dense(new FixedPointFormat(false, 9, 0), [1]).With<DenseLayer>(0, layer => Narrow(layer) with { Output = layer.Output with { Format = new FixedPointFormat(true, 10, 0) } }),
        Design,
        "input.format: the input has codes wider than a stored element, found ufix9_En0, allowed up to 8 bits (requantizer.element_width)",
        "layers[0].output.format: layer 'fc' has codes wider than a stored element, found sfix10_En0, allowed up to 8 bits (requantizer.element_width)");

    [Fact]
    public void Another_rounding_is_refused_where_it_matters()
    {
        IntegerNetwork network = Dense(r => r with { Rounding = RoundingMode.HalfEven, Shift = [2] });
        Expect(network, Design, "layers[0].requantization.rounding: layer 'fc' rounds in another way, found half_even, allowed half_up (requantizer.rounding)");
        Assert.Empty(HardwareFit.Check(Dense(r => r with { Rounding = RoundingMode.HalfEven, Shift = [0] }), Design));
    }

    [Fact]
    public void Double_rounding_takes_a_design_that_has_it_and_a_multiplier_that_holds_it()
    {
        IntegerNetwork network = Dense(r => r with { Kind = RequantizationKind.DoubleRounding, Multiplier = [1 << 30] });
        Expect(network, Design, "layers[0].requantization.kind: layer 'fc' rounds twice, found double_rounding, allowed with requantizer.double_rounding only");
        AcceleratorSpec twice = Design with { Requantizer = Design.Requantizer with { DoubleRounding = true } };
        Expect(
            network,
            twice,
            "layers[0].requantization.multiplier: layer 'fc': multiplier of channel 0 does not fit, found 1073741824, allowed 0..65535 (requantizer.multiplier_width)");
        Assert.Empty(HardwareFit.Check(network, twice with { Requantizer = twice.Requantizer with { MultiplierWidth = 31 } }));
    }

    [Fact]
    public void A_multiplier_must_fit_the_multiplier() => Expect(
        Dense(r => r with { Kind = RequantizationKind.MultiplierShift, Multiplier = [1 << 16], Shift = [16] }),
        Design,
        "layers[0].requantization.multiplier: layer 'fc': multiplier of channel 0 does not fit, found 65536, allowed 0..65535 (requantizer.multiplier_width)");

    [Fact]
    public void A_bias_must_fit_the_accumulator() => Expect(
        Dense(r => r with { Bias = [1L << 31] }),
        Design,
        "layers[0].requantization.bias: layer 'fc': bias of channel 0 does not fit, found 2147483648, allowed -2147483648..2147483647 (accumulator.width)");

    [Fact]
    public void A_zero_point_must_fit_its_field() => Expect(
        Dense(r => r with { ZeroPoint = 256 }),
        Design,
        "layers[0].requantization.zero_point: layer 'fc': zero_point of channel 0 does not fit, found 256, allowed -256..255 (requantizer.element_width)");

    [Fact]
    public void A_multiplier_makes_up_for_a_fixed_shift_where_it_can()
    {
        AcceleratorSpec shifted = Design with { Requantizer = Design.Requantizer with { FixedShift = 10 } };
        Assert.Empty(HardwareFit.Check(Dense(r => r with { Kind = RequantizationKind.MultiplierShift, Multiplier = [63], Shift = [0] }), shifted));
        Expect(
            Dense(r => r with { Kind = RequantizationKind.MultiplierShift, Multiplier = [64], Shift = [0] }),
            shifted,
            "layers[0].requantization.multiplier: layer 'fc': multiplier of channel 0 does not fit, found 65536, allowed 0..65535 (requantizer.multiplier_width, at requantizer.fixed_shift)");
        Expect(
            Dense(r => r with { Shift = [11] }),
            shifted,
            "layers[0].requantization.shift: layer 'fc': shift of channel 0 does not fit, found 11, allowed 10..10 (requantizer.fixed_shift)");
    }

    [Fact]
    public void Of_many_channels_the_first_that_does_not_fit_is_named()
    {
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [1], [2], [3]).With<DenseLayer>(0, layer => Narrow(layer) with
        {
            Requantization = TestNetworks.Identity(3, TestNetworks.S8) with { Bias = [0, 1L << 40, 1L << 41] },
        });
        Expect(network, Design, "layers[0].requantization.bias: layer 'fc': bias of channel 1 does not fit, found 1099511627776, allowed -2147483648..2147483647 (accumulator.width)");
    }

    [Fact]
    public void A_sign_fits_any_design_and_more_thresholds_those_with_so_many_levels()
    {
        Assert.Empty(HardwareFit.Check(Dense(_ => Sign(1)), Design));
        Requantization two = Sign(1) with { Thresholds = [5, 6], ThresholdsPerChannel = 2, ThresholdStep = 1 };
        Expect(
            Dense(_ => two),
            Design,
            "layers[0].requantization.thresholds: layer 'fc' has thresholds that the lanes do not hold, found 2 per channel from -1 in steps of 1, allowed 1 from -1 in steps of 2 (vector.threshold_levels is 0)");
        Expect(
            Dense(_ => two),
            Design with { Vector = new VectorSpec { ThresholdLevels = 1 } },
            "layers[0].requantization.thresholds: layer 'fc' has thresholds that the lanes do not hold, found 2 per channel from -1 in steps of 1, allowed up to 1 (vector.threshold_levels)");
        Assert.Empty(HardwareFit.Check(Dense(_ => two), Design with { Vector = new VectorSpec { ThresholdLevels = 2 } }));
        Expect(
            Dense(_ => Sign(1) with { Bias = [(1L << 31) - 1], Thresholds = [-1] }),
            Design,
            "layers[0].requantization.bias: layer 'fc': bias of channel 0 does not fit, found 2147483648, allowed -2147483648..2147483647 (accumulator.width)");
    }

    [Fact]
    public void Overlapping_pooling_of_stochastic_codes_is_refused()
    {
        IntegerNetwork chain = TestNetworks.Chain()
            .With<Conv2dLayer>(0, layer => layer with { Requantization = layer.Requantization with { Rounding = RoundingMode.Stochastic } })
            .With<MaxPoolLayer>(1, layer => layer with { Stride = (1, 2), Output = layer.Output with { Height = 3 } });
        chain = chain with { Layers = chain.Layers[..2] };
        Expect(
            chain,
            Design with { Requantizer = Design.Requantizer with { Rounding = RoundingMode.Stochastic } },
            "layers[1].stride: layer 'pool' has overlapping windows, in which a word would be rounded twice with different random bits, found a stride of [1, 2], allowed at least the window [2, 2] where rounding is stochastic");
    }

    [Fact]
    public void Two_tensors_that_are_made_on_the_way_cannot_be_multiplied_as_matrices()
    {
        IntegerNetwork dense = Weights(1, 1);
        TensorSpec output = new(1, 1, 1, TestNetworks.S8);
        Expect(
            dense with
            {
                Layers =
                [
                    .. dense.Layers,
                    new MatmulLayer { Name = "scores", Input = "fc", SecondInput = "fc", TransposeSecond = true, Output = output, Requantization = TestNetworks.Identity(1, TestNetworks.S8) },
                ],
            },
            Design,
            "layers[1].kind: layer 'scores' multiplies two tensors that are made on the way, found 'matmul', allowed with array.activation_weights only");
    }

    [Fact]
    public void A_second_tensor_is_weights_as_it_is()
    {
        AcceleratorSpec design = Design with
        {
            Array = Design.Array with { ActivationWeights = true, WeightWidth = 6, ActivationSigned = true, ActivationWidth = 8 },
            Buffers = Design.Buffers with { Factor = new() { Size = 1024, DoubleBuffered = Design.Buffers.Weight.DoubleBuffered } },
        };
        Assert.Empty(AcceleratorRules.Check(design));
        FixedPointFormat six = new(true, 6, 0), five = new(false, 5, 0);
        Assert.Empty(HardwareFit.Check(Product(six), design));
        Assert.Empty(HardwareFit.Check(Product(five), design));
        Expect(
            Product(new FixedPointFormat(true, 7, 0)), design,
            "layers[0].second_input: layer 'product' takes weights from codes too wide for them, found sfix7_En0, allowed signed ones of up to 6 bits (array.weight_width)");
        Expect(
            Product(new FixedPointFormat(false, 6, 0)), design,
            "layers[0].second_input: layer 'product' takes weights from codes too wide for them, found ufix6_En0, allowed unsigned ones of up to 5 bits (array.weight_width)");
        Expect(
            Product(six).With<MatmulLayer>(0, layer => layer with { SecondOffset = 3 }), design,
            "layers[0].second_offset: layer 'product' adds to codes before it multiplies, found 3, allowed 0: the array multiplies codes as they are without array.operand_offsets");
    }

    /// <summary>Every offset of codes of 6 bits on either side: those whose sums all fit the operand, of 8 bits and of the weights' 6 and one more, and no others.</summary>
    [Fact]
    public void Offsets_are_taken_where_every_sum_is_an_operand()
    {
        AcceleratorSpec design = Design with
        {
            Array = Design.Array with { ActivationWeights = true, OperandOffsets = true, WeightWidth = 6, ActivationSigned = true, ActivationWidth = 8 },
            Buffers = Design.Buffers with { Factor = new() { Size = 1024, DoubleBuffered = Design.Buffers.Weight.DoubleBuffered } },
        };
        AcceleratorSpec unsigned = design with { Array = design.Array with { ActivationSigned = false } };
        Assert.Empty(AcceleratorRules.Check(design));
        foreach (bool signed in new[] { false, true })
        {
            FixedPointFormat six = new(signed, 6, 0);
            for (int offset = -300; offset <= 300; offset++)
            {
                (int least, int greatest) = signed ? (offset - 32, offset + 31) : (offset, offset + 63);
                bool isOperand = least >= -128 && greatest <= 127, isWeight = least >= -64 && greatest <= 63;
                Assert.Equal(isOperand, HardwareFit.Check(Product(six).With<MatmulLayer>(0, layer => layer with { FirstOffset = offset }), design).IsEmpty);
                Assert.Equal(isWeight, HardwareFit.Check(Product(six).With<MatmulLayer>(0, layer => layer with { SecondOffset = offset }), design).IsEmpty);
                bool isUnsigned = least >= 0 && greatest <= 255;
                Assert.Equal(isUnsigned || (offset == 0 && !signed), HardwareFit.Check(Product(six).With<MatmulLayer>(0, layer => layer with { FirstOffset = offset }), unsigned).IsEmpty);
            }
        }

        FixedPointFormat eight = new(true, 8, 0);
        AcceleratorSpec wide = design with { Array = design.Array with { WeightWidth = 8 } };
        Expect(
            Product(eight).With<MatmulLayer>(0, layer => layer with { FirstOffset = 128, SecondOffset = 129 }), wide,
            "layers[0].first_offset: layer 'product' multiplies codes of sfix8_En0 plus an offset, which are 0..255, found 128, allowed where they are within -128..127 (array.activation_width)",
            "layers[0].second_offset: layer 'product' multiplies codes of sfix8_En0 plus an offset, which are 1..256, found 129, allowed where they are within -256..255 (array.weight_width and a bit)");
        Assert.Empty(HardwareFit.Check(
            Product(eight).With<MatmulLayer>(0, layer => layer with { FirstOffset = 128, SecondOffset = 128 }), wide with { Array = wide.Array with { ActivationWidth = 9 } }));
    }

    private static IntegerNetwork Product(FixedPointFormat format)
    {
        TensorSpec tensor = new(2, 3, 4, format);
        return new()
        {
            Name = "product",
            Input = tensor,
            Layers =
            [
                new MatmulLayer { Name = "product", Input = "input", SecondInput = "input", TransposeSecond = true, Output = new(2, 3, 3, TestNetworks.S8), Requantization = TestNetworks.Identity(1, TestNetworks.S8) },
            ],
        };
    }

    private static void Expect(IntegerNetwork network, AcceleratorSpec accelerator, params string[] findings) =>
        Assert.Equal(findings, HardwareFit.Check(network, accelerator).Select(finding => finding.ToString()));

    private static DenseLayer Narrow(DenseLayer layer) => layer with
    {
        WeightFormat = TestNetworks.S8,
        Output = layer.Output with { Format = TestNetworks.S8 },
        Requantization = TestNetworks.Identity(layer.Output.Channels, TestNetworks.S8),
    };

    private static IntegerNetwork Dense(Func<Requantization, Requantization> change)
    {
        return TestNetworks.Dense(TestNetworks.U8, [1]).With<DenseLayer>(0, layer => Changed(Narrow(layer)));

        DenseLayer Changed(DenseLayer layer) => layer with { Requantization = change(layer.Requantization) };
    }

    private static IntegerNetwork Weights(params int[] weights) => TestNetworks.Dense(TestNetworks.U8, weights).With<DenseLayer>(0, layer => Narrow(layer) with { WeightFormat = new FixedPointFormat(true, 16, 0) });

    private static ArraySpec Kind(ProcessingElementKind kind, int weightWidth) => Design.Array with { ProcessingElement = kind, WeightWidth = weightWidth };

    private static IntegerTensor Ones(IntegerTensor weights) => weights with { Values = [.. weights.Values.Select(weight => weight < 0 ? -1 : 1)] };

    private static Requantization Sign(int channels) => new()
    {
        Kind = RequantizationKind.Thresholds, Bias = [.. new long[channels]], Rounding = RoundingMode.HalfUp, Minimum = -1, Maximum = 1, ThresholdStep = 2, Thresholds = [5], ThresholdsPerChannel = 1,
    };
}
