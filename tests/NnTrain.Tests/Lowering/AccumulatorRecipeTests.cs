// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
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

/// <summary>Trainings that know of the accumulator, from images to the codes of an accelerator with sums of that width.</summary>
public sealed class AccumulatorRecipeTests : TrainingTest
{
    private static readonly ImageSet Images = SyntheticImages.Sets().Test;
    private static readonly int[] Input = [.. Images.Pixels.Select(pixel => (int)pixel)];

    /// <summary>Images have 8 bits, activations 4: 2047 holds a norm of 8 in the first layer and 136 in the others; 1023 holds 8 and 136 of centred weights.</summary>
    [Theory]
    [InlineData("a2q", 12)]
    [InlineData("a2q-plus", 11)]
    public void Sums_of_a_bounded_network_never_leave_the_accumulator_neither_by_the_integers_nor_on_the_hardware(string name, int width)
    {
        TrainedNetwork trained = Train(Recipe(name, width));
        AcceleratorSpec accelerator = Design("systolic-16x16-w4a4", width, width, OverflowMode.Wrap);

        IntegerNetwork network = NetworkLowering.Lower(trained, accelerator);

        Assert.Empty(HardwareFit.Check(network, accelerator));
        long largest = (1L << (width - 1)) - 1;
        Assert.All(Layers(network), layer => Assert.InRange(layer.Outputs.Max(codes => Math.Max(Side(codes, 1), Side(codes, -1)) * layer.HighestInput), 1, largest));
        Assert.All(network.Layers, layer => Assert.All(
            layer switch { Conv2dLayer convolution => convolution.Requantization.Bias, AccelModel.Networks.DenseLayer dense => dense.Requantization.Bias, _ => [] },
            bias => Assert.InRange(bias, -largest, largest)));
        if (name == "a2q")
        {
            Assert.All(Layers(network), layer => Assert.All(layer.Outputs, codes => Assert.True(codes.Sum(code => Math.Abs((long)code)) * layer.HighestInput <= largest)));
        }

        // Black, white and random images overflow no more than those of the data set.
        Random random = new(width);
        int[] extremes = [.. Enumerable.Range(0, 64 * 8).Select(i => i < 64 ? 0 : i < 128 ? 255 : random.Next(2) * 255)];
        ValueResult values = Run(network, accelerator, [.. Input, .. extremes]);
        Assert.All(values.Overflows, layer => Assert.Equal(0, layer.PartialSums + layer.Accumulators));
        Assert.Equal(QuantizedEvaluator.Run(network, Input, Images.Count)[^1], values.LayerOutputs[^1].Take(Images.Count * SyntheticImages.Classes));
        Assert.InRange(CodeAgreement.Compare(trained, network, Images).Rate, 0, 1e-4);
        Assert.True(trained.TrainedAccuracy > 0.5, $"{name} learned {trained.TrainedAccuracy}");
    }

    /// <summary>So narrow that sums do wrap: evaluation in training, evaluation in integers and the wrapping accelerator agree in every code of every layer.</summary>
    [Fact]
    public void A_network_that_was_trained_on_wrapped_sums_has_the_codes_of_the_accelerator_that_wraps()
    {
        const int width = 11;
        TrainedNetwork trained = Train(Recipe("wrap", width));
        AcceleratorSpec accelerator = Design("systolic-16x16-w4a4", width, width, OverflowMode.Wrap);
        IntegerNetwork network = NetworkLowering.Lower(trained, accelerator);

        ValueResult values = Run(network, accelerator, Input);

        Assert.True(values.Overflows.Sum(layer => layer.PartialSums + layer.Accumulators) > 0);
        Assert.Equal(QuantizedEvaluator.Run(network, Input, Images.Count, width)[^1], values.LayerOutputs[^1]);
        AgreementReport agreement = CodeAgreement.Compare(trained, network, Images);
        Assert.InRange(agreement.Rate, 0, 1e-4);
        Assert.Equal(trained.TrainedAccuracy, agreement.QuantizedAccuracy);
        Assert.NotEqual(QuantizedEvaluator.Run(network, Input, Images.Count)[^1], values.LayerOutputs[^1]);
    }

    [Fact]
    public void A_penalty_makes_fewer_sums_overflow()
    {
        const int width = 11;
        long Overflows(double weight)
        {
            TrainingSpec recipe = Recipe("penalty", width);
            QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
            AcceleratorSpec accelerator = Design("systolic-16x16-w4a4", width, width, OverflowMode.Wrap);
            TrainedNetwork trained = Train(recipe with { QuantizedPhase = phase with { Accumulator = phase.Accumulator! with { PenaltyWeight = weight } } }, $"penalty-{weight}");
            return Run(NetworkLowering.Lower(trained, accelerator), accelerator, Input).Overflows.Sum(layer => layer.Accumulators);
        }

        (long with, long without) = (Overflows(500), Overflows(0));
        Assert.True(with < 0.9 * without, $"{with} against {without}");
    }

