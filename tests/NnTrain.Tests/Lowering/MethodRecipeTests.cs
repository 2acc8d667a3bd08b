// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Specification;
using NnTrain.Data;
using NnTrain.Layers;
using NnTrain.Lowering;
using NnTrain.Models;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Lowering;

/// <summary>Recipes of methods by name, from images to integers: three epochs each on the kind of PE that they are for.</summary>
public sealed class MethodRecipeTests : TrainingTest
{
    /// <summary>Signs with gradients that are small at first; one class of four is 0.25.</summary>
    private static readonly string[] SlowLearners = ["bnn-plus", "ir-net", "self-binarizing", "reactnet", "widen-squeeze", "range-bn", "shift-adamax"];

    /// <summary>Method, design, and what its weights are.</summary>
    public static TheoryData<string, string, Func<int, bool>, int> Methods { get; } = new()
    {
        { "jacob-int8", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "dorefa", "systolic-16x16-int8", _ => true, 255 },
        { "pact", "systolic-16x16-int8", _ => true, 255 },
        { "pact-sawb", "systolic-16x16-int8", _ => true, 255 },
        { "wrpn", "systolic-16x16-int8", _ => true, 255 },
        { "forward/wage", "ternary-16x16", weight => weight is >= -1 and <= 1, 3 },
        { "forward/qnn", "methods/systolic-16x16-odd", weight => weight is -1 or 1, 2 },
        { "nics-fix", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "forward/scalable-8bit", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "forward/unified-int8", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "forward/swalp", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "alpha-blending", "systolic-16x16-int8", weight => weight is >= -7 and <= 7, 15 },
        { "twn", "ternary-16x16", weight => weight is >= -1 and <= 1, 3 },
        { "binaryconnect", "ternary-16x16", weight => weight is -1 or 0 or 1, 3 },
        { "../adaround", "systolic-16x16-int8", weight => weight is >= -3 and <= 3, 7 },
        { "../binary-relax", "ternary-16x16", weight => weight is -1 or 0 or 1, 3 },
        { "bwn", "ternary-16x16", weight => weight is -1 or 0 or 1, 3 },
        { "deep-compression", "codebook-16x16", weight => weight is >= -127 and <= 127, 16 },
        { "inq", "shift-add-16x16-w5", weight => int.PopCount(Math.Abs(weight)) <= 1 && Math.Abs(weight) <= 128, 17 },
        { "bnn", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "xnor-net", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "aciq", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "lin-sqnr", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "dfq", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "ocs", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "resiliency", "ternary-16x16", weight => weight is >= -1 and <= 1, 3 },
        { "ristretto", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "moons", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "qiu-fpga16", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "pytorch-playground-ptq", "systolic-16x16-int8", weight => weight is >= -31 and <= 31, 63 },
        { "tflite-ptq", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "pytorch-quant", "systolic-16x16-int8", weight => weight is >= -63 and <= 63, 127 },
        { "distiller", "systolic-16x16-int8", weight => weight is >= -31 and <= 31, 63 },
        { "hessian-ecsq", "codebook-16x16", weight => weight is >= -127 and <= 127, 16 },
        { "iterative-retrain", "systolic-16x16-int8", weight => weight is >= -7 and <= 7, 15 },
        { "energy-aware-pruning", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "nisp", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "ttq", "codebook-16x16", weight => weight is >= -127 and <= 127, 3 },
        { "truncated-gaussian-ternary", "ternary-16x16", weight => weight is >= -1 and <= 1, 3 },
        { "qil", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "lq-nets", "codebook-16x16", weight => weight is >= -127 and <= 127, 5 },
        { "dsq", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "two-step-tsq", "ternary-16x16", weight => weight is >= -1 and <= 1, 3 },
        { "effective-training", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "aux-gradient", "systolic-16x16-int8", weight => weight is >= -3 and <= 3, 7 },
        { "apprentice", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "quantized-distillation", "systolic-16x16-int8", weight => weight is >= -7 and <= 7, 15 },
        { "differentiable-quantization", "codebook-16x16", weight => weight is >= -127 and <= 127, 16 },
        { "hwgq", "ternary-16x16", weight => weight is -1 or 0 or 1, 3 },
        { "lin-talathi", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "layer-priority", "ternary-16x16", weight => weight is -1 or 0 or 1, 3 },
        { "kt-detector", "ternary-16x16", weight => weight is -1 or 0 or 1, 3 },
        { "bnn-plus", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "ir-net", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "ls-binary", "codebook-16x16", weight => weight is >= -127 and <= 127, 5 },
        { "abc-net", "codebook-16x16", weight => weight is >= -127 and <= 127, 5 },
        { "lab", "ternary-16x16", weight => weight is -1 or 0 or 1, 3 },
        { "laq", "ternary-16x16", weight => weight is -1 or 0 or 1, 3 },
        { "self-binarizing", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "bwnh", "ternary-16x16", weight => weight is -1 or 0 or 1, 3 },
        { "xnor-net++", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "bop", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "reactnet", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "widen-squeeze", "systolic-16x16-int8", weight => weight is >= -1 and <= 1, 3 },
        { "hawq", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "releq", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
        { "rebnet", "methods/ternary-16x16-tables", weight => weight is -1 or 1, 2 },
        { "horq", "methods/ternary-16x16-tables", weight => weight is -1 or 1, 2 },
        { "encoding-decomposition", "methods/systolic-16x16-odd", weight => Math.Abs(weight) is 1 or 3, 4 },
        { "l1-bn", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "range-bn", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "shift-bn", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "shift-adamax", "xnor-32x32", weight => weight is -1 or 1, 2 },
        { "hawq-v2", "systolic-16x16-int8", weight => weight is >= -127 and <= 127, 255 },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_ends_in_integers_that_its_elements_hold_and_that_three_computations_agree_on(
        string method, string design, Func<int, bool> isWeight, int mostValues)
    {
        TrainedNetwork trained = Train(TestRecipes.Short("methods/" + method, epochs: SlowLearners.Contains(method) ? 6 : 3));
        AcceleratorSpec accelerator = TestAccelerators.Load(design);

        IntegerNetwork network = NetworkLowering.Lower(trained, accelerator);

        Assert.Empty(HardwareFit.Check(network, accelerator));
        Assert.All(WeightsOf(network), weights =>
        {
            Assert.All(weights, weight => Assert.True(isWeight(weight), $"{weight} is no weight of {method}"));
            Assert.InRange(weights.Distinct().Count(), 2, mostValues);
        });
        ImageSet images = SyntheticImages.Sets().Test;
        int[] input = [.. images.Pixels.Select(pixel => (int)pixel)];
        ImmutableArray<int[]> quantized = QuantizedEvaluator.Run(network, input, images.Count);
        Assert.Equal(ReferenceInterpreter.Run(network, input, images.Count).LayerOutputs.Select(codes => codes.ToArray()), quantized);
        Assert.InRange(CodeAgreement.Compare(trained, network, images).Rate, 0, 1e-4);
        Assert.True(trained.TrainedAccuracy > (SlowLearners.Contains(method) ? 0.4 : 0.5), $"{method} learned {trained.TrainedAccuracy}");
    }

    [Theory]
    [InlineData(LossKind.SquaredHinge)]
    [InlineData(LossKind.SquaredError)]
    public void Signs_learn_by_the_losses_of_their_papers_too(LossKind loss)
    {
        TrainedNetwork trained = Train(TestRecipes.Short("methods/binaryconnect", epochs: 4) with { Loss = loss });

        Assert.True(trained.TrainedAccuracy > 0.5, $"learned {trained.TrainedAccuracy}");
    }

    /// <summary>Layers of the small network have other numbers of blocks than those that the recipe was written for.</summary>
    [Fact]
    public void Blocks_of_weights_are_entries_of_the_layer_s_codebook_in_integers_too()
    {
        TrainingSpec recipe = TestRecipes.Short("methods/bit-goes-down", epochs: 3);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        recipe = recipe with
        {
            QuantizedPhase = phase with
            {
                Weights = phase.Weights with { CodebookBits = 6 },
                LastLayerWeights = phase.LastLayerWeights with { CodebookBits = 2 },
                LayerWeights = phase.LayerWeights!.SetItem("conv2", phase.Weights with { CodebookBits = 3 }),
            },
        };
        TrainedNetwork trained = Train(recipe);
        AcceleratorSpec accelerator = TestAccelerators.Load("systolic-16x16-int8");

        IntegerNetwork network = NetworkLowering.Lower(trained, accelerator);

        Assert.Empty(HardwareFit.Check(network, accelerator));
        using NetworkModel model = trained.CreateModel();
        foreach ((MatrixLayer layer, int entries) in model.MatrixLayers.Skip(1).Zip([8, 64, 4]))
        {
            int[] codes = layer.WeightCodes();
            Assert.InRange(codes.Chunk(4).Select(block => string.Join(' ', block)).Distinct().Count(), 2, entries);
            Assert.Equal(codes.Order(), WeightsOf(network).ElementAt(layer.GetName() switch { "conv2" => 1, "dense1" => 2, _ => 3 }).Order());
        }

        ImageSet images = SyntheticImages.Sets().Test;
        int[] input = [.. images.Pixels.Select(pixel => (int)pixel)];
        Assert.Equal(ReferenceInterpreter.Run(network, input, images.Count).LayerOutputs.Select(codes => codes.ToArray()), QuantizedEvaluator.Run(network, input, images.Count));
        Assert.InRange(CodeAgreement.Compare(trained, network, images).Rate, 0, 1e-4);
        Assert.True(trained.TrainedAccuracy > 0.5, $"learned {trained.TrainedAccuracy}");
    }

    [Theory]
    [InlineData("bit-goes-down", "weights.block", "layer 'dense1' of network 'small' has 72 weights for an output, found 5, allowed a divisor")]
    [InlineData("bit-goes-down", "last_layer_weights.codebook_bits", "layer 'dense2' of network 'small' has 16 blocks of weights, found 5, which is an entry for each")]
    [InlineData("cbcn", "layer_weights.conv2.orientations", "layer 'conv2' of network 'small' has no filters to turn, found 4")]
    public void Shared_weights_that_a_layer_has_no_place_for_are_refused_before_training(string method, string key, string problem)
    {
        TrainingSpec recipe = TestRecipes.Short("methods/" + method);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        phase = phase with { LayerWeights = method == "cbcn" ? phase.LayerWeights!.SetItem("conv2", phase.LayerWeights.Values.First()) : null, Weights = key == "weights.block" ? phase.Weights with { Block = 5 } : phase.Weights };

        Assert.Contains(
            NetworkRules.Check(TestRecipes.SmallNetwork(), recipe with { QuantizedPhase = phase }),
            finding => finding.Path == "quantized_phase." + key && finding.Message.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Reading.Port, 1, "first_layer_weights")]
    [InlineData(Reading.Port, 2, null)]
    [InlineData(null, 1, null)]
    public void A_text_that_leaves_a_layer_without_a_gradient_is_refused_before_training(Reading? reading, int channels, string? key)
    {
        NetworkSpec network = TestRecipes.SmallNetwork();
        network = network with { Input = network.Input with { Channels = channels } };
        TrainingSpec recipe = TestRecipes.Short("methods/xnor-net");
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;

        string[] found = [.. NetworkRules.Check(network, recipe with { QuantizedPhase = phase with { FirstLayerWeights = phase.FirstLayerWeights with { Reading = reading } } }).Select(finding => finding.Path)];

        Assert.Equal(key is null ? [] : [$"quantized_phase.{key}.reading"], found);
    }

    private static IEnumerable<ImmutableArray<int>> WeightsOf(IntegerNetwork network) =>
        network.Layers.Select(layer => layer switch
        {
            Conv2dLayer convolution => convolution.Weights.Values,
            AccelModel.Networks.DenseLayer dense => dense.Weights.Values,
            _ => [],
        }).Where(weights => !weights.IsEmpty);
}
