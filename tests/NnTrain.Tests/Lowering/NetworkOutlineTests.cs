// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using NnTrain.Lowering;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using Xunit;

namespace NnTrain.Tests.Lowering;

/// <summary>What elements cannot hold is known before anything is trained.</summary>
public sealed class NetworkOutlineTests
{
    [Theory]
    [InlineData("deep-compression", 4, null)]
    [InlineData("deep-compression", 5, "layer 'conv1' has more values than a codebook, found 32, allowed 16")]
    [InlineData("jacob-int8", null, "layer 'conv2' has more values than a codebook, found 192, allowed 16")]
    [InlineData("twn", null, null)]
    public void A_table_that_has_too_few_entries_for_the_values_of_weights_is_found_in_the_outline(string method, int? codebookBits, string? problem)
    {
        TrainingSpec recipe = TestRecipes.Short("methods/" + method);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        QuantizerSpec Narrow(QuantizerSpec weights) => codebookBits is int bits ? weights with { CodebookBits = bits } : weights;
        recipe = recipe with
        {
            QuantizedPhase = phase with { Weights = Narrow(phase.Weights), FirstLayerWeights = Narrow(phase.FirstLayerWeights), LastLayerWeights = Narrow(phase.LastLayerWeights) },
        };
        AcceleratorSpec design = TestAccelerators.Load("codebook-16x16");

        string[] found = [.. HardwareFit.Check(NetworkOutline.Of(TestRecipes.SmallNetwork(), recipe, RoundingMode.HalfUp)!, design).Select(finding => finding.Message)];

        if (problem is null)
        {
            Assert.Empty(found);
        }
        else
        {
            Assert.Contains(found, message => message.StartsWith(problem, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(16, 16, true, 16, true, true)]
    [InlineData(16, 20, true, 16, true, true)]
    [InlineData(16, 20, false, 16, true, true)]
    [InlineData(16, 16, false, 16, true, false)]
    [InlineData(16, 16, true, 16, false, false)]
    [InlineData(16, 20, true, 20, true, false)]
    [InlineData(16, 12, true, 16, true, false)]
    public void Sums_that_wrap_in_training_need_a_design_that_wraps_at_the_same_width(int width, int partialSums, bool partialSumsWrap, int accumulators, bool accumulatorsWrap, bool fits)
    {
        TrainingSpec recipe = TestRecipes.Load("accumulator/wrap");
        recipe = recipe with { QuantizedPhase = recipe.QuantizedPhase! with { Accumulator = recipe.QuantizedPhase.Accumulator! with { Width = width } } };
        static OverflowMode Mode(bool wraps) => wraps ? OverflowMode.Wrap : OverflowMode.Saturate;
        AcceleratorSpec design = TestAccelerators.Load("systolic-16x16-int8");
        design = design with
        {
            Array = design.Array with { PartialSumWidth = partialSums, Overflow = Mode(partialSumsWrap) },
            Accumulator = design.Accumulator with { Width = accumulators, Overflow = Mode(accumulatorsWrap) },
        };

        Assert.Equal(fits, !AccumulatorRules.Check(recipe, design).Any());
    }
}
