// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Tests.Scheduling;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Layers of a network as a network of their own compute what they compute within it.</summary>
public sealed class NetworkCutTests
{
    private static readonly IntegerNetwork Whole = SmallNetworks.ConvolutionAndDense();
    private static readonly int[] Images = [.. Enumerable.Range(0, 2 * Whole.Input.Elements).Select(i => i * 7 % 16)];

    [Theory]
    [InlineData("conv", "conv", 0)]
    [InlineData("conv", "fc", 2)]
    [InlineData("pool", "fc", 2)]
    [InlineData("fc", "fc", 2)]
    public void A_cut_gives_the_codes_of_the_whole_network(string first, string last, int output)
    {
        IntegerNetwork cut = NetworkCut.Layers(Whole, first, last);
        int[] input = NetworkCut.InputOf(Whole, first, Images, images: 2);

        Assert.Empty(NetworkValidator.Check(cut));
        Assert.Equal(ReferenceInterpreter.Run(Whole, Images, 2).LayerOutputs[output], ReferenceInterpreter.Run(cut, input, 2).Output);
        Assert.Equal(first == last ? $"small_{first}" : $"small_{first}_{last}", cut.Name);
    }

    [Fact]
    public void Unknown_layers_and_a_wrong_order_are_refused()
    {
        Assert.Equal("no layer is named conv3, allowed conv, pool, fc", Assert.Throws<ArgumentException>(() => NetworkCut.Layers(Whole, "conv3", "fc")).Message);
        Assert.Equal("layer conv comes before fc", Assert.Throws<ArgumentException>(() => NetworkCut.Layers(Whole, "fc", "conv")).Message);
    }
}
