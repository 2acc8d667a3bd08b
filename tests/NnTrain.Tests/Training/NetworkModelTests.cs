// SPDX-License-Identifier: Apache-2.0
using NnTrain.Layers;
using NnTrain.Models;
using NnTrain.Tests.TorchSystem;
using NnTrain.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Training;

public sealed class NetworkModelTests : TorchTest
{
    [Fact]
    public void Training_and_evaluation_agree_in_every_bit_without_batch_norm_and_with_shifts()
    {
        using NetworkModel model = Quantized("w4a4");
        Tensor images = Batch().Images;

        model.train();
        double[] training = Values(model.forward(images));
        model.eval();

        AssertValues(training, model.forward(images), tolerance: 0);
    }

    [Fact]
    public void Evaluation_observes_every_layer_in_the_order_of_the_hardware()
    {
        using NetworkModel model = Quantized("w4a4");
        model.eval();
        List<string> names = [];

        model.Forward(Batch().Images, (name, _) => names.Add(name));

        Assert.Equal(["conv1", "pool1", "conv2", "dense1", "dense2"], names);
    }

    /// <summary>At most values and a step for each of the layers and the images: with gradients everything on the way stays, too.</summary>
    [Fact]
    public void Without_gradients_only_outputs_stay()
    {
        using NetworkModel model = Quantized("w4a4");
        model.eval();
        Tensor images = Batch().Images;
        using DisposeScope graded = NewDisposeScope();
        double[] expected = Values(model.forward(images));
        int withGradients = graded.DisposablesCount;

        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor scores = model.forward(images);
        int without = scope.DisposablesCount;

        Assert.InRange(without, 1, 2 * 7);
        Assert.True(withGradients > 3 * without, $"{withGradients} tensors with gradients, {without} without");
        AssertValues(expected, scores, tolerance: 0);
    }

    [Theory]
    [InlineData("w4a4")]
    [InlineData("w4a4-lsq")]
    [InlineData("w2a2")]
    [InlineData("w1a1")]
    public void Every_activation_is_an_integer_of_its_grid_times_its_step(string recipe)
    {
        using NetworkModel model = Quantized(recipe);
        model.eval();

        model.Forward(Batch().Images, (name, output) =>
        {
            double step = output.Step!.item<float>();
            Assert.All(Values(output.Values), value => Assert.Equal(Math.Round(value / step) * step, value, 1e-6 * step * output.MaximumCode));
            Assert.All(Values(output.Codes), code => Assert.InRange(Math.Abs(code), 0, output.MaximumCode));
            Assert.True(Values(output.Codes).Distinct().Count() > 1, $"{name} is constant");
        });
    }

    [Fact]
    public void Initial_weights_fill_their_interval_and_follow_from_the_seed()
    {
        using NetworkModel first = new(TestRecipes.SmallNetwork(), TestRecipes.Short("w4a4"));
        using NetworkModel second = new(TestRecipes.SmallNetwork(), TestRecipes.Short("w4a4"));
        first.InitializeWeights(new SeededRandom(1).NextUniform);
        second.InitializeWeights(new SeededRandom(1).NextUniform);

        var weights = first.named_parameters().Where(entry => entry.name.EndsWith(".weight", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, weights.Count);
        Assert.All(weights, entry =>
        {
            double bound = Math.Sqrt(6.0 * entry.parameter.shape[0] / entry.parameter.numel());
            Assert.InRange(Values(entry.parameter).Max(Math.Abs), 0.8 * bound, bound);
        });
        Assert.All(first.named_parameters().Zip(second.named_parameters()), pair => AssertValues(Values(pair.First.parameter), pair.Second.parameter, 0));
    }

    [Fact]
    public void Only_weights_and_clipping_levels_decay()
    {
        using NetworkModel model = new(TestRecipes.SmallNetwork(), TestRecipes.Short("w4a4-pact") with { BatchNorm = NnTrain.Specification.BatchNormKind.Folded });

        var names = ModelState.TrainedParameters(model).ToLookup(parameter => parameter.Decays, parameter => parameter.Name.Split('.', 2)[1]);

        Assert.Equal(["outputQuantizer.range.level", "weight"], names[true].Distinct().Order());
        Assert.Equal(["norm.beta", "norm.gamma"], names[false].Distinct().Order());
    }

    [Fact]
    public void Batch_norm_folds_into_gain_and_offset()
    {
        using ChannelNorm norm = new(2);
        foreach ((string name, Tensor value) in norm.state_dict())
        {
            using IDisposable ungraded = no_grad();
            value.copy_(name switch { "gamma" => tensor([2f, -0.5f]), "beta" => tensor([1f, 3f]), "mean" => tensor([0.25f, -4f]), _ => tensor([4f, 0.0625f]) });
        }
        norm.eval();
        (double[] gains, double[] offsets) = norm.Folded();

        double[] x = [0.7, -1.3];
        double[] folded = [gains[0] * (x[0] + offsets[0]), gains[1] * (x[1] + offsets[1])];

        AssertValues(folded, norm.forward(tensor([0.7f, -1.3f], [1, 2])), 1e-5);
        Assert.True(gains[1] < 0);
    }

    [Fact]
    public void A_gain_keeps_its_sign_and_a_least_magnitude()
    {
        using ChannelNorm norm = new(4);
        Tensor gamma = norm.state_dict()["gamma"];
        using (no_grad())
        {
            gamma.copy_(tensor([1e-9f, -1e-9f, 0f, -2f]));
            norm.Constrain();
        }

        AssertValues([1e-3, -1e-3, 1e-3, -2], gamma, 1e-9);
    }

    private static ImageBatch Batch() => ImageBatch.Of(SyntheticImages.Sets().Test, 0, 32);

    private static NetworkModel Quantized(string recipe)
    {
        NetworkModel model = new(TestRecipes.SmallNetwork(), TestRecipes.Short(recipe)) { Quantized = true };
        model.InitializeWeights(new SeededRandom(4).NextUniform);
        model.InitializeQuantizers(Batch().Images);
        return model;
    }
}
