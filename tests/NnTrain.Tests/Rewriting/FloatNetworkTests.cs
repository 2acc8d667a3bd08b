// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using NnTrain.Calibration;
using NnTrain.Models;
using NnTrain.Rewriting;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using NnTrain.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Rewriting;

/// <summary>Rewriting of float networks: what is computed stays, and what was asked for changed.</summary>
public sealed class FloatNetworkTests : TrainingTest
{
    [Fact]
    public void Equalised_layers_compute_the_same_and_share_the_range_of_every_channel()
    {
        TrainedNetwork before = Disturbed(Random(BatchNormKind.None));
        FloatNetwork network = new(before);

        CrossLayerEqualization.Apply(network);

        AssertSameScores(before, network.ToTrained(), 1e-3);
        foreach ((FloatLayer first, FloatLayer second) in network.Layers.Zip(network.Layers.Skip(1)))
        {
            for (int channel = 0; channel < first.Outputs; channel++)
            {
                Assert.Equal(1, first.OutputRange(channel) / second.InputRange(channel), 1e-4);
            }
        }
    }

    /// <summary>Channels are multiplied by 2^0 .. 2^-9 and by the inverse behind the ReLU: the same network, whose small channels one scale a layer loses.</summary>
    [Fact]
    public void Equalisation_recovers_a_network_that_one_scale_a_layer_breaks()
    {
        TrainingSpec recipe = TestRecipes.Short("methods/post-training", epochs: 3);
        TrainedNetwork start = Trainer.Train(Plan(recipe with { QuantizedPhase = null }, "float"), SyntheticImages.Sets());
        TrainedNetwork disturbed = Disturbed(start);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        QuantizedPhaseSpec coarse = phase with { Weights = phase.Weights with { Bits = 4 }, FirstLayerWeights = phase.Weights with { Bits = 4 }, LastLayerWeights = phase.Weights with { Bits = 4 } };
        double Accuracy(TrainedNetwork from, bool equalize) => Trainer.Train(
            Plan(recipe with { QuantizedPhase = coarse with { PostTraining = new() { FoldBatchNorm = false, Equalize = equalize, AbsorbBias = false, CorrectBias = false } } }, "ptq" + equalize)
                with { FloatNetwork = from },
            SyntheticImages.Sets()).TrainedAccuracy!.Value;

        double broken = Accuracy(disturbed, equalize: false);
        double recovered = Accuracy(disturbed, equalize: true);

        Assert.True(start.FloatAccuracy > 0.9, $"the float network learned {start.FloatAccuracy}");
        Assert.True(recovered >= start.FloatAccuracy - 0.1 && broken < recovered - 0.2, $"broken {broken}, recovered {recovered}, float {start.FloatAccuracy}");
    }

    /// <summary>A depthwise layer is one channel wide for each of its outputs; a tensor that a shortcut reads too is no layer's alone.</summary>
    [Fact]
    public void Equalised_layers_with_groups_and_branches_compute_the_same()
    {
        TrainedNetwork separable = Disturbed(Random(BatchNormKind.Folded, TestNetworks.Separable()), fold: true);
        FloatNetwork network = new(separable);
        Assert.Equal(["conv1 depthwise", "depthwise pointwise", "pointwise groups", "groups dense"], network.Pairs.Select(pair => $"{pair.First.Name} {pair.Second.Name}"));

        CrossLayerEqualization.Apply(network);

        AssertSameScores(separable, network.ToTrained(), 1e-3);
        Assert.All(network.Pairs, pair => Assert.All(Enumerable.Range(0, pair.First.Outputs), channel =>
            Assert.Equal(1, pair.First.OutputRange(channel) / pair.Second.InputRange(channel), 1e-4)));

        TrainedNetwork residual = Disturbed(Random(BatchNormKind.Folded, TestNetworks.Residual()), fold: true);
        FloatNetwork branches = new(residual);
        Assert.Equal(["half_conv1 half_conv2"], branches.Pairs.Select(pair => $"{pair.First.Name} {pair.Second.Name}"));

        CrossLayerEqualization.Apply(branches);

        AssertSameScores(residual, branches.ToTrained(), 1e-3);
    }

