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

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 100)];

    [Fact]
    public void Groups_are_refused() => Expect(
        Conv(layer => layer with { Groups = 2 }),
        Design,
        "layers[0].groups: layer 'conv' has groups of channels, found 2, allowed 1");

    [Fact]
    public void Signed_codes_on_an_unsigned_array_are_refused() => Expect(
        TestNetworks.Dense(TestNetworks.S8, [1]).With<DenseLayer>(0, Narrow),
        Design with { Array = Design.Array with { ActivationSigned = false } },
        "layers[0].input: layer 'fc' reads signed codes, found sfix8_En0, allowed unsigned ones (array.activation_signed is false)");

    [Fact]
    public void Signed_codes_wider_than_an_operand_are_refused() => Expect(
        TestNetworks.Dense(TestNetworks.S8, [1]).With<DenseLayer>(0, Narrow),
        Design with { Array = Design.Array with { ActivationWidth = 7 } },
        "layers[0].input: layer 'fc' reads signed codes too wide for one operand, found sfix8_En0, allowed up to 7 bits (array.activation_width)");

    [Fact]
    public void Unsigned_codes_wider_than_an_operand_run_in_digits() => Assert.Empty(HardwareFit.Check(
        TestNetworks.Dense(TestNetworks.U8, [1]).With<DenseLayer>(0, Narrow),
        Design with { Array = Design.Array with { ActivationSigned = false, ActivationWidth = 3 } }));

    [Theory]
    [InlineData(true, 9, "sfix9_En0")]
    [InlineData(false, 8, "ufix8_En0")]
    public void Weights_wider_than_an_operand_are_refused(bool signed, int width, string name) => Expect(
        TestNetworks.Dense(TestNetworks.U8, [1]).With<DenseLayer>(0, layer => Narrow(layer) with { WeightFormat = new FixedPointFormat(signed, width, 0) }),
        Design,
        $"layers[0].weight_format: layer 'fc' has weights too wide for one operand, found {name}, allowed up to 8 bits in two's complement (array.weight_width)");

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
    public void Double_rounding_is_refused() => Expect(
        Dense(r => r with { Kind = RequantizationKind.DoubleRounding, Multiplier = [1 << 30] }),
        Design,
        "layers[0].requantization.kind: layer 'fc' rounds twice, found double_rounding, allowed shift, multiplier_shift, thresholds");

    [Fact]
    public void A_multiplier_must_fit_the_multiplier() => Expect(
        Dense(r => r with { Kind = RequantizationKind.MultiplierShift, Multiplier = [1 << 16], Shift = [16] }),
        Design,
        "layers[0].requantization.multiplier: layer 'fc' has a multiplier too wide, found 65536 at index 0, allowed 0..65535 (requantizer.multiplier_width)");

    [Fact]
    public void A_bias_must_fit_the_accumulator() => Expect(
        Dense(r => r with { Bias = [1L << 31] }),
        Design,
        "layers[0].requantization.bias: layer 'fc' has a bias too wide, found 2147483648 in channel 0, allowed -2147483648..2147483647 (accumulator.width)");

    [Fact]
    public void A_zero_point_must_fit_its_field() => Expect(
        Dense(r => r with { ZeroPoint = 256 }),
        Design,
        "layers[0].requantization.zero_point: layer 'fc' has a zero point too wide, found 256, allowed -256..255 (requantizer.element_width)");

    [Fact]
    public void A_sign_fits_and_more_thresholds_do_not()
    {
        static Requantization Sign(Requantization r) => r with
        {
            Kind = RequantizationKind.Thresholds, Shift = [], Minimum = -1, Maximum = 1, ThresholdStep = 2, Thresholds = [5], ThresholdsPerChannel = 1,
        };
        Assert.Empty(HardwareFit.Check(Dense(Sign), Design));
        Expect(
            Dense(r => Sign(r) with { Thresholds = [5, 6], ThresholdsPerChannel = 2, ThresholdStep = 1 }),
            Design,
            "layers[0].requantization.thresholds: layer 'fc' has thresholds other than a sign, found 2 per channel from -1 in steps of 1, allowed 1 from -1 in steps of 2");
        Expect(
            Dense(r => Sign(r) with { Bias = [(1L << 31) - 1], Thresholds = [-1] }),
            Design,
            "layers[0].requantization.bias: layer 'fc' has a bias less threshold too wide, found 2147483648 in channel 0, allowed -2147483648..2147483647 (accumulator.width)");
    }

    [Fact]
    public void Pooling_runs_directly_after_a_matrix_layer_only()
    {
        TensorSpec map = new(4, 4, 1, TestNetworks.U8);
        MaxPoolLayer pool = new() { Name = "pool", Input = "input", Output = map with { Height = 2, Width = 2 }, Window = (2, 2), Stride = (2, 2) };
        IntegerNetwork network = new() { Name = "pools", Input = map, Layers = [pool] };
        Expect(
            network,
            Design,
            "layers: nothing for the array to do, found no conv2d or dense layer, allowed at least one",
            "layers[0].input: layer 'pool' pools what no array made, found it after the input, allowed directly after conv2d or dense");
        IntegerNetwork chain = TestNetworks.Chain();
        MaxPoolLayer again = new() { Name = "again", Input = "pool", Output = chain.Layers[1].Output with { Height = 1, Width = 1 }, Window = (2, 2), Stride = (2, 2) };
        Expect(
            chain with { Layers = [chain.Layers[0], chain.Layers[1], again] },
            Design,
            "layers[2].input: layer 'again' pools what no array made, found it after max_pool, allowed directly after conv2d or dense");
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
    public void Branches_are_refused()
    {
        TensorSpec map = new(1, 1, 4, TestNetworks.U8);
        IntegerNetwork network = new()
        {
            Name = "branch",
            Input = map,
            Layers =
            [
                new FlattenLayer { Name = "a", Input = "input", Output = map },
                Narrow((DenseLayer)TestNetworks.Dense(TestNetworks.U8, [1, 1, 1, 1]).Layers[0]) with { Name = "b", Input = "input" },
            ],
        };
        Expect(network, Design, "layers[1].input: layer 'b' is not next in a chain, found 'input', allowed 'a'");
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

    private static IntegerNetwork Conv(Func<Conv2dLayer, Layer> change) => TestNetworks.Chain().With(0, change);
}
