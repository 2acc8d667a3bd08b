// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Simulation;
using Xunit;

namespace AccelModel.Tests.Networks;

public sealed class ReferenceInterpreterTests
{
    [Fact]
    public void Two_layers_may_read_the_same_tensor()
    {
        IntegerNetwork one = TestNetworks.Dense(TestNetworks.S8, [1, 2]);
        DenseLayer first = (DenseLayer)one.Layers[0];
        IntegerNetwork network = one with
        {
            Layers =
            [
                first with { Output = first.Output with { Format = TestNetworks.S8 }, Requantization = TestNetworks.Identity(1, TestNetworks.S8) },
                new FlattenLayer { Name = "a", Input = "fc", Output = new TensorSpec(1, 1, 1, TestNetworks.S8) },
                first with { Name = "b", Input = "a", Weights = new IntegerTensor([1, 1], [5]) },
            ],
        };
        Assert.Equal([5 * (3 + (2 * 4))], ReferenceInterpreter.Run(network, [3, 4], 1).Output);
    }

    [Fact]
    public void A_batch_is_its_images_one_by_one()
    {
        IntegerNetwork network = TestNetworks.Chain();
        int[] images = [.. Enumerable.Range(0, 48).Select(i => i * 37 % 256)];
        int[] single = [.. images.Chunk(16).SelectMany(image => ReferenceInterpreter.Run(network, image, 1).Output)];
        Assert.Equal(single, ReferenceInterpreter.Run(network, images, 3).Output);
    }

    [Theory]
    [InlineData(RequantizationKind.Shift, RoundingMode.HalfUp, false)]
    [InlineData(RequantizationKind.Shift, RoundingMode.Stochastic, true)]
    [InlineData(RequantizationKind.MultiplierShift, RoundingMode.Stochastic, true)]
    [InlineData(RequantizationKind.DoubleRounding, RoundingMode.Stochastic, false)]
    [InlineData(RequantizationKind.Thresholds, RoundingMode.Stochastic, false)]
    public void Only_a_rounding_shift_is_stochastic(RequantizationKind kind, RoundingMode rounding, bool stochastic) =>
        Assert.Equal(stochastic, (TestNetworks.Identity(1, TestNetworks.S8) with { Kind = kind, Rounding = rounding }).IsStochastic);

    [Fact]
    public void Input_of_the_wrong_length_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ReferenceInterpreter.Run(TestNetworks.Chain(), new int[17], 1));
        Assert.Contains("16", error.Message, StringComparison.Ordinal);
        Assert.Contains("17", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_code_outside_the_format_is_refused()
    {
        int[] image = new int[16];
        image[5] = 256;
        ArgumentException error = Assert.Throws<ArgumentException>(() => ReferenceInterpreter.Run(TestNetworks.Chain(), image, 1));
        Assert.Contains("code 256 at index 5 is outside ufix8_En0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_is_not_well_formed_is_refused()
    {
        IntegerNetwork network = TestNetworks.Chain().With<FlattenLayer>(2, layer => layer with { Input = "nothing" });
        Assert.Throws<ArgumentException>(() => ReferenceInterpreter.Run(network, new int[16], 1));
    }
}
