// SPDX-License-Identifier: Apache-2.0
using NnTrain.Models;
using NnTrain.Specification;
using NnTrain.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Training;

/// <summary>Losses with a teacher, and quantisers that wait.</summary>
public sealed class TeacherTests : TrainingTest
{
    [Fact]
    public void The_loss_is_the_sum_of_its_three_parts()
    {
        TrainingSpec recipe = TestRecipes.Short("methods/protocol").FloatPart();
        using NetworkModel student = Random(recipe, 1);
        NetworkModel teacher = Random(recipe, 2);
        using TeacherLoss loss = new(new() { LabelWeight = 0.5, ScoreWeight = 0.25, Temperature = 3, FeatureWeight = 2 }, teacher);
        using DisposeScope scope = NewDisposeScope();
        ImageBatch batch = ImageBatch.Of(SyntheticImages.Sets().Training, 0, 5);

        (Tensor value, Tensor scores) = loss.Of(student, batch, _ => full([], 7.0));

        double[] own = Doubles(scores);
        double[] other = Doubles(teacher.forward(batch.Images));
        double entropy = Enumerable.Range(0, 5).Average(image =>
        {
            double[] p = Softmax(other[(image * 4)..((image * 4) + 4)]);
            double[] q = Softmax(own[(image * 4)..((image * 4) + 4)]);
            return -p.Zip(q, (a, b) => a * Math.Log(b)).Sum();
        });
        double features = student.Features(batch.Images).Features.Zip(teacher.Features(batch.Images).Features)
            .Average(pair => Doubles(pair.First).Zip(Doubles(pair.Second), (a, b) => (a - b) * (a - b)).Average());
        Assert.Equal((0.5 * 7) + (0.25 * 9 * entropy) + (2 * features), value.item<float>(), 1e-4);

        static double[] Softmax(double[] z) => [.. z.Select(x => Math.Exp(x / 3) / z.Sum(y => Math.Exp(y / 3)))];
    }

    [Fact]
    public void A_network_whose_quantisers_all_wait_trains_as_one_in_real_numbers()
    {
        TrainingSpec recipe = TestRecipes.Short("methods/lin-talathi");
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        StartSpec never = new() { Order = StartOrder.Together, StartEpoch = 5, EndEpoch = 5, Freezes = false };
        using NetworkModel waiting = Random(recipe with { QuantizedPhase = phase with { WeightStart = never, ActivationStart = never } }, 1);
        using NetworkModel real = Random(recipe.FloatPart(), 1);
        waiting.Quantized = true;
        using DisposeScope scope = NewDisposeScope();
        Tensor images = ImageBatch.Of(SyntheticImages.Sets().Training, 0, 6).Images;
        waiting.MoveTo(0, 3);

        double[] expected = Doubles(real.forward(images));

        Assert.All(expected.Zip(Doubles(waiting.forward(images))), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        waiting.MoveTo(5, 6);
        Assert.Contains(expected.Zip(Doubles(waiting.forward(images))), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    [Theory]
    [InlineData(StartOrder.Together, new[] { 1.0, 1, 1 })]
    [InlineData(StartOrder.BottomUp, new[] { 1.0, 1.5, 2 })]
    [InlineData(StartOrder.TopDown, new[] { 2.0, 1.5, 1 })]
    public void Layers_begin_in_their_order(StartOrder order, double[] times)
    {
        StartSpec spec = new() { Order = order, StartEpoch = 1, EndEpoch = 2, Freezes = false };

        Assert.Equal(times, Enumerable.Range(0, 3).Select(layer => spec.Of(layer, 3)));
    }

    [Fact]
    public void A_layer_whose_output_is_quantised_is_trained_no_more_where_it_freezes()
    {
        TrainingSpec recipe = TestRecipes.Short("methods/lin-talathi");
        using NetworkModel model = Random(recipe, 1);
        model.Quantized = true;
        model.MoveTo(1.5, 3); // conv1 from 0.5 on, conv2 from 1.33, dense1 from 2.17, dense2 at 3
        using DisposeScope scope = NewDisposeScope();

        model.forward(ImageBatch.Of(SyntheticImages.Sets().Training, 0, 6).Images).square().sum().backward();

        Assert.Equal([false, false, true, true], model.MatrixLayers.Select(layer => layer.Latent.grad is not null));
    }

    /// <summary>Its teacher is the float phase's end, which a checkpoint of the quantised phase has to remember.</summary>
    [Fact]
    public void A_run_with_a_teacher_that_was_stopped_ends_with_the_same_bytes()
    {
        TrainingSpec recipe = TestRecipes.Short("methods/apprentice");
        Trainer.Train(Plan(recipe, "whole"), SyntheticImages.Sets()).Save(Folder("whole"));
        using CancellationTokenSource stop = new();
        Progress stopper = new(progress =>
        {
            if ((progress.Phase, progress.Epoch, progress.Batch) == (TrainingPhase.Quantized, 1, 3))
            {
                stop.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Train(Plan(recipe, "stopped"), SyntheticImages.Sets(), stopper, stop.Token));
        Trainer.Train(Plan(recipe, "stopped"), SyntheticImages.Sets(), resume: true).Save(Folder("stopped"));

        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("whole"), TrainedNetwork.FileName)), File.ReadAllBytes(Path.Combine(Folder("stopped"), TrainedNetwork.FileName)));
    }

    private static NetworkModel Random(TrainingSpec recipe, int seed)
    {
        NetworkModel model = new(TestRecipes.SmallNetwork(), recipe);
        model.InitializeWeights(new SeededRandom(seed).NextUniform);
        return model;
    }

    private static double[] Doubles(Tensor values) => values.detach().contiguous().to_type(float64).data<double>().ToArray();
}