    [Fact]
    public void Weights_between_groups_are_not_there()
    {
        FloatLayer layer = new(new ConvolutionSpec { Name = "g", Channels = 4, Kernel = 1, Stride = 1, Padding = 0, Groups = 2 }, [1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0], 4);

        Assert.Equal([3, 4], layer.Output(1).ToArray());
        Assert.Equal([4], layer.Between(1, 1).ToArray());
        Assert.Equal([7], layer.Between(3, 2).ToArray());
        Assert.True(layer.Between(1, 2).IsEmpty && layer.Between(3, 1).IsEmpty);
        Assert.Equal((3, 8), (layer.InputRange(0), layer.InputRange(3)));
    }

    [Fact]
    public void Folded_batch_norm_computes_the_same()
    {
        TrainedNetwork before = Random(BatchNormKind.Folded);
        FloatNetwork network = new(before);

        BatchNormFolding.Apply(network);

        TrainedNetwork after = network.ToTrained();
        Assert.Equal(BatchNormKind.None, after.Recipe.BatchNorm);
        Assert.DoesNotContain(after.Parameters.Keys, name => name.Contains("norm", StringComparison.Ordinal));
        AssertSameScores(before, after, 1e-4);
    }

    [Fact]
    public void A_bias_that_no_input_undoes_goes_over_to_the_next_layer()
    {
        TrainedNetwork random = Random(BatchNormKind.Folded);
        TrainedNetwork before = random with
        {
            Parameters = random.Parameters
                .SetItem("dense1.norm.beta", NpyArray.FromFloats([16], [.. Enumerable.Repeat(20f, 16)]))
                .SetItem("dense1.norm.variance", NpyArray.FromFloats([16], [.. Enumerable.Repeat(1000f, 16)]))
                .SetItem("dense1.norm.gamma", NpyArray.FromFloats([16], [.. Enumerable.Repeat(0.5f, 16)])),
        };
        FloatNetwork network = new(before);
        BatchNormFolding.Apply(network);
        float[] biases = [.. network.Layers[2].Bias];

        BiasAbsorption.Apply(network);

        Assert.All(biases.Zip(network.Layers[2].Bias), pair => Assert.Equal(20 - (3 * 0.5), pair.First - pair.Second, 1e-4));
        AssertSameScores(before, network.ToTrained(), 1e-3);
    }

    [Theory]
    [InlineData(SplitHalves.Even)]
    [InlineData(SplitHalves.GridAware)]
    public void Split_channels_compute_the_same_with_smaller_weights(SplitHalves halves)
    {
        TrainedNetwork before = Random(BatchNormKind.None);
        FloatNetwork network = new(before);
        double[] ranges = [.. network.Layers.Skip(1).Select(Range)];

        ChannelSplitting.Apply(network, new() { Share = 0.3, Halves = halves }, _ => 7);

        TrainedNetwork after = network.ToTrained();
        AssertSameScores(before, after, 1e-4);
        Assert.Equal([8, 11, 21, 4], network.Layers.Select(layer => layer.Outputs)); // 6 + ceil(1.8), 8 + ceil(2.4), 16 + ceil(4.8), classes
        Assert.All(ranges.Zip(network.Layers.Skip(1)), pair => Assert.True(Range(pair.Second) < pair.First));
    }

    [Fact]
    public void Codes_of_grid_aware_halves_add_up_to_the_code_of_the_whole()
    {
        FloatNetwork network = new(Random(BatchNormKind.None));
        float[] original = [.. network.Layers[3].Weights];

        ChannelSplitting.Apply(network, new() { Share = 0.05, Halves = SplitHalves.GridAware }, _ => 7);

        FloatLayer last = network.Layers[3]; // one of its sixteen inputs was split
        Assert.Equal(17, last.Inputs);
        int source = Enumerable.Range(0, 16).Single(input => Enumerable.Range(0, 4).Any(output => last.Between(output, input)[0] != original[(output * 16) + input]));
        double step = Enumerable.Range(0, 16).Where(input => input != source).Select(last.InputRange).Append(Enumerable.Range(0, 4).Max(o => Math.Abs(original[(o * 16) + source] / 2))).Max() / 7;
        for (int output = 0; output < 4; output++)
        {
            Assert.Equal(Code(original[(output * 16) + source]), Code(last.Between(output, source)[0]) + Code(last.Between(output, 16)[0]));
        }

        double Code(double weight) => Math.Floor((weight / step) + 0.5);
    }

    [Fact]
    public void Importance_goes_back_through_magnitudes()
    {
        FloatLayer layer = new(new DenseSpec { Name = "d", Outputs = 2 }, [1, -2, 0.5f, 3, 0, -1], [0, 0], inputs: 3);

        Assert.Equal([(1 * 10) + (3 * 1), (2 * 10) + 0, (0.5 * 10) + (1 * 1)], ScorePropagation.Before(layer, [10, 1]));
    }

