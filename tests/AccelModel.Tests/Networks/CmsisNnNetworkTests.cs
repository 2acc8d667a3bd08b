// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Tests.Numerics;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Arm CMSIS-NN's own layer tests, every one as a network.</summary>
public sealed class CmsisNnNetworkTests
{
    private const string Folder = "cmsis_nn";

    public static TheoryData<string> Cases => [.. CaseFile.NamesIn(Folder)];

    [Theory, MemberData(nameof(Cases))]
    public void Every_output_of_the_case_is_equal(string name)
    {
        CaseFile @case = CaseFile.Load(Folder, name);
        CmsisNnCase network = CmsisNnCase.Of(@case);
        Assert.Equal(@case.Ints("output"), ReferenceInterpreter.Run(network.Network, network.Input, network.Images).Output);
    }

    [Fact]
    public void A_case_is_saved_and_loaded_as_the_same_network()
    {
        using TemporaryDirectory folder = new();
        foreach (string name in CaseFile.NamesIn(Folder).DistinctBy(name => CaseFile.Load(Folder, name).Text("op")))
        {
            IntegerNetwork network = CmsisNnCase.Of(CaseFile.Load(Folder, name)).Network;
            NetworkFile.Save(network, folder[name]);
            Assert.Equal(network, NetworkFileTests.LoadWithoutFindings(folder[name]));
        }
    }

    /// <summary><c>(((t * m16) >> (14 - shift)) + 1) >> 1</c>, at ties and at the ends of the range, is one rounding half up.</summary>
    [Theory]
    [InlineData(1 << 30, 0)]
    [InlineData(1 << 30, -18)]
    [InlineData(0x7FFF_0000, -3)]
    [InlineData(int.MaxValue, 14)]
    [InlineData(1992078198, -31)]
    public void The_reduced_multiplier_of_16_bit_data_is_a_multiplier_and_a_shift(int multiplier, int shift)
    {
        int reduced = multiplier < 0x7FFF_0000 ? (multiplier + (1 << 15)) >> 16 : 0x7FFF;
        Requantization ours = TestNetworks.Identity(1, TestNetworks.S32) with { Kind = RequantizationKind.MultiplierShift, Multiplier = [reduced], Shift = [15 - shift] };
        long[] edges = [TwosComplement.Min(40), -(1L << (15 - shift)), -(1L << (14 - shift)), -1, 0, 1, 1L << (14 - shift), 3L << (14 - shift), TwosComplement.Max(40)];
        foreach (long t in edges.SelectMany(edge => new[] { edge - 1, edge, edge + 1 }))
        {
            long expected = (((t * reduced) >> (14 - shift)) + 1) >> 1;
            Assert.Equal(Math.Clamp(expected, int.MinValue, int.MaxValue), ours.Apply(t, 0));
        }
    }
}
