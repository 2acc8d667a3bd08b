// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using NnTrain.Data;
using NnTrain.Inspection;
using NnTrain.Quantizers;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Inspection;

public sealed class LayerSensitivityTests : TrainingTest
{
    private static readonly ImageSet Images = SyntheticImages.Sets().Training;

    /// <summary>Weights of -1, 0 and 1 times one number have codes at two bits and at eight alike: nothing can be lost. The other layers tell that something can be.</summary>
    [Fact]
    public void Weights_that_two_bits_hold_lose_nothing_at_two_bits()
    {
        TrainedNetwork trained = WithTernary(Train(TestRecipes.Short("w4a4", epochs: 4)), "dense1");

        (double reference, var tensors) = LayerSensitivity.Of(trained, Images, [2, 4], 100);

        Assert.All(
            tensors.Where(tensor => tensor.Layer == "dense1" && tensor.Tensor == TensorRole.Weights), tensor => Assert.Equal(reference, tensor.Accuracy));
        Assert.Contains(tensors, tensor => tensor.Bits == 2 && tensor.Accuracy < reference);
    }

    [Fact]
    public void Every_tensor_but_the_scores_is_measured_at_every_width()
    {
        List<(int Done, int All)> told = [];

        var (_, tensors) = LayerSensitivity.Of(Train(TestRecipes.Short("w4a4")), Images, [3, 5, 6], 50, (done, all) => told.Add((done, all)));

        Assert.Equal((4 + 3) * 3, tensors.Length);
        Assert.Equal(tensors.Length, tensors.Select(tensor => (tensor.Layer, tensor.Tensor, tensor.Bits)).Distinct().Count());
        Assert.DoesNotContain(tensors, tensor => tensor is { Layer: "dense2", Tensor: TensorRole.Activations });
        Assert.Equal(Enumerable.Range(1, tensors.Length + 1).Select(done => (done, tensors.Length + 1)), told);
    }

    /// <summary>DoReFa's tanh and maximum move weights, its activations are clipped at 1, and batch norm knows the moved ones: what is measured must be the trained network.</summary>
    [Theory]
    [InlineData("methods/pact")]
    [InlineData("methods/dorefa")]
    [InlineData("methods/twn")]
    public void With_eight_bits_everywhere_the_network_is_as_good_as_it_was_trained(string recipe)
    {
        TrainedNetwork trained = Train(TestRecipes.Short(recipe, epochs: 4));

        (double reference, _) = LayerSensitivity.Of(trained, Images, [4], 100);

        Assert.InRange(reference, trained.TrainedAccuracy!.Value - 0.1, 1);
    }

    [Theory]
    [InlineData("methods/qil", "trained intervals")]
    [InlineData("methods/encoding-decomposition", "not those of a ReLU")]
    public void Outputs_that_other_bits_do_not_make_are_a_hindrance(string recipe, string why) =>
        Assert.Contains(why, LayerSensitivity.Hindrance(TestRecipes.Short(recipe)), StringComparison.Ordinal);

    [Fact]
    public void Signs_have_no_real_network_behind_them()
    {
        TrainedNetwork trained = Train(TestRecipes.Short("w1a1"));

        Assert.NotNull(LayerSensitivity.Hindrance(trained.Recipe));
        Assert.Throws<ArgumentException>(() => LayerSensitivity.Of(trained, Images, [4], 10));
    }

    private static TrainedNetwork WithTernary(TrainedNetwork trained, string layer)
    {
        string name = $"{layer}.weight";
        AccelModel.Numerics.NpyArray old = trained.Parameters[name];
        float[] weights = MemoryMarshal.Cast<byte, float>(old.Data.ToArray()).ToArray();
        float size = weights.Max(Math.Abs) / 2;
        float[] ternary = [.. weights.Select(weight => Math.Abs(weight) < size / 4 ? 0 : MathF.CopySign(size, weight))];
        return trained with { Parameters = trained.Parameters.SetItem(name, AccelModel.Numerics.NpyArray.FromFloats(old.Shape.AsSpan(), ternary)) };
    }
}