    [Fact]
    public void Fitted_weights_after_pruning_have_less_output_error_than_the_old_ones_and_as_many_zeros_as_asked()
    {
        TrainedNetwork before = Random(BatchNormKind.None);
        InputMoments moments = InputMoments.Of(before, SyntheticImages.Sets().Training, 64)["dense1"];
        FloatLayer layer = new FloatNetwork(before).Layers[2];
        float[] old = [.. layer.Weights];

        EnergyAwarePruning.Apply(layer, moments, 0.5);

        Assert.Equal(old.Length / 2, layer.Weights.Count(weight => weight == 0));
        double fitted = 0;
        double masked = 0;
        for (int output = 0; output < layer.Outputs; output++)
        {
            int start = output * moments.Size;
            fitted += moments.Error([.. Enumerable.Range(0, moments.Size).Select(i => (double)layer.Weights[start + i] - old[start + i])]);
            masked += moments.Error([.. Enumerable.Range(0, moments.Size).Select(i => layer.Weights[start + i] == 0 ? -(double)old[start + i] : 0)]);
        }

        Assert.True(fitted < masked / 2, $"fitted {fitted}, masked {masked}");
    }

    /// <summary>The error of a change by its definition: the mean square of what it does to the outputs.</summary>
    [Fact]
    public void Moments_tell_the_mean_squared_change_of_an_output()
    {
        TrainedNetwork network = Random(BatchNormKind.None);
        using NetworkModel model = Real(network);
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        InputMoments moments = InputMoments.Of(network, SyntheticImages.Sets().Training, 32)["conv2"];
        double[] change = [.. Enumerable.Range(0, moments.Size).Select(i => Math.Sin(i))];
        double expected = 0;
        model.VisitInputs(ImageBatch.Of(SyntheticImages.Sets().Training, 0, 32).Images, (layer, input) =>
        {
            if (layer.GetName() == "conv2")
            {
                Tensor kernel = tensor([.. change.Select(x => (float)x)], [1, 6, 2, 2]);
                expected = nn.functional.conv2d(input.Values, kernel).square().mean().item<float>();
            }
        });

        Assert.Equal(1, moments.Error(change) / expected, 1e-4);
    }

    [Fact]
    public void Corrected_biases_leave_no_mean_error_on_the_calibration_images()
    {
        TrainingSpec corrected = BiasCorrected(BiasError.Outputs, activationBits: 8);
        TrainedNetwork start = Random(BatchNormKind.None);
        double Error(TrainingSpec of)
        {
            TrainedNetwork trained = Trainer.Train(Plan(of, "bias") with { FloatNetwork = start }, SyntheticImages.Sets());
            using NetworkModel quantized = trained.CreateModel();
            using NetworkModel real = Real(start);
            using IDisposable ungraded = no_grad();
            using DisposeScope scope = NewDisposeScope();
            Tensor images = ImageBatch.Of(SyntheticImages.Sets().Training, 0, 64).Images;
            return (quantized.forward(images).mean([0L]) - real.forward(images).mean([0L])).abs().max().item<float>();
        }

        double with = Error(corrected);
        double without = Error(corrected with { QuantizedPhase = corrected.QuantizedPhase! with { PostTraining = null } });

        Assert.True(with < without / 3, $"{with} with, {without} without");
    }

