// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Rules about networks made in memory that a file cannot break, or that the worked example has no place for.</summary>
public sealed class NetworkValidatorTests
{
    private static readonly int[] ExtremeInts = [int.MinValue, -1, 0, 1, 2, 3, 4, 8, 15, 16, 255, 1 << 20, (1 << 20) + 1, int.MaxValue];

    [Fact]
    public void The_chain_is_well_formed() => Assert.Empty(NetworkValidator.Check(TestNetworks.Chain()));

    public static TheoryData<Func<IntegerNetwork, IntegerNetwork>, string> WrongNetworks => new()
    {
        { network => network with { Name = " " }, "name: empty, allowed a text" },
        { network => network with { Layers = default }, "layers: empty, allowed at least one layer" },
        { network => network with { Input = network.Input with { Format = new FixedPointFormat(false, 32, 0) } }, "input.format: codes must fit a signed 32-bit integer, found ufix32_En0, allowed sfix of 1..32 and ufix of 1..31 bits" },
        { network => network with { Input = new TensorSpec(1 << 20, 1 << 20, 1, TestNetworks.U8) }, "input: too many elements, found 1099511627776, allowed at most 268435456" },
        { network => network.With<MaxPoolLayer>(1, layer => layer with { Window = (0, 2) }), "layers[1].window: out of range, found [0, 2] (rows, columns), allowed 1..1048576" },
        { network => network.With<MaxPoolLayer>(1, layer => layer with { Window = (5, 2) }), "layers[1].output: no window fits into the padded input" },
        { network => network.With<FlattenLayer>(2, layer => layer with { Output = layer.Output with { Channels = 9 } }), "layers[2].output: not what the layer makes, found 1 x 1 x 9 (height, width, channels), allowed 1 x 1 x 8" },
        { network => network.With<FlattenLayer>(2, layer => layer with { Output = layer.Output with { Format = new FixedPointFormat(false, 4, 1) } }), "layers[2].output.format: flatten keeps the format of its input, found ufix4_En1, allowed ufix4_En0" },
        { network => network.With<Conv2dLayer>(0, layer => layer with { Weights = new IntegerTensor([2, 3, 3], [.. new int[18]]) }), "layers[0].weights: wrong shape, found [2, 3, 3], allowed 4 extents of at least 1: output channels, kernel rows, kernel columns, channels of a group" },
        { network => network.With<Conv2dLayer>(0, layer => layer with { Weights = new IntegerTensor(layer.Weights.Shape, [1]) }), "layers[0].weights: wrong number of values, found 1, allowed the 18 of the shape [2, 3, 3, 1] and at most 268435456" },
        { network => network.With<Conv2dLayer>(0, layer => layer with { Weights = new IntegerTensor([1 << 30, 1 << 30, 1 << 30, 1 << 30], []) }), "layers[0].weights: wrong number of values, found 0, allowed the 1329227995784915872903807060280344576 of the shape [1073741824, 1073741824, 1073741824, 1073741824] and at most 268435456" },
        { network => Rescaled(network, r => r with { Bias = default }), "layers[3].requantization.bias: wrong number of entries, found 0, allowed 3 (one per output channel)" },
        { network => Rescaled(network, r => r with { Shift = default }), "layers[3].requantization.shift: wrong number of entries, found 0, allowed 1 or 3 (one per output channel)" },
        { network => Rescaled(network, r => r with { Shift = [1, 2] }), "layers[3].requantization.shift: wrong number of entries, found 2, allowed 1 or 3 (one per output channel)" },
        { network => Rescaled(network, r => r with { Multiplier = [1] }), "layers[3].requantization.multiplier: not used by shift, found 1 entries, allowed none" },
        { network => Rescaled(network, r => r with { Thresholds = [1] }), "layers[3].requantization.thresholds: not used by shift, found 1 entries, allowed none" },
        { network => Rescaled(network, r => r with { Kind = (RequantizationKind)4 }), "layers[3].requantization.kind: unknown kind, found 4, allowed shift, multiplier_shift, double_rounding, thresholds" },
        { network => Rescaled(network, r => r with { Rounding = (RoundingMode)6 }), "layers[3].requantization.rounding: unknown mode, found 6, allowed floor, half_up, half_away, half_even, toward_zero, stochastic" },
        { network => Rescaled(network, r => r with { Minimum = 5, Maximum = 4 }), "layers[3].requantization.maximum: less than the minimum, found 4, allowed at least 5" },
        { network => Rescaled(network, r => r with { Kind = RequantizationKind.DoubleRounding, Multiplier = [1L << 31] }), "layers[3].requantization.multiplier: out of range, found 2147483648 at index 0, allowed 0..2147483647" },
        { network => Rescaled(network, r => r with { Kind = RequantizationKind.DoubleRounding, Multiplier = [1], Shift = [15] }), "layers[3].requantization.shift: out of range, found 15 at index 0, allowed -31..14" },
        { network => Rescaled(network, r => Steps(r, 3, -3, 0)), "" },
        { network => Rescaled(network, r => Steps(r, 3, -3, 1)), "layers[3].requantization.threshold_step: does not lead to the maximum, found 1, allowed a step of at least 1 with minimum + 3 * step = maximum (-3 and 1)" },
        { network => Rescaled(network, r => Steps(r, 3, -3, 0) with { Thresholds = [1, 3, 2] }), "layers[3].requantization.thresholds: not ascending, found 2 after 3 at threshold 2 of channel 0, allowed at least the one before" },
        { network => Rescaled(network, r => Steps(r, 3, -3, 0) with { Thresholds = [1, 2, 3, 1, 2, 3, 2, 1, 3] }), "layers[3].requantization.thresholds: not ascending, found 1 after 2 at threshold 1 of channel 2, allowed at least the one before" },
        { network => Rescaled(network, r => Steps(r, 3, -3, 0) with { Thresholds = [1, 2, 3, 1, 2, 3] }), "layers[3].requantization.thresholds: wrong number of entries, found 6 with 3 for a channel, allowed at least 1 for a channel, for 1 or 3 channels" },
        { network => Rescaled(network, r => Steps(r, 3, -3, 0) with { ZeroPoint = 1 }), "layers[3].requantization.zero_point: not used by thresholds, found 1, allowed 0" },
        { network => Rescaled(network, r => Steps(r, 3, -3, 0) with { Shift = [1] }), "layers[3].requantization.shift: not used by thresholds, found 1 entries, allowed none" },
    };

