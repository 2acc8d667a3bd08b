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

    private static QuantizedPhaseSpec Given(QuantizedPhaseSpec phase, int bits) =>
        phase with { LayerBits = ImmutableSortedDictionary<string, LayerBits>.Empty.Add("add", new(null, bits)) };
}