    /// <summary>The segments are those of the schedule: in each, and over all, no input of any format leaves its width; without widths some does.</summary>
    [Theory]
    [InlineData("axe", 13, 15)]
    [InlineData("gpfq", null, null)]
    public void Corrected_codes_are_held_in_the_segments_of_the_schedule(string name, int? partial, int? whole)
    {
        TrainingSpec recipe = TestRecipes.Short("accumulator/" + name, epochs: 4);
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        PostTrainingSpec post = phase.PostTraining!;
        TrainedNetwork trained = Train(recipe with
        {
            QuantizedPhase = phase with { PostTraining = post with { CorrectWeights = post.CorrectWeights! with { PartialSumWidth = partial, AccumulatorWidth = whole } } },
        });
        AcceleratorSpec accelerator = Design("systolic-16x16-int8", partial ?? 24, whole ?? 32, OverflowMode.Saturate);
        IntegerNetwork network = NetworkLowering.Lower(trained, accelerator);
        Schedule schedule = Scheduler.Schedule(network, accelerator);

        long largestPartial = 0;
        long largestWhole = 0;
        foreach ((MatrixCodes layer, ScheduledLayer plan) in Layers(network).Zip(schedule.Layers))
        {
            foreach (ImmutableArray<int> codes in layer.Outputs)
            {
                largestWhole = Math.Max(largestWhole, Math.Max(Side(codes, 1), Side(codes, -1)) * layer.HighestInput);
                foreach (PlanSegment segment in plan.Plan!.Segments)
                {
                    ImmutableArray<int> own = [.. segment.K.Where(k => k >= 0).Select(k => codes[k])];
                    largestPartial = Math.Max(largestPartial, Math.Max(Side(own, 1), Side(own, -1)) * layer.HighestInput);
                }
            }
        }

        Assert.True(largestPartial <= (1 << 12) - 1 == partial is not null, $"{largestPartial}");
        Assert.True(largestWhole <= (1 << 14) - 1 == whole is not null, $"{largestWhole}");
        ValueResult values = Run(network, accelerator, Input);
        Assert.All(values.Overflows, layer => Assert.Equal(0, layer.PartialSums + layer.Accumulators));
        Assert.InRange(CodeAgreement.Compare(trained, network, Images).Rate, 0, 1e-4);
        Assert.True(trained.TrainedAccuracy > 0.6, $"{name} keeps {trained.TrainedAccuracy}");
    }

    private static TrainingSpec Recipe(string name, int width)
    {
        TrainingSpec recipe = TestRecipes.Short("accumulator/" + name, epochs: 4);
        return recipe with { QuantizedPhase = recipe.QuantizedPhase! with { Accumulator = recipe.QuantizedPhase.Accumulator! with { Width = width } } };
    }

    private static AcceleratorSpec Design(string name, int partialSum, int accumulator, OverflowMode overflow)
    {
        AcceleratorSpec design = TestAccelerators.Load(name);
        return design with
        {
            Array = design.Array with { PartialSumWidth = partialSum, Overflow = overflow },
            Accumulator = design.Accumulator with { Width = accumulator, Overflow = overflow },
        };
    }

    private static ValueResult Run(IntegerNetwork network, AcceleratorSpec accelerator, int[] input) =>
        FastEngine.Execute(Scheduler.Schedule(network, accelerator), input, input.Length / network.Input.Elements, new() { KeepLayerOutputs = true, Threads = 1 });

    private static long Side(ImmutableArray<int> codes, int sign) => codes.Sum(code => Math.Max(sign * (long)code, 0));

    private sealed record MatrixCodes(ImmutableArray<ImmutableArray<int>> Outputs, long HighestInput);

    private static ImmutableArray<MatrixCodes> Layers(IntegerNetwork network)
    {
        var layers = ImmutableArray.CreateBuilder<MatrixCodes>();
        for (int i = 0; i < network.Layers.Length; i++)
        {
            IntegerTensor? weights = network.Layers[i] switch
            {
                Conv2dLayer convolution => convolution.Weights,
                AccelModel.Networks.DenseLayer dense => dense.Weights,
                _ => null,
            };
            if (weights is not null)
            {
                int perOutput = weights.Values.Length / weights.Shape[0];
                layers.Add(new([.. Enumerable.Range(0, weights.Shape[0]).Select(output => weights.Values.Skip(output * perOutput).Take(perOutput).ToImmutableArray())], network.InputOf(i).Format.MaxRaw));
            }
        }

        return layers.ToImmutable();
    }
}