    [Theory, MemberData(nameof(WrongNetworks))]
    public void A_wrong_member_is_the_first_finding(Func<IntegerNetwork, IntegerNetwork> change, string expected) =>
        Assert.Equal(expected, NetworkValidator.Check(change(TestNetworks.Chain())).FirstOrDefault()?.ToString() ?? "");

    [Theory]
    [InlineData(65536, true)]
    [InlineData(65537, false)]
    public void The_largest_sum_of_products_fits_48_bits(int products, bool fits)
    {
        // Weights of 1 and codes up to 2^31 - 1: 65536 of them reach 2^47 - 65536, one more passes 2^47 - 1.
        IntegerNetwork network = TestNetworks.Dense(new FixedPointFormat(false, 31, 0), [.. Enumerable.Repeat(1, products)]);
        Assert.Equal(
            fits ? [] : ["layers[0].weights: too large a sum of products, found up to 140739635773439 in output channel 0, allowed up to 140737488355327 (48 bits)"],
            NetworkValidator.Check(network).Select(finding => finding.ToString()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_members_are_the_validator_returns(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 500; i++)
        {
            IntegerNetwork network = Mangled(random);
            ImmutableArray<Finding> findings = NetworkValidator.Check(network);
            if (findings.IsEmpty)
            {
                Assert.Equal(network.Output.Elements, ReferenceInterpreter.Run(network, new int[network.Input.Elements], 1).Output.Length);
            }
        }
    }

    private static IntegerNetwork Rescaled(IntegerNetwork network, Func<Requantization, Requantization> change) =>
        network.With<DenseLayer>(3, layer => layer with { Requantization = change(layer.Requantization) });

    private static Requantization Steps(Requantization r, int count, int minimum, int maximum) => r with
    {
        Kind = RequantizationKind.Thresholds,
        Shift = [],
        Minimum = minimum,
        Maximum = maximum,
        Thresholds = [.. Enumerable.Range(0, count).Select(i => (long)i)],
        ThresholdsPerChannel = count,
    };

    private static IntegerNetwork Mangled(Random random)
    {
        IntegerNetwork network = TestNetworks.Chain();
        int Extreme() => ExtremeInts[random.Next(ExtremeInts.Length)];
        (int Rows, int Columns) Pair() => (Extreme(), Extreme());
        for (int changes = random.Next(1, 3); changes > 0; changes--)
        {
            network = random.Next(12) switch
            {
                0 => network with { Input = network.Input with { Height = Extreme() } },
                1 => network with { Input = network.Input with { Format = default } },
                2 => network.With<Conv2dLayer>(0, layer => layer with { Stride = Pair() }),
                3 => network.With<Conv2dLayer>(0, layer => layer with { Dilation = Pair() }),
                4 => network.With<Conv2dLayer>(0, layer => layer with { Padding = new Padding(Extreme(), Extreme(), Extreme(), Extreme()) }),
                5 => network.With<Conv2dLayer>(0, layer => layer with { Groups = Extreme(), PaddingCode = Extreme() }),
                6 => network.With<Conv2dLayer>(0, layer => layer with { Weights = new IntegerTensor([Extreme(), Extreme(), Extreme(), Extreme()], layer.Weights.Values) }),
                7 => network.With<MaxPoolLayer>(1, layer => layer with { Window = Pair(), Stride = Pair() }),
                8 => Rescaled(network, r => r with { Kind = (RequantizationKind)random.Next(5), Shift = [Extreme()], Multiplier = [Extreme()] }),
                9 => Rescaled(network, r => r with { Kind = RequantizationKind.Thresholds, ThresholdsPerChannel = Extreme(), ThresholdStep = Extreme(), Shift = [] }),
                10 => network.With<DenseLayer>(3, layer => layer with { WeightFormat = default, Weights = new IntegerTensor(default, default) }),
                _ => network.With<FlattenLayer>(2, layer => layer with { Output = new TensorSpec(Extreme(), Extreme(), Extreme(), TestNetworks.U8), Input = "fc" }),
            };
        }
        return network;
    }
}
