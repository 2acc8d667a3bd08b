// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Training;

public sealed class ResumeTests : TrainingTest
{
    private static readonly TrainingSpec Recipe = Randomly(TestRecipes.Short("w2a2")) with { ShiftPixels = 1, LabelSmoothing = 0.1 };

    [Theory]
    [InlineData(TrainingPhase.Float, 0, 5)]
    [InlineData(TrainingPhase.Float, 1, 1)]
    [InlineData(TrainingPhase.Quantized, 0, 3)]
    [InlineData(TrainingPhase.Quantized, 1, 12)]
    public void A_run_that_was_stopped_and_resumed_ends_with_the_same_bytes(TrainingPhase phase, int epoch, int batch)
    {
        Trainer.Train(Plan(Recipe, "whole"), SyntheticImages.Sets()).Save(Folder("whole"));

        using CancellationTokenSource stop = new();
        Progress stopper = new(progress =>
        {
            if ((progress.Phase, progress.Epoch, progress.Batch) == (phase, epoch, batch))
            {
                stop.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Train(Plan(Recipe, "stopped"), SyntheticImages.Sets(), stopper, stop.Token));
        Assert.False(File.Exists(Path.Combine(Folder("stopped"), TrainedNetwork.FileName)));
        Trainer.Train(Plan(Recipe, "stopped"), SyntheticImages.Sets(), resume: true).Save(Folder("stopped"));

        foreach (string file in new[] { TrainedNetwork.FileName, History.FileName, History.RangesFileName, Path.GetRelativePath(Folder("whole"), Checkpoint.PathIn(Folder("whole"))) })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("whole"), file)), File.ReadAllBytes(Path.Combine(Folder("stopped"), file)));
        }
    }

    [Fact]
    public void A_finished_run_is_not_trained_again()
    {
        TrainedNetwork first = Train(Recipe);
        int batches = 0;

        TrainedNetwork again = Trainer.Train(Plan(Recipe, "run"), SyntheticImages.Sets(), new Progress(_ => batches++), resume: true);

        Assert.Equal(0, batches);
        Assert.Equal(first.TrainedAccuracy, again.TrainedAccuracy);
        Assert.Equal(first.FloatAccuracy, again.FloatAccuracy);
    }

    [Fact]
    public void Without_resume_it_starts_afresh()
    {
        TrainedNetwork first = Train(Recipe);

        TrainedNetwork second = Train(Recipe);

        Assert.Equal(4, second.Epochs.Length);
        Assert.Equal(first.Epochs.ToArray(), second.Epochs.ToArray());
    }

    [Fact]
    public void A_checkpoint_of_something_else_is_refused()
    {
        Train(Recipe);

        TrainingFileException other = Assert.Throws<TrainingFileException>(() =>
            Trainer.Train(Plan(Recipe with { Seed = 2 }, "run"), SyntheticImages.Sets(), resume: true));
        Assert.Throws<TrainingFileException>(() =>
            Trainer.Train(Plan(Recipe, "run"), SyntheticImages.Sets() with { Test = SyntheticImages.Sets().Validation }, resume: true));

        Assert.Equal(Checkpoint.PathIn(Folder("run")), other.File);
    }

    [Fact]
    public void A_damaged_checkpoint_is_named()
    {
        Train(Recipe);
        string path = Checkpoint.PathIn(Folder("run"));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..1000]);

        Assert.Equal(path, Assert.Throws<TrainingFileException>(() =>
            Trainer.Train(Plan(Recipe, "run"), SyntheticImages.Sets(), resume: true)).File);
    }

    [Fact]
    public void Nothing_half_written_is_left_beside_a_checkpoint()
    {
        Train(Recipe);

        Assert.Equal(
            [Checkpoint.PathIn(Folder("run")), Path.Combine(Folder("run"), History.FileName), Path.Combine(Folder("run"), History.RangesFileName)],
            Directory.GetFiles(Folder("run"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    /// <summary>Everything in it that is random at once: codes too.</summary>
    private static TrainingSpec Randomly(TrainingSpec recipe) => recipe with
    {
        QuantizedPhase = recipe.QuantizedPhase! with
        {
            Weights = recipe.QuantizedPhase.Weights with { TrainingRounding = TrainingRounding.Stochastic },
            Activations = recipe.QuantizedPhase.Activations with { TrainingRounding = TrainingRounding.Stochastic },
        },
    };
}
