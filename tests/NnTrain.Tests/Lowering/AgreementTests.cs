// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using NnTrain.Data;
using NnTrain.Lowering;
using NnTrain.Models;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Lowering;

/// <summary>Trained, quantized and reference: three computations of the same codes.</summary>
public sealed class AgreementTests : TrainingTest
{
    private static readonly AcceleratorSpec Design = TestAccelerators.Load("systolic-16x16-int8");

    [Theory]
    [InlineData("w8a8")]
    [InlineData("w4a4")]
    [InlineData("w4a4-lsq")]
    [InlineData("w4a4-minmax")]
    [InlineData("w4a4-pact")]
    [InlineData("w4a4-dorefa")]
    [InlineData("w2a2")]
    [InlineData("w1a1")]
    public void Quantized_and_reference_agree_in_every_code(string recipe)
    {
        IntegerNetwork network = NetworkLowering.Lower(Trained(recipe), Design);
        ImageSet images = SyntheticImages.Sets().Test;
        int[] input = [.. images.Pixels.Select(pixel => (int)pixel)];

        ImmutableArray<int[]> quantized = QuantizedEvaluator.Run(network, input, images.Count);

        InterpreterResult reference = ReferenceInterpreter.Run(network, input, images.Count);
        Assert.Equal(network.Layers.Length, quantized.Length);
        for (int layer = 0; layer < quantized.Length; layer++)
        {
            Assert.Equal(reference.LayerOutputs[layer], quantized[layer]);
        }
        Assert.True(quantized[^1].Distinct().Count() > 4);
    }

    [Theory]
    [InlineData("w8a8", true)]
    [InlineData("w4a4", true)]
    [InlineData("w1a1", false)]
    [InlineData("w2a2", false)]
    [InlineData("w4a4-lsq", false)]
    [InlineData("w4a4-minmax", false)]
    [InlineData("w4a4-pact", false)]
    [InlineData("w4a4-dorefa", false)]
    public void Trained_and_quantized_agree_in_every_code_with_powers_of_two_and_without(string recipe, bool powersOfTwo)
    {
        TrainedNetwork trained = Trained(recipe);
        IntegerNetwork network = NetworkLowering.Lower(trained, Design);

        AgreementReport report = CodeAgreement.Compare(trained, network, SyntheticImages.Create(8, 1, SyntheticImages.Classes, 600, seed: 9));

        Assert.Equal(["conv1", "pool1", "conv2", "dense1", "dense2"], report.Layers.Select(layer => layer.Name));
        Assert.Equal(600 * (384 + 96 + 72 + 16 + 4), report.Codes);
        Assert.Equal(0, report.Rate);
        Assert.Equal(powersOfTwo, network.Layers.OfType<Conv2dLayer>().All(layer => layer.Requantization.Kind == RequantizationKind.Shift));
    }

    /// <summary>Of steps that are no powers of two the ratio may be one: half a code of the output is then a whole number of products, and comes up often.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(24)]
    public void Ties_agree_where_only_the_ratio_of_free_steps_is_a_power_of_two(int? accumulatorWidth)
    {
        TrainingSpec recipe = TestRecipes.Short("w4a4-minmax", epochs: 1);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        QuantizerSpec weights = phase.Weights with { Granularity = Granularity.PerTensor };
        NnTrain.Specification.AccumulatorSpec? accumulator = accumulatorWidth is int width ? new() { Width = width, Overflow = SumOverflow.Wrap, PenaltyWeight = 0 } : null;
        TrainedNetwork trained = Train(recipe with { QuantizedPhase = phase with { Weights = weights, FirstLayerWeights = weights, Accumulator = accumulator } });
        float weightStep = trained.Parameters["conv1.weight"].ToFloats().Max(Math.Abs) / 7;
        float maximum = 15 * float.ScaleB(weightStep, 6 - 8);
        trained = trained with { Parameters = trained.Parameters.SetItem("conv1.outputQuantizer.range.maximum", NpyArray.FromFloats([], [maximum])) };

        IntegerNetwork network = NetworkLowering.Lower(trained, Design);
        AgreementReport report = CodeAgreement.Compare(trained, network, SyntheticImages.Create(8, 1, SyntheticImages.Classes, 600, seed: 9));

        Assert.True(((Conv2dLayer)network.Layers[0]).Requantization.Kind == RequantizationKind.Shift);
        Assert.Equal(0, report.Layers[0].Differences);
    }

    /// <summary>1/31 and 1/127 are less in single precision than in double.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void Ties_agree_in_steps_of_one_over_the_largest_code(int bits)
    {
        TrainingSpec recipe = TestRecipes.Short("w4a4-dorefa", epochs: 1);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        TrainedNetwork trained = Train(recipe with { QuantizedPhase = phase with { Activations = phase.Activations with { Bits = bits }, MultiplierWidth = 8 } });

        AgreementReport report = CodeAgreement.Compare(trained, NetworkLowering.Lower(trained, Design), SyntheticImages.Create(8, 1, SyntheticImages.Classes, 600, seed: 9));

        Assert.Equal(0, report.Rate);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(2.7)]
    public void Ties_agree_where_outputs_are_clipped_at_a_number(double limit)
    {
        TrainingSpec recipe = TestRecipes.Short("w4a4-dorefa", epochs: 1);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        TrainedNetwork trained = Train(recipe with { QuantizedPhase = phase with { Activations = phase.Activations with { Bits = 5, Range = RangeKind.Fixed, Limit = limit }, MultiplierWidth = 7 } });

        AgreementReport report = CodeAgreement.Compare(trained, NetworkLowering.Lower(trained, Design), SyntheticImages.Create(8, 1, SyntheticImages.Classes, 600, seed: 9));

        Assert.Equal(0, report.Rate);
    }

