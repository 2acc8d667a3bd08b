// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using NnTrain.Data;
using NnTrain.Lowering;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Lowering;

/// <summary>
/// Sentences that nobody chose: parts are drawn, what the rules refuse is drawn again, and what they accept is trained for an epoch, lowered, and must agree in every code. Only what the hardware decides is not drawn:
/// it rounds outputs half up, and its multipliers are as wide as the recipe's.
/// </summary>
public sealed class RandomRecipeTests : TrainingTest
{
    private const int Recipes = 12;

    private static readonly AcceleratorSpec Design = TestAccelerators.Load("systolic-16x16-int8");
    private static readonly ImageSets Images = SyntheticImages.Sets();

    /// <summary>The recipe that parts are put in place of, with one epoch in floating point.</summary>
    private static readonly Lazy<SpecNode> Kept = new(() => With(
        YamlFile.LoadWithBase(Path.Combine(AppContext.BaseDirectory, "configs", "training", "w4a4.yaml"), [])!,
        ("threads", "1"), ("batch_size", "64"), ("float_phase.epochs", "1")));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_sentence_the_rules_accept_has_the_same_codes_in_training_in_integers_and_in_the_reference(int seed)
    {
        SeededRandom random = new(seed);
        for (int i = 0; i < Recipes; i++)
        {
            TrainingSpec recipe = Accepted(random);
            string sentence = $"{recipe.BatchNorm} {recipe.QuantizedPhase!.Weights} {recipe.QuantizedPhase.Activations} {recipe.QuantizedPhase.Output} {recipe.QuantizedPhase.MultiplierWidth}";
            TrainedNetwork trained = Train(recipe, $"{seed}-{i}");
            IntegerNetwork network = NetworkLowering.Lower(trained, Design);

            AgreementReport report = CodeAgreement.Compare(trained, network, Images.Training);

            Assert.True(report.Rate == 0, $"{report.Rate} of the codes differ: {sentence}");
            int[] input = [.. Images.Test.Pixels.Select(pixel => (int)pixel)];
            ImmutableArray<int[]> quantized = QuantizedEvaluator.Run(network, input, Images.Test.Count);
            Assert.True(
                quantized.Zip(ReferenceInterpreter.Run(network, input, Images.Test.Count).LayerOutputs).All(layer => layer.First.SequenceEqual(layer.Second)),
                $"the reference has other codes: {sentence}");
        }
    }

    /// <summary>Tensor by tensor: the parts of one are drawn until the rules accept them beside those before it.</summary>
    private static TrainingSpec Accepted(SeededRandom random)
    {
        SpecNode tree = Kept.Value;
        foreach (Func<SeededRandom, SpecNode, SpecNode> draw in (Func<SeededRandom, SpecNode, SpecNode>[])[Activations, Weights, Output])
        {
            SpecNode drawn = draw(random, tree);
            while (Read(drawn) is null)
            {
                drawn = draw(random, tree);
            }

            tree = drawn;
        }

        return Read(tree)!;
    }

    private static TrainingSpec? Read(SpecNode tree) =>
        TrainingSpecFile.Read(tree, []) is TrainingSpec recipe && !NetworkRules.Check(TestRecipes.SmallNetwork(), recipe).Any() ? recipe : null;

    private static SpecNode Activations(SeededRandom random, SpecNode tree) =>
        With(Sentence(random, tree, "activations"), ("batch_norm", Any<BatchNormKind>(random)), ("quantized_phase.multiplier_width", Number(random, 6, 16)), ("quantized_phase.epochs", Number(random, 0, 1)));

    private static SpecNode Weights(SeededRandom random, SpecNode tree) => With(
        Sentence(random, tree, "weights"),
        ("quantized_phase.weights.granularity", Any<Granularity>(random)),
        ("quantized_phase.weights.rounding", Any<RoundingMode>(random)),
        ("quantized_phase.weights.training_rounding", Any<TrainingRounding>(random)));

    private static SpecNode Output(SeededRandom random, SpecNode tree) => Sentence(random, tree, "output");

    private static SpecNode Sentence(SeededRandom random, SpecNode tree, string tensor)
    {
        string key = $"quantized_phase.{tensor}.";
        return With(
            tree,
            (key + "bits", Number(random, 1, 8)),
            (key + "grid", Any<GridKind>(random)),
            (key + "range", Any<RangeKind>(random)),
            (key + "scale", Any<ScaleKind>(random)),
            (key + "gradient", Any<GradientKind>(random)));
    }

    private static SpecNode With(SpecNode tree, params (string Key, string Value)[] values)
    {
        SpecIssues issues = [];
        return values.Aggregate(tree, (below, value) => below.With(value.Key, new SpecScalar(SpecPosition.StartOf("drawn"), value.Value, Quoted: false), issues));
    }

    private static string Number(SeededRandom random, int least, int most) => FormattableString.Invariant($"{least + random.NextInt(most - least + 1)}");

    private static string Any<T>(SeededRandom random)
        where T : struct, Enum
    {
        T[] all = Enum.GetValues<T>();
        return EnumNames.Of(all[random.NextInt(all.Length)]);
    }
}
