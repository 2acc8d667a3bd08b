// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using NnTrain.Data;
using NnTrain.Lowering;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Lowering;

/// <summary>Networks with branches, groups and means: trained, quantized and reference are three computations of the same codes.</summary>
public sealed class GraphAgreementTests : TrainingTest
{
    private static readonly AcceleratorSpec Design = TestAccelerators.Load("full-16x16-int8");

    [Theory]
    [InlineData("w8a8", false)]
    [InlineData("w4a4", false)]
    [InlineData("w4a4-minmax", false)]
    [InlineData("w2a2", true)]
    public void A_residual_network_is_the_same_three_times(string recipe, bool folded)
    {
        // A sum of a tensor with signs and one without reads both as signed elements of eight bits.
        TrainingSpec spec = Recipe(recipe);
        QuantizedPhaseSpec phase = spec.QuantizedPhase!;
        (TrainedNetwork trained, IntegerNetwork network) = Same(TestNetworks.Residual(), spec with { QuantizedPhase = phase with { Activations = phase.Activations with { Bits = Math.Min(7, phase.Activations.Bits) } } });

        Assert.Equal(folded ? BatchNormKind.Folded : BatchNormKind.None, trained.Recipe.BatchNorm);
        Assert.Equal(["conv1", "conv2", "add", "half_conv1", "half_conv2", "half_shortcut", "half_add", "pool", "dense"], network.Layers.Select(layer => layer.Name));
        Assert.Equal(["half_conv2", "half_shortcut"], network.Layers[6].Inputs.ToArray());
        Assert.Equal(["add"], network.Layers[5].Inputs.ToArray());
        Assert.True(network.Layers[1].Output.Format.Signed);
        Assert.False(network.Layers[2].Output.Format.Signed);
        Assert.True(trained.TrainedAccuracy > 0.5, $"{recipe} learned {trained.TrainedAccuracy}");
    }

    [Theory]
    [InlineData("w8a8")]
    [InlineData("w4a4")]
    [InlineData("w2a2")]
    public void A_depthwise_network_is_the_same_three_times(string recipe)
    {
        (TrainedNetwork trained, IntegerNetwork network) = Same(TestNetworks.Separable(), Recipe(recipe));

        Assert.Equal([1, 6, 1, 2], network.Layers.OfType<Conv2dLayer>().Select(layer => layer.Groups));
        Assert.Equal([6, 3, 3, 1], ((Conv2dLayer)network.Layers[1]).Weights.Shape.ToArray());
        Assert.True(trained.TrainedAccuracy > 0.5, $"{recipe} learned {trained.TrainedAccuracy}");
    }

    [Fact]
    public void Concatenated_channels_are_the_same_three_times()
    {
        TrainingSpec recipe = Recipe("w4a4");
        (_, IntegerNetwork network) = Same(TestNetworks.Dense(), recipe with { QuantizedPhase = recipe.QuantizedPhase! with { Sums = recipe.QuantizedPhase.Output } });

        Assert.Equal(["conv1", "pool", "conv2", "both_part1", "both_part2", "both", "conv3", "flatten", "dense"], network.Layers.Select(layer => layer.Name));
        Assert.Equal(["both_part1", "both_part2"], network.Layers[5].Inputs.ToArray());
    }

    [Theory]
    [InlineData(SignPadding.Zero, null, "full-16x16-int8")]
    [InlineData(SignPadding.MinusOne, 0.5, "full-16x16-int8")]
    public void Signs_of_sums_are_the_same_three_times(SignPadding padding, double? threshold, string design)
    {
        TrainingSpec recipe = Recipe("w1a1");
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        recipe = recipe with { InputThreshold = threshold, QuantizedPhase = phase with { Epochs = 6, Sums = phase.Output, SignPadding = padding } };
        (TrainedNetwork trained, IntegerNetwork network) = Same(TestNetworks.Signs(), recipe, design);

        string[] signs = ["conv2_signs", "conv3_signs"];
        Assert.Equal(threshold is null ? signs : ["conv1_signs", .. signs], network.Layers.OfType<RequantizeLayer>().Select(layer => layer.Name));
        Assert.All(network.Layers.OfType<Conv2dLayer>(), layer => Assert.Equal(padding == SignPadding.Zero ? 0 : -1, layer.PaddingCode));
        Assert.True(trained.TrainedAccuracy > 0.4, $"learned {trained.TrainedAccuracy}");
    }

    /// <summary>Binary methods that need shortcuts, concatenations or depthwise layers, on elements that know nothing but signs.</summary>
    [Theory]
    [InlineData("bi-real")]
    [InlineData("binarydensenet")]
    [InlineData("mobinet")]
    [InlineData("meliusnet")]
    public void A_binary_method_with_branches_runs_on_elements_for_signs(string method)
    {
        NetworkSpec network = method switch
        {
            "bi-real" => TestNetworks.Signs(), "mobinet" => TestNetworks.SeparableSigns(), "meliusnet" => TestNetworks.ImprovedSigns(), _ => TestNetworks.DenseSigns(),
        };
        TrainingSpec recipe = TestRecipes.Short("methods/" + method, epochs: 6) with { ShiftPixels = 0 };
        (TrainedNetwork trained, IntegerNetwork integers) = Same(network, recipe, "methods/xnor-32x32-elementwise");

        Assert.All(integers.Layers.OfType<Conv2dLayer>(), layer => Assert.All(layer.Weights.Values, weight => Assert.True(weight is -1 or 1)));
        Assert.True(trained.TrainedAccuracy > 0.4, $"{method} learned {trained.TrainedAccuracy}");
        ImageSet images = SyntheticImages.Sets().Test;
        int[] input = [.. images.Pixels.Select(pixel => (int)pixel)];
        Schedule schedule = Scheduler.Schedule(integers, TestAccelerators.Load("methods/xnor-32x32-elementwise"));
        Assert.Equal(ReferenceInterpreter.Run(integers, input, images.Count).Output, FastEngine.Execute(schedule, input, images.Count, new() { Threads = 1 }).Output);
    }