    /// <summary>Codes count from the beginning of the interval, in widths of it: neither is a short number.</summary>
    [Fact]
    public void Ties_agree_in_trained_intervals()
    {
        TrainingSpec recipe = TestRecipes.Short("w4a4-dorefa", epochs: 1);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        TrainedNetwork trained = Train(recipe with { QuantizedPhase = phase with { Activations = phase.Activations with { Bits = 7, Range = RangeKind.LearnedInterval }, MultiplierWidth = 6 } });

        AgreementReport report = CodeAgreement.Compare(trained, NetworkLowering.Lower(trained, Design), SyntheticImages.Create(8, 1, SyntheticImages.Classes, 600, seed: 9));

        Assert.Equal(0, report.Rate);
    }

    [Fact]
    public void Accuracies_count_the_first_greatest_score()
    {
        TrainedNetwork trained = Trained("w4a4");
        IntegerNetwork network = NetworkLowering.Lower(trained, Design);
        ImageSet images = SyntheticImages.Sets().Test;

        AgreementReport report = CodeAgreement.Compare(trained, network, images);

        int[] scores = ReferenceInterpreter.Run(network, [.. images.Pixels.Select(pixel => (int)pixel)], images.Count).Output;
        double expected = images.Labels.Index().Count(entry =>
        {
            int[] row = scores[(entry.Index * 4)..((entry.Index * 4) + 4)];
            return Array.IndexOf(row, row.Max()) == entry.Item;
        }) / 100.0;
        Assert.Equal(expected, report.QuantizedAccuracy);
        Assert.Equal(expected, report.TrainedAccuracy);
        Assert.Equal(expected, trained.TrainedAccuracy);
        Assert.Equal(expected, QuantizedEvaluator.Accuracy(network, images));
    }

    [Fact]
    public void A_different_rounding_of_the_hardware_shows_in_the_rate()
    {
        TrainedNetwork trained = Trained("w4a4");
        AcceleratorSpec truncating = Design with { Requantizer = Design.Requantizer with { Rounding = RoundingMode.Floor } };

        AgreementReport report = CodeAgreement.Compare(trained, NetworkLowering.Lower(trained, truncating), SyntheticImages.Sets().Test);

        Assert.InRange(report.Rate, 0.05, 1);
    }

    [Fact]
    public void A_changed_weight_shows_in_the_rate()
    {
        TrainedNetwork trained = Trained("w4a4");
        IntegerNetwork network = NetworkLowering.Lower(trained, Design);
        Conv2dLayer first = (Conv2dLayer)network.Layers[0];
        ImmutableArray<int> weights = [.. first.Weights.Values.Select(weight => weight > 0 ? weight - 1 : weight)];
        network = network with { Layers = network.Layers.SetItem(0, first with { Weights = first.Weights with { Values = weights } }) };

        AgreementReport report = CodeAgreement.Compare(trained, network, SyntheticImages.Sets().Test);

        Assert.True(report.Layers[0].Differences > 0);
    }

    [Theory]
    [InlineData("systolic-16x16-w4a4", "w4a4")]
    [InlineData("systolic-16x16-w4a4", "w4a4-lsq")]
    [InlineData("systolic-16x16-w4a4", "w2a2")]
    [InlineData("systolic-16x16-int8", "w8a8")]
    [InlineData("systolic-16x16-int8", "w4a4-dorefa")]
    [InlineData("systolic-16x16-signed", "w1a1")]
    public void Designs_can_run_the_networks_that_they_were_made_for(string design, string recipe)
    {
        AcceleratorSpec accelerator = TestAccelerators.Load(design);

        Assert.Empty(HardwareFit.Check(NetworkLowering.Lower(Trained(recipe), accelerator), accelerator));
    }

    [Fact]
    public void A_bias_beyond_all_integers_is_told_with_its_layer_wherever_it_is_met()
    {
        TrainedNetwork trained = Train(TestRecipes.Short("w8a8", 1));
        trained = trained with { Parameters = trained.Parameters.SetItem("dense1.bias", NpyArray.FromFloats([16], [.. Enumerable.Repeat(1e30f, 16)])) };

        Assert.Equal("dense1", Assert.Throws<LoweringException>(() => NetworkLowering.Lower(trained, Design)).Layer);
        using NetworkModel model = trained.CreateModel();
        Assert.Equal("dense1", Assert.Throws<LoweringException>(() => ModelEvaluator.Accuracy(model, SyntheticImages.Sets().Test, CancellationToken.None)).Layer);
    }

    [Fact]
    public void A_recipe_in_floating_point_has_nothing_to_lower() =>
        Assert.Throws<ArgumentException>(() => NetworkLowering.Lower(Train(TestRecipes.Short("float", 1)), Design));

    private TrainedNetwork Trained(string recipe)
    {
        TrainingSpec spec = TestRecipes.Short(recipe, epochs: 3);
        return Train(spec with { ShiftPixels = 0 });
    }
}
