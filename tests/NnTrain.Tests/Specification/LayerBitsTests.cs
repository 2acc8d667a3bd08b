// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks.Description;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using Xunit;

namespace NnTrain.Tests.Specification;

/// <summary>Bits of single layers, of those that join tensors too.</summary>
public sealed class LayerBitsTests
{
    private static readonly QuantizedPhaseSpec Phase = TestRecipes.Load("w4a4").QuantizedPhase!;
    private static readonly LayerSpec Rectified = new AddSpec { Name = "add", Inputs = ["a", "b"], Activation = ActivationKind.Relu };
    private static readonly LayerSpec Signed = new AddSpec { Name = "add", Inputs = ["a", "b"], Activation = ActivationKind.None };

    [Fact]
    public void A_sum_behind_a_ReLU_has_the_bits_that_it_is_given()
    {
        QuantizerSpec output = Given(Phase, 3).OutputOf(Rectified, 1, 4);

        Assert.Equal((3, GridKind.Unsigned), (output.Bits, output.Grid));
        Assert.Equal(4, Phase.OutputOf(Rectified, 1, 4).Bits);
    }

    [Fact]
    public void A_sum_of_either_sign_has_them_in_place_of_those_of_all_sums()
    {
        QuantizedPhaseSpec eight = Phase with { Sums = Phase.Output with { Bits = 8 } };

        Assert.Equal((5, GridKind.Signed), (Given(eight, 5).OutputOf(Signed, 1, 4).Bits, Given(eight, 5).OutputOf(Signed, 1, 4).Grid));
        Assert.Equal(8, eight.OutputOf(Signed, 1, 4).Bits);
        Assert.Equal((5, GridKind.Signed), (Given(Phase, 5).OutputOf(Signed, 1, 4).Bits, Given(Phase, 5).OutputOf(Signed, 1, 4).Grid));
    }

    [Theory]
    [InlineData("hwgq", "dense1", null, 5, "activations: half_wave has steps for codes without signs")]
    [InlineData("twn", "conv2", 3, null, "weights: ternary_threshold makes -1, 0, +1")]
    [InlineData("twn", "conv2", null, 3, null)]
    [InlineData("hwgq", "dense1", null, 4, null)]
    public void Bits_that_the_other_parts_of_a_layer_s_sentence_cannot_have_are_refused_at_the_layer(string method, string layer, int? weights, int? activations, string? expected)
    {
        TrainingSpec recipe = TestRecipes.Load("methods/" + method);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase! with { LayerBits = ImmutableSortedDictionary<string, LayerBits>.Empty.Add(layer, new(weights, activations)) };

        IEnumerable<string> found = NetworkRules.Check(TestRecipes.SmallNetwork(), recipe with { QuantizedPhase = phase }).Select(finding => $"{finding.Path}: {finding.Message}");

        if (expected is null)
        {
            Assert.Empty(found);
        }
        else
        {
            Assert.StartsWith($"quantized_phase.layer_bits.{layer}.{expected}", Assert.Single(found), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1, null, "quantized_phase.sums")]
    [InlineData(4, 1, "quantized_phase.layer_bits.conv2.activations")]
    [InlineData(4, 2, null)]
    [InlineData(2, null, null)]
    public void One_bit_is_none_for_an_output_with_signs(int activations, int? given, string? key)
    {
        NetworkSpec network = TestRecipes.SmallNetwork();
        network = network with { Layers = [.. network.Layers.Select(layer => layer is ConvolutionSpec { Name: "conv2" } convolution ? convolution with { Activation = ActivationKind.None } : layer)] };
        TrainingSpec recipe = TestRecipes.Load("w4a4");
        QuantizedPhaseSpec phase = Phase with { Activations = Phase.Activations with { Bits = activations } };
        phase = given is null ? phase : phase with { LayerBits = ImmutableSortedDictionary<string, LayerBits>.Empty.Add("conv2", new(null, given)) };

        Assert.Equal(key is null ? [] : [key], NetworkRules.Check(network, recipe with { QuantizedPhase = phase }).Select(finding => finding.Path));
    }

    private static QuantizedPhaseSpec Given(QuantizedPhaseSpec phase, int bits) =>
        phase with { LayerBits = ImmutableSortedDictionary<string, LayerBits>.Empty.Add("add", new(null, bits)) };
}
