// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>What is wrong with layers of the kinds without weights, and with how layers read one another.</summary>
public sealed class BranchingNetworkTests
{
    private static readonly int[] ExtremeInts = [int.MinValue, -1, 0, 1, 2, 3, 4, 6, 20, 21, 255, 256, 1 << 20, (1 << 20) + 1, int.MaxValue];

    [Fact]
    public void The_network_is_well_formed() => Assert.Equal([], Findings(network => network));

    public static TheoryData<Func<IntegerNetwork, IntegerNetwork>, string> Wrong => new()
    {
        { n => n.With<MaxPoolLayer>(0, l => l with { Padding = new Padding(3, 0, 0, 0) }), "layers[0].padding.top: out of range, found 3, allowed 0..2, less than the window" },
        { n => n.With<MaxPoolLayer>(0, l => l with { Padding = new Padding(0, -1, 0, 0) }), "layers[0].padding.left: out of range, found -1, allowed 0..2, less than the window" },
        { n => n.With<MaxPoolLayer>(0, l => l with { Stride = (2, 1), CeilMode = true }), "layers[0].output: not what the layer makes, found 4 x 4 x 2 (height, width, channels), allowed 3 x 4 x 2" },
        { n => n.With<MaxPoolLayer>(0, l => l with { Stride = (2, 1) }), "layers[0].output: not what the layer makes, found 4 x 4 x 2 (height, width, channels), allowed 2 x 4 x 2" },
        { n => n.With<MaxPoolLayer>(0, l => l with { Output = l.Output with { Format = TestNetworks.U8 } }), "layers[0].output.format: max_pool keeps the format of its input, found ufix8_En0, allowed sfix8_En0" },
        { n => n.With<AveragePoolLayer>(1, l => l with { PaddingCode = 128 }), "layers[1].padding_code: not a code of the input, found 128, allowed -128..127 (sfix8_En0)" },
        { n => n.With<AveragePoolLayer>(1, l => l with { Window = (2, 0) }), "layers[1].window: out of range, found [2, 0] (rows, columns), allowed 1..1048576" },
        { n => n.With<AveragePoolLayer>(1, l => l with { Output = l.Output with { Format = new FixedPointFormat(true, 8, 1) } }), "layers[1].output.format: average_pool keeps the format of its input, found sfix8_En1, allowed sfix8_En0" },
        { n => n.With<RequantizeLayer>(2, l => l with { Requantization = l.Requantization with { Bias = [1, 2, 3] } }), "layers[2].requantization.bias: wrong number of entries, found 3, allowed 1 or 2 (one per output channel)" },
        { n => n.With<RequantizeLayer>(2, l => l with { Requantization = l.Requantization with { Bias = [1, 2] } }), "" },
        { n => n.With<RequantizeLayer>(2, l => l with { Requantization = l.Requantization with { Rounding = RoundingMode.Stochastic } }), "layers[2].requantization.rounding: no order of words is defined here, found stochastic, allowed floor, half_up, half_away, half_even, toward_zero" },
        { n => n.With<RequantizeLayer>(2, l => l with { Output = l.Output with { Height = 1 } }), "layers[2].output: not what the layer makes, found 1 x 2 x 2 (height, width, channels), allowed 2 x 2 x 2" },
        { n => n.With<AddLayer>(3, l => l with { LeftShift = 21 }), "layers[3].left_shift: out of range, found 21, allowed 0..20" },
        { n => n.With<AddLayer>(3, l => l with { LeftShift = -1 }), "layers[3].left_shift: out of range, found -1, allowed 0..20" },
        { n => n.With<AddLayer>(3, l => l with { SecondInput = "pad" }), "layers[3].second_input: not of the first tensor's shape, found 4 x 4 x 2 (height, width, channels), allowed 2 x 2 x 2" },
        { n => n.With<AddLayer>(3, l => l with { First = l.First with { Bias = [0, 0] } }), "layers[3].first.bias: wrong number of entries, found 2, allowed 1" },
        { n => n.With<AddLayer>(3, l => l with { First = l.First with { Bias = default } }), "layers[3].first.bias: wrong number of entries, found 0, allowed 1" },
        { n => n.With<AddLayer>(3, l => l with { Second = l.Second with { Minimum = 5, Maximum = 4 } }), "layers[3].second.maximum: less than the minimum, found 4, allowed at least 5" },
        { n => n.With<AddLayer>(3, l => l with { Second = l.Second with { Minimum = int.MinValue, Maximum = int.MaxValue } }), "" },
        { n => n.With<AddLayer>(3, l => l with { Second = l.Second with { Rounding = RoundingMode.Stochastic } }), "layers[3].second.rounding: no order of words is defined here, found stochastic, allowed floor, half_up, half_away, half_even, toward_zero" },
        { n => n.With<AddLayer>(3, l => l with { Requantization = l.Requantization with { Maximum = 128 } }), "layers[3].requantization.maximum: not a code of the output, found 128, allowed -128..127 (sfix8_En0)" },
        { n => n.With<MultiplyLayer>(4, l => l with { SecondInput = "pad" }), "layers[4].second_input: not of the first tensor's shape, found 4 x 4 x 2 (height, width, channels), allowed 2 x 2 x 2 or 1 x 1 x 2" },
        { n => n.With<MultiplyLayer>(4, l => l with { Requantization = l.Requantization with { Shift = [1, 2, 3] } }), "layers[4].requantization.shift: wrong number of entries, found 3, allowed 1 or 2 (one per output channel)" },
        { n => n.With<LookupLayer>(5, l => l with { Table = l.Table.RemoveAt(0) }), "layers[5].table: wrong number of entries, found 255, allowed 256 (one for each code of sfix8_En0)" },
        { n => n.With<LookupLayer>(5, l => l with { Table = default }), "layers[5].table: wrong number of entries, found 0, allowed 256 (one for each code of sfix8_En0)" },
        { n => n.With<LookupLayer>(5, l => l with { Table = l.Table.SetItem(7, 16) }), "layers[5].table: not a code of the output, found 16 at index 7, allowed 0..15 (ufix4_En0)" },
        { n => n.With<ConcatLayer>(6, l => l with { OtherInputs = [] }), "layers[6].other_inputs: empty, allowed at least one tensor" },
        { n => n.With<ConcatLayer>(6, l => l with { OtherInputs = default }), "layers[6].other_inputs: empty, allowed at least one tensor" },
        { n => n.With<ConcatLayer>(6, l => l with { OtherInputs = ["sum", "pad"] }), "layers[6].other_inputs[1]: not as high and wide as the first tensor, found 4 x 4, allowed 2 x 2" },
        { n => n.With<ConcatLayer>(6, l => l with { OtherInputs = ["sum", "table"] }), "layers[6].other_inputs[1]: not of the first tensor's format, found ufix4_En0, allowed sfix8_En0" },
        { n => n.With<ConcatLayer>(6, l => l with { OtherInputs = ["sum", "product", "avg"] }), "layers[6].output: not what the layer makes, found 2 x 2 x 6 (height, width, channels), allowed 2 x 2 x 8" },
        { n => n.With<ChannelShuffleLayer>(7, l => l with { Groups = 4 }), "layers[7].groups: does not divide the channels, found 4, allowed divisors of 6" },
        { n => n.With<ChannelShuffleLayer>(7, l => l with { Groups = 0 }), "layers[7].groups: does not divide the channels, found 0, allowed divisors of 6" },
        { n => n.With<MatmulLayer>(8, l => l with { TransposeSecond = false }), "layers[8].second_input: no factor for the first tensor of 2 x 2 x 6, found 2 x 2 x 6 (height, width, channels), allowed 2 x 6 x any" },
        { n => n.With<MatmulLayer>(8, l => l with { SecondInput = "pad" }), "layers[8].second_input: no factor for the first tensor of 2 x 2 x 6, found 4 x 4 x 2 (height, width, channels), allowed 2 x any x 6" },
        { n => n.With<MatmulLayer>(8, l => l with { Output = l.Output with { Channels = 6 } }), "layers[8].output: not what the layer makes, found 2 x 2 x 6 (height, width, channels), allowed 2 x 2 x 2" },
        { n => n.With<MatmulLayer>(8, l => l with { Requantization = l.Requantization with { Rounding = RoundingMode.Stochastic } }), "" },
        { n => n.With<AddLayer>(9, l => l with { SecondInput = "product" }), "layers[5].name: its output is lost, found no layer that reads 'table', allowed only for the last layer" },
        { n => n.With<AddLayer>(3, l => l with { SecondInput = "sum" }), "layers[3].second_input: not defined yet, found 'sum', which is layers[3]: a layer reads the input or an earlier layer, so there are no cycles; allowed input, pad, avg, twice" },
        { n => n.With<AddLayer>(3, l => l with { SecondInput = "end" }), "layers[3].second_input: not defined yet, found 'end', which is layers[9]: a layer reads the input or an earlier layer, so there are no cycles; allowed input, pad, avg, twice" },
        { n => n.With<ConcatLayer>(6, l => l with { OtherInputs = ["sum", "nothing"] }), "layers[6].other_inputs[1]: no such tensor, found 'nothing', allowed input, pad, avg, twice, sum, product, table" },
        { n => n.With<AddLayer>(9, l => l with { Name = "avg" }), "layers[9].name: not unique, found 'avg', which layers[1] is called already, allowed a name of its own" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_wrong_member_is_the_first_finding(Func<IntegerNetwork, IntegerNetwork> change, string expected) =>
        Assert.Equal(expected, Findings(change).FirstOrDefault() ?? "");

    [Theory]
    [InlineData(32767, 1, true)] // 2^16 positions of codes up to 2^15 - 1
    [InlineData(32768, 0, false)]
    public void The_sum_of_an_average_fits_32_bits(int most, int offset, bool fits)
    {
        // Unsigned codes of 15 bits, or signed ones of 16, in a window of 256 x 256.
        FixedPointFormat format = offset == 1 ? new(false, 15, 0) : new(true, 16, 0);
        Assert.Equal(most, Math.Max(-format.MinRaw, format.MaxRaw));
        IntegerNetwork network = new()
        {
            Name = "mean",
            Input = new TensorSpec(256, 256, 1, format),
            Layers = [new AveragePoolLayer { Name = "mean", Input = "input", Output = new TensorSpec(1, 1, 1, format), Window = (256, 256), Stride = (1, 1) }],
        };
        Assert.Equal(
            fits ? [] : ["layers[0].window: too large a sum, found up to 2147483648 in 256 x 256 codes of sfix16_En0, allowed up to 2147483647"],
            NetworkValidator.Check(network).Select(finding => finding.ToString()));
    }

    [Theory]
    [InlineData(134217599, 20, true)] // (128 + 134217599) * 2^20 = 2^47 - 2^20
    [InlineData(134217600, 20, false)]
    public void A_shifted_code_fits_48_bits(long bias, int leftShift, bool fits)
    {
        // The greatest magnitude is that of -128 - bias.
        string[] findings = Findings(n => n.With<AddLayer>(3, l => l with { LeftShift = leftShift, First = l.First with { Bias = [-bias] } }));
        Assert.Equal(fits ? [] : ["layers[3].first.bias: too large a term, found up to 140737488355328 after the left shift, allowed up to 140737488355327 (48 bits)"], findings);
    }

    [Theory]
    [InlineData((1 << 23) - 2, true)] // (2^23 - 1) * 2^24
    [InlineData((1 << 23) - 1, false)] // 2^23 * 2^24
    public void A_product_fits_48_bits(int offset, bool fits)
    {
        // Codes 0 and 1: the first factor is at most offset + 1, the magnitude of the second at most 2^24.
        FixedPointFormat bit = new(false, 1, 0);
        TensorSpec tensor = new(1, 1, 1, bit);
        IntegerNetwork network = new()
        {
            Name = "product",
            Input = tensor,
            Layers =
            [
                new MultiplyLayer
                {
                    Name = "product", Input = "input", SecondInput = "input", Output = tensor, FirstOffset = offset, SecondOffset = -(1 << 24), Requantization = TestNetworks.Identity(1, bit),
                },
            ],
        };
        Assert.Equal(
            fits ? [] : ["layers[0]: too large a product, found up to 140737488355328, allowed up to 140737488355327 (48 bits)"],
            NetworkValidator.Check(network).Select(finding => finding.ToString()));
    }

    [Theory]
    [InlineData(int.MaxValue, false)]
    [InlineData(1 << 20, true)]
    public void The_products_of_a_matmul_fit_48_bits(int offset, bool fits)
    {
        // Six products of codes of 8 bits with offsets: 6 * (2^31 - 1 + 127)^2 is beyond, 6 * (2^20 + 127)^2 is not.
        string[] findings = Findings(n => n.With<MatmulLayer>(8, l => l with { FirstOffset = offset, SecondOffset = offset }));
        Int128 largest = 6 * ((Int128)offset + 127) * ((Int128)offset + 127);
        Assert.Equal(fits ? [] : [$"layers[8]: too large a sum of products, found up to {largest} in 6 of them, allowed up to 140737488355327 (48 bits)"], findings);
    }

    [Fact]
    public void Codes_of_17_bits_read_no_table()
    {
        TensorSpec wide = new(1, 1, 1, new FixedPointFormat(false, 17, 0));
        IntegerNetwork network = new()
        {
            Name = "wide",
            Input = wide,
            Layers = [new LookupLayer { Name = "table", Input = "input", Output = wide, Table = [0] }],
        };
        Assert.Equal(["layers[0].input: codes too wide for a table, found ufix17_En0, allowed up to 16 bits"], NetworkValidator.Check(network).Select(finding => finding.ToString()));
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

    private static string[] Findings(Func<IntegerNetwork, IntegerNetwork> change) =>
        [.. NetworkValidator.Check(change(TestNetworks.Branches())).Select(finding => finding.ToString())];

    private static IntegerNetwork Mangled(Random random)
    {
        IntegerNetwork network = TestNetworks.Branches();
        int Extreme() => ExtremeInts[random.Next(ExtremeInts.Length)];
        (int Rows, int Columns) Pair() => (Extreme(), Extreme());
        string Name() => random.Next(6) == 0 ? "nothing" : network.Layers[random.Next(network.Layers.Length)].Name;
        Requantization Scale(Requantization r) => random.Next(4) switch
        {
            0 => r with { Bias = random.Next(2) == 0 ? default : [long.MinValue] },
            1 => r with { Kind = (RequantizationKind)random.Next(5), Shift = [Extreme()], Multiplier = [Extreme()] },
            2 => r with { Minimum = Extreme(), Maximum = Extreme(), ZeroPoint = Extreme() },
            _ => r with { Rounding = (RoundingMode)random.Next(7), Thresholds = default, ThresholdsPerChannel = Extreme() },
        };
        for (int changes = random.Next(1, 3); changes > 0; changes--)
        {
            network = random.Next(14) switch
            {
                0 => network.With<MaxPoolLayer>(0, l => l with { Padding = new Padding(Extreme(), Extreme(), Extreme(), Extreme()), CeilMode = random.Next(2) == 0 }),
                1 => network.With<MaxPoolLayer>(0, l => l with { Window = Pair(), Stride = Pair(), CeilMode = true }),
                2 => network.With<AveragePoolLayer>(1, l => l with { Window = Pair(), Stride = Pair(), CeilMode = random.Next(2) == 0 }),
                3 => network.With<AveragePoolLayer>(1, l => l with { PaddingCode = Extreme(), CountIncludePad = true }),
                4 => network.With<RequantizeLayer>(2, l => l with { Requantization = Scale(l.Requantization) }),
                5 => network.With<AddLayer>(3, l => l with { LeftShift = Extreme(), SecondInput = Name() }),
                6 => network.With<AddLayer>(3, l => l with { First = Scale(l.First), Second = Scale(l.Second) }),
                7 => network.With<MultiplyLayer>(4, l => l with { FirstOffset = Extreme(), SecondOffset = Extreme(), SecondInput = Name() }),
                8 => network.With<LookupLayer>(5, l => l with { Table = [.. Enumerable.Repeat(Extreme(), 256)] }),
                9 => network.With<ConcatLayer>(6, l => l with { OtherInputs = [Name(), Name()] }),
                10 => network.With<ChannelShuffleLayer>(7, l => l with { Groups = Extreme() }),
                11 => network.With<MatmulLayer>(8, l => l with { FirstOffset = Extreme(), SecondOffset = Extreme(), SecondInput = Name(), TransposeSecond = random.Next(2) == 0 }),
                12 => network.With<AddLayer>(9, l => l with { Input = Name(), Output = new TensorSpec(Extreme(), Extreme(), Extreme(), TestNetworks.S8) }),
                _ => network with { Input = new TensorSpec(Extreme(), Extreme(), 2, new FixedPointFormat(random.Next(2) == 0, random.Next(1, 33), 0)) },
            };
        }
        return network;
    }
}