    [Fact]
    public void A_hybrid_filter_bank_has_ternary_filters_beside_those_of_eight_bits()
    {
        (TrainedNetwork trained, IntegerNetwork network) = Same(TestNetworks.HybridFilters(), Recipe("methods/ternary-mobilenets"));

        foreach (Conv2dLayer layer in network.Layers.OfType<Conv2dLayer>())
        {
            bool isTernary = layer.Name is "products1" or "sums1";
            Assert.Equal(isTernary, layer.Weights.Values.All(weight => weight is >= -1 and <= 1));
            Assert.Equal(isTernary ? 2 : 8, layer.WeightFormat.Width);
        }

        Assert.True(trained.TrainedAccuracy > 0.5, $"learned {trained.TrainedAccuracy}");
    }

    [Fact]
    public void Filters_of_a_circulant_layer_are_turns_of_every_fourth_in_integers_too()
    {
        TrainingSpec recipe = TestRecipes.Short("methods/cbcn", epochs: 6) with { ShiftPixels = 0 };
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        QuantizerSpec turned = phase.LayerWeights!.Values.First();
        recipe = recipe with { QuantizedPhase = phase with { LayerWeights = ImmutableSortedDictionary<string, QuantizerSpec>.Empty.Add("conv2", turned).Add("conv3", turned) } };

        (TrainedNetwork trained, IntegerNetwork network) = Same(TestNetworks.Signs(), recipe, "methods/xnor-32x32-elementwise");

        foreach (Conv2dLayer layer in network.Layers.OfType<Conv2dLayer>().Where(layer => layer.Name is "conv2" or "conv3"))
        {
            // Output channel, kernel row, kernel column, input channel.
            Assert.Equal([8, 3, 3, 8], layer.Weights.Shape.ToArray());
            int At(int output, int y, int x, int input) => layer.Weights.Values[(((((output * 3) + y) * 3) + x) * 8) + input];
            Assert.All(Enumerable.Range(0, 8 * 9 * 8).Where(k => k / 72 % 4 != 3), k =>
            {
                (int output, int y, int x, int input) = (k / 72, k / 24 % 3, k / 8 % 3, k % 8);
                Assert.Equal(At(output, 2 - x, y, input), At(output + 1, y, x, input));
            });
        }

        Assert.True(trained.TrainedAccuracy > 0.4, $"learned {trained.TrainedAccuracy}");
    }

    [Fact]
    public void A_narrow_recipe_has_no_form_for_sums()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => TrainNetwork(TestNetworks.Residual(), Recipe("w4a4-pact")));

        Assert.Contains("quantized_phase.sums", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_scale_of_a_term_shows_in_the_sum()
    {
        TrainedNetwork trained = TrainNetwork(TestNetworks.Residual(), Recipe("w8a8"));
        IntegerNetwork network = NetworkLowering.Lower(trained, Design);
        AddLayer add = (AddLayer)network.Layers[2];
        Requantization second = add.Second with { Multiplier = [], Kind = RequantizationKind.Shift, Shift = [1] };
        network = network with { Layers = network.Layers.SetItem(2, add with { Second = second }) };

        Assert.True(CodeAgreement.Compare(trained, network, SyntheticImages.Sets().Test).Layers[2].Differences > 0);
    }

    private static TrainingSpec Recipe(string name) => TestRecipes.Short(name, epochs: 3) with { ShiftPixels = 0 };

    private TrainedNetwork TrainNetwork(NetworkSpec network, TrainingSpec recipe) =>
        Trainer.Train(new TrainingPlan { Network = network, Recipe = recipe, Directory = Folder("graph") }, SyntheticImages.Sets());

    private (TrainedNetwork Trained, IntegerNetwork Network) Same(NetworkSpec spec, TrainingSpec recipe, string design = "full-16x16-int8")
    {
        TrainedNetwork trained = TrainNetwork(spec, recipe);
        AcceleratorSpec accelerator = TestAccelerators.Load(design);
        IntegerNetwork network = NetworkLowering.Lower(trained, accelerator);
        Assert.Empty(HardwareFit.Check(network, accelerator));

        ImageSet images = SyntheticImages.Sets().Test;
        int[] input = [.. images.Pixels.Select(pixel => (int)pixel)];
        ImmutableArray<int[]> quantized = QuantizedEvaluator.Run(network, input, images.Count);
        Assert.Equal(ReferenceInterpreter.Run(network, input, images.Count).LayerOutputs.Select(codes => codes.ToArray()), quantized);

        AgreementReport report = CodeAgreement.Compare(trained, network, images);
        Assert.Equal(network.Layers.Count(layer => layer is not FlattenLayer && layer.Name != "dense_signs" && !layer.Name.Contains("_part", StringComparison.Ordinal)), report.Layers.Length);
        Assert.All(report.Layers, layer => Assert.True(layer.Differences == 0, $"{layer.Name}: {layer.Differences} of {layer.Codes} codes differ"));
        Assert.True(quantized[^1].Distinct().Count() > 4);
        return (trained, network);
    }
}
