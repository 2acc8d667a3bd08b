// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Training;

public sealed class TrainerTests : TrainingTest
{
    [Theory]
    [InlineData("float", 6)]
    [InlineData("w8a8", 6)]
    [InlineData("w4a4", 6)]
    [InlineData("w4a4-lsq", 6)]
    [InlineData("w4a4-minmax", 6)]
    [InlineData("w4a4-pact", 6)]
    [InlineData("w4a4-dorefa", 6)]
    [InlineData("w2a2", 6)]
    [InlineData("w1a1", 20)]
    public void Every_kept_recipe_learns(string recipe, int epochs)
    {
        TrainedNetwork trained = Train(TestRecipes.Short(recipe, epochs));

        double? accuracy = recipe == "float" ? trained.FloatAccuracy : trained.TrainedAccuracy;
        Assert.InRange(accuracy!.Value, 0.8, 1);
        Assert.Equal(recipe == "float", trained.TrainedAccuracy is null);
        Assert.Equal(trained.Epochs.Length, (recipe == "float" ? 1 : 2) * epochs);
        Assert.True(trained.Epochs[^1].TrainingLoss < trained.Epochs[0].TrainingLoss);
    }

    [Fact]
    public void A_training_that_leaves_the_numbers_names_the_layer_and_keeps_the_last_good_checkpoint()
    {
        TrainingSpec recipe = TestRecipes.Short("float", epochs: 3);
        recipe = recipe with
        {
            FloatPhase = recipe.FloatPhase! with { Schedule = new StepScheduleSpec { WarmupEpochs = 0, Milestones = [1], Factor = 1e38 } },
        };

        TrainingDivergedException diverged = Assert.Throws<TrainingDivergedException>(() => Train(recipe));

        Assert.Contains(diverged.Layer, TestRecipes.SmallNetwork().MatrixLayers.Select(layer => layer.Name));
        Assert.Equal((TrainingPhase.Float, 2), (diverged.Phase, diverged.Epoch));
        Assert.Contains($"layer '{diverged.Layer}' is not finite in the float phase, epoch 2, batch {diverged.Batch}", diverged.Message);
        Assert.Equal(1, Checkpoint.Load(Folder("run"))!.State.Epoch);
    }

    /// <summary>Without batch norm a rate of 10 leaves weights that are finite, and a loss that no guess has: one of 4 classes costs ln 4.</summary>
    [Fact]
    public void A_float_phase_that_ends_far_beyond_a_guess_is_no_network_to_quantise()
    {
        TrainingSpec recipe = TestRecipes.Short("w4a4", epochs: 2);
        recipe = recipe with
        {
            BatchNorm = BatchNormKind.None,
            FloatPhase = recipe.FloatPhase! with { Schedule = new StepScheduleSpec { WarmupEpochs = 0, Milestones = [1], Factor = 10 / recipe.FloatPhase.Optimizer.LearningRate } },
        };

        TrainingDivergedException diverged = Assert.Throws<TrainingDivergedException>(() => Train(recipe));

        Assert.Null(diverged.Layer);
        Assert.Equal((TrainingPhase.Float, 2), (diverged.Phase, diverged.Epoch));
        Assert.Contains(FormattableString.Invariant($"more than {10 * Math.Log(4):g4} (ten times that of a guess) in the float phase, epoch 2;"), diverged.Message, StringComparison.Ordinal);
        Assert.Equal(1, Checkpoint.Load(Folder("run"))!.State.Epoch);
    }

    [Theory]
    [InlineData("w.npy", float.NaN, "'w.npy' has NaN at flat index 1, which is not finite")]
    [InlineData("w.npy", float.NegativeInfinity, "'w.npy' has -Infinity at flat index 1, which is not finite")]
    [InlineData("w", 0, "'w' is in it, which is no array's")]
    public void Files_with_what_no_training_keeps_are_refused_by_the_array(string entry, float value, string problem)
    {
        Directory.CreateDirectory(Folder("odd"));
        string path = Path.Combine(Folder("odd"), TrainedNetwork.FileName);
        using (System.IO.Compression.ZipArchive archive = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create))
        {
            archive.CreateEntry("state.json");
            using Stream array = archive.CreateEntry(entry).Open();
            array.Write(AccelModel.Numerics.NpyFile.ToBytes(AccelModel.Numerics.NpyArray.FromFloats([2], [1, value])));
        }

        Assert.Contains(problem, Assert.Throws<TrainingFileException>(() => TrainedNetwork.Load(Folder("odd"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trained_network_survives_its_files()
    {
        TrainedNetwork trained = Train(TestRecipes.Short("w4a4"));
        trained.Save(Folder("first"));

        TrainedNetwork read = TrainedNetwork.Load(Folder("first"));
        read.Save(Folder("second"));

        Assert.Equal(
            File.ReadAllBytes(Path.Combine(Folder("first"), TrainedNetwork.FileName)),
            File.ReadAllBytes(Path.Combine(Folder("second"), TrainedNetwork.FileName)));
        using Models.NetworkModel model = read.CreateModel();
        Assert.Equal(trained.TrainedAccuracy, ModelEvaluator.Accuracy(model, SyntheticImages.Sets().Test));
    }

    [Fact]
    public void A_file_that_is_missing_or_of_another_kind_is_named()
    {
        Assert.Contains("trained.npz", Assert.Throws<TrainingFileException>(() => TrainedNetwork.Load(Folder("none"))).Message);

        Train(TestRecipes.Short("float"));
        File.Copy(Checkpoint.PathIn(Folder("run")), Path.Combine(Folder("run"), TrainedNetwork.FileName));
        Assert.Throws<TrainingFileException>(() => TrainedNetwork.Load(Folder("run")));
    }

    [Fact]
    public void A_float_network_replaces_the_float_phase_and_brings_its_accuracy()
    {
        TrainingSpec floats = TestRecipes.Short("float", epochs: 4) with { ShiftPixels = 0 };
        TrainedNetwork first = Train(floats, "float");
        TrainingPlan plan = Plan(TestRecipes.Short("w4a4"), "quantized") with { FloatNetwork = first };

        TrainedNetwork second = Trainer.Train(plan, SyntheticImages.Sets());

        Assert.All(second.Epochs, epoch => Assert.Equal(TrainingPhase.Quantized, epoch.Phase));
        Assert.Equal(first.FloatAccuracy, second.FloatAccuracy);
        Assert.True(second.Epochs[0].TrainingLoss < first.Epochs[0].TrainingLoss);
        Assert.Throws<ArgumentException>(() => Trainer.Train(plan with { Recipe = TestRecipes.Short("w2a2") }, SyntheticImages.Sets()));
    }

    [Fact]
    public void Progress_counts_every_batch_and_its_estimate_ends_at_zero()
    {
        List<TrainingProgress> reports = [];
        Trainer.Train(Plan(TestRecipes.Short("w4a4"), "run"), SyntheticImages.Sets(), new Progress(reports.Add));

        Assert.Equal(2 * 2 * 13, reports.Count);
        Assert.Equal(4, reports.Count(report => report.ValidationAccuracy is not null));
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
        Assert.All(reports, report => Assert.Equal(12, report.Batches));
    }

    [Fact]
    public void Images_of_another_shape_are_refused()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() =>
            Trainer.Train(Plan(TestRecipes.Short("float"), "run"), SyntheticImages.Sets(size: 12)));

        Assert.Contains("'small'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'synthetic'", refused.Message, StringComparison.Ordinal);
    }
}