    [Fact]
    public void Biases_corrected_for_weights_alone_move_by_the_error_of_the_weights_on_the_mean_input()
    {
        // Activations that lose much are no part of it.
        TrainingSpec corrected = BiasCorrected(BiasError.Weights, activationBits: 1);
        TrainedNetwork start = Random(BatchNormKind.None);
        TrainedNetwork trained = Trainer.Train(Plan(corrected, "weights") with { FloatNetwork = start }, SyntheticImages.Sets());
        using NetworkModel quantized = trained.CreateModel();
        using NetworkModel real = Real(start);
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        NnTrain.Layers.MatrixLayer conv2 = quantized.MatrixLayers.Single(layer => layer.GetName() == "conv2");
        Tensor error = conv2.WeightQuantizer.Quantize(conv2.Latent).Values - conv2.Latent;
        float[] expected = [];
        real.VisitInputs(ImageBatch.Of(SyntheticImages.Sets().Training, 0, 64).Images, (layer, input) =>
            expected = layer.GetName() == "conv2" ? (nn.functional.conv2d(input.Values, error).mean([0L, 2L, 3L]) * -1).data<float>().ToArray() : expected);

        float[] moved = [.. trained.Parameters["conv2.bias"].ToFloats().Zip(start.Parameters["conv2.bias"].ToFloats(), (after, before) => after - before)];

        Assert.Contains(expected, value => Math.Abs(value) > 1e-3);
        Assert.Equal(expected.Length, moved.Length);
        Assert.All(expected.Zip(moved), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    /// <summary>Weights of three bits without training, and biases that make up for it.</summary>
    private static TrainingSpec BiasCorrected(BiasError error, int activationBits)
    {
        TrainingSpec recipe = TestRecipes.Short("methods/post-training");
        QuantizedPhaseSpec phase = recipe.QuantizedPhase! with { CalibrationImages = 64 };
        QuantizerSpec coarse = phase.Weights with { Bits = 3 };
        return recipe with
        {
            QuantizedPhase = phase with
            {
                Weights = coarse, FirstLayerWeights = coarse, LastLayerWeights = coarse, Activations = phase.Activations with { Bits = activationBits },
                PostTraining = new() { FoldBatchNorm = false, Equalize = false, AbsorbBias = false, CorrectBias = true, BiasError = error },
            },
        };
    }

    private static TrainedNetwork Random(BatchNormKind batchNorm) => Random(batchNorm, TestRecipes.SmallNetwork());

    private static TrainedNetwork Random(BatchNormKind batchNorm, NetworkSpec network)
    {
        TrainingSpec recipe = TestRecipes.Short("methods/post-training") with { QuantizedPhase = null, BatchNorm = batchNorm };
        using NetworkModel model = new(network, recipe);
        SeededRandom random = new(7);
        model.InitializeWeights(random.NextUniform);
        return new()
        {
            Network = network,
            Recipe = recipe,
            Environment = new("none", "none", 1),
            Epochs = [],
            FloatAccuracy = 0.5,
            TrainedAccuracy = null,
            Parameters = TensorArchive.NoArrays.AddRange(ModelState.Read(ModelState.Of(model)).Select(entry =>
                entry.Key.EndsWith("weight", StringComparison.Ordinal) ? entry : new(entry.Key, Around(entry.Value, entry.Key.EndsWith("bias", StringComparison.Ordinal) || entry.Key.EndsWith("beta", StringComparison.Ordinal) || entry.Key.EndsWith("mean", StringComparison.Ordinal) ? 0 : 1, random)))),
        };
    }

    /// <summary>Biases about 0, gains and variances about 1.</summary>
    private static NpyArray Around(NpyArray array, double centre, SeededRandom random) =>
        NpyArray.FromFloats([.. array.Shape], [.. array.ToFloats().Select(_ => (float)(centre + (random.NextUniform() - 0.5)))]);

    private static TrainedNetwork Disturbed(TrainedNetwork trained, bool fold = false)
    {
        FloatNetwork network = new(trained);
        if (fold)
        {
            BatchNormFolding.Apply(network);
        }

        foreach ((FloatLayer first, FloatLayer second) in network.Pairs)
        {
            for (int channel = 0; channel < first.Outputs; channel++)
            {
                float factor = MathF.ScaleB(1, -(channel * 5 % 10));
                foreach (ref float weight in first.Output(channel))
                {
                    weight *= factor;
                }

                first.Bias[channel] *= factor;
                for (int output = 0; output < second.Outputs; output++)
                {
                    foreach (ref float weight in second.Between(output, channel))
                    {
                        weight /= factor;
                    }
                }
            }
        }

        return network.ToTrained();
    }

    private static double Range(FloatLayer layer) => Enumerable.Range(0, layer.Inputs).Max(layer.InputRange);

    private static NetworkModel Real(TrainedNetwork network) => (network with { Recipe = network.Recipe with { QuantizedPhase = null } }).CreateModel();

    private static void AssertSameScores(TrainedNetwork first, TrainedNetwork second, double tolerance)
    {
        using NetworkModel a = Real(first);
        using NetworkModel b = Real(second);
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor images = ImageBatch.Of(SyntheticImages.Sets().Test, 0, 50).Images;
        Tensor scores = a.forward(images);
        double difference = (scores - b.forward(images)).abs().max().item<float>() / scores.abs().max().item<float>();
        Assert.True(difference < tolerance, $"scores differ by {difference}");
    }
}
