// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Cli.Experiments;
using Cli.Sweeps;
using NnTrain.Specification;
using NnTrain.Training;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Trainings that are kept, and float phases that are shared.</summary>
[Collection(Training.Name)]
public sealed class TrainingCacheTests : IDisposable
{
    private readonly TinyExperiment _tiny = new();
    private readonly TrainingImages _images = TrainingImages.Of(TinyExperiment.Images(TinyExperiment.Dataset));
    private readonly StringWriter _log = new();

    public void Dispose() => _tiny.Dispose();

    [Theory]
    [InlineData("none", true)]
    [InlineData("folded", true)]
    [InlineData("none", false)]
    public void A_shared_float_phase_gives_the_parameters_of_one_that_is_trained_in_place(string batchNorm, bool warmStart)
    {
        TrainedSource source = Source(("training.batch_norm", batchNorm), ("training.quantized_phase.warm_start", warmStart ? "true" : "false"));

        TrainedNetwork together = Trainer.Train(
            new() { Network = source.Network, Recipe = source.Training, Directory = _tiny.PathOf("together") }, _images.Sets);
        TrainedNetwork apart = Cache.Get(source, _images).Network;

        Assert.Equal(together.FloatAccuracy, apart.FloatAccuracy);
        Assert.Equal(together.TrainedAccuracy, apart.TrainedAccuracy);
        Assert.Equal(together.Parameters.Keys, apart.Parameters.Keys);
        Assert.All(together.Parameters, entry => Assert.Equal(entry.Value.Data, apart.Parameters[entry.Key].Data));
    }

    [Theory]
    [InlineData("w4a4.yaml", true)]
    [InlineData("w2a2.yaml", true)]
    [InlineData("w1a1.yaml", true)]
    [InlineData("float.yaml", false)]
    public void The_float_phase_of_a_recipe_that_goes_on_is_shared(string recipe, bool shared)
    {
        SpecIssues issues = [];
        TrainingSpec? training = TrainingSpecFile.Load(House.Repository.PathOf("configs/training/" + recipe), issues);

        Assert.Equal(shared, TrainingCache.FloatPart(Source() with { Training = training! }) is not null);
    }

    [Fact]
    public void Signs_have_another_activation_in_floating_point_and_share_it_with_none_but_signs()
    {
        SpecIssues issues = [];
        string Key(string recipe, int? epochs = null)
        {
            TrainingSpec training = TrainingSpecFile.Load(House.Repository.PathOf("configs/training/" + recipe), issues)!;
            training = training with { QuantizedPhase = training.QuantizedPhase! with { Epochs = epochs ?? training.QuantizedPhase.Epochs } };
            return TrainingCache.KeyOf(TrainingCache.FloatPart(Source() with { Training = training })!, _images);
        }

        Assert.Equal(Key("w1a1.yaml"), Key("w1a1.yaml", 1));
        Assert.NotEqual(Key("w1a1.yaml"), Key("w4a4.yaml"));
    }

    [Fact]
    public void A_network_to_start_from_takes_the_place_of_the_float_phase()
    {
        TrainedNetwork floats = Cache.Get(TrainingCache.FloatPart(Source())!, _images).Network;
        TrainedSource given = Source() with { FloatNetwork = new(floats, "sha") };

        Assert.Equal(0, TrainingCache.OwnFloatEpochs(given));
        Assert.NotEqual(TrainingCache.KeyOf(Source(), _images), TrainingCache.KeyOf(given, _images));
        Assert.Equal(
            Cache.Get(Source(), _images).Network.Parameters.Select(entry => Convert.ToHexString(entry.Value.Data)),
            Cache.Get(given, _images).Network.Parameters.Select(entry => Convert.ToHexString(entry.Value.Data)));
    }

    [Fact]
    public void A_float_recipe_is_the_float_phase_of_another_whatever_it_is_called()
    {
        TrainedSource source = Source();
        TrainedSource floats = source with { Training = source.Training with { Name = "alone", QuantizedPhase = null } };

        Assert.Equal(TrainingCache.KeyOf(TrainingCache.FloatPart(source)!, _images), TrainingCache.KeyOf(floats, _images));
        Assert.NotEqual(TrainingCache.KeyOf(source, _images), TrainingCache.KeyOf(source with { Training = source.Training with { Name = "alone" } }, _images));
    }

    /// <summary>Bits that are priced by a design are another training for each, from one float phase.</summary>
    [Fact]
    public void A_recipe_that_learns_bits_for_a_design_is_kept_for_each_design()
    {
        SpecIssues issues = [];
        string[] designs = ["bit-serial-16x16", "systolic-16x16-int8"];
        TrainedSource[] sources =
        [
            .. designs.Select(design => ExperimentFile.Load(
                House.Repository.PathOf("configs/experiments/lenet-bit-serial.yaml"),
                [new("accelerator", YamlFile.Load(House.Repository.PathOf($"configs/accelerators/{design}.yaml"), issues)!)],
                issues)!.Trained!),
        ];

        Assert.All(sources.Zip(designs), pair => Assert.Equal(pair.Second, pair.First.Accelerator!.Name));
        Assert.NotEqual(TrainingCache.KeyOf(sources[0], _images), TrainingCache.KeyOf(sources[1], _images));
        Assert.Single(sources.Select(source => TrainingCache.KeyOf(TrainingCache.FloatPart(source)!, _images)).Distinct());
        Assert.Null(Source().Accelerator);
    }

    [Fact]
    public void A_finished_training_is_taken_as_it_is()
    {
        CachedTraining first = Cache.Get(Source(), _images);

        int begun = 0;
        CachedTraining second = Cache.Get(Source(), _images, _ =>
        {
            begun++;
            return null;
        });

        Assert.Equal((first.Sha256, 0), (second.Sha256, begun));
        Assert.Empty(_log.ToString());
    }

    [Fact]
    public void A_damaged_network_is_noticed_and_trained_to_the_same_bytes()
    {
        CachedTraining before = Cache.Get(Source(), _images);
        string file = Directory.GetFiles(_tiny.PathOf("cache"), TrainedNetwork.FileName, SearchOption.AllDirectories)
            .Single(path => path.Contains(TrainingCache.KeyOf(Source(), _images), StringComparison.Ordinal));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);

        CachedTraining after = Cache.Get(Source(), _images);

        Assert.Contains("damaged, trained again", _log.ToString(), StringComparison.Ordinal);
        Assert.Equal(before.Sha256, after.Sha256);
    }

    [Fact]
    public void A_damaged_checkpoint_costs_its_training_and_nothing_else()
    {
        CachedTraining whole = new TrainingCache(_tiny.PathOf("whole"), _log).Get(Source(), _images);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Cache.Get(Source(), _images, key => new StopInQuantizedEpoch(stop, 1), stop.Token));
        string folder = Path.Combine(_tiny.PathOf("cache"), "train-" + TrainingCache.KeyOf(Source(), _images));
        File.WriteAllText(Checkpoint.PathIn(folder), "not an archive");

        CachedTraining after = Cache.Get(Source(), _images);

        Assert.Contains("trained again from the start", _log.ToString(), StringComparison.Ordinal);
        Assert.Equal(whole.Sha256, after.Sha256);
    }

    [Fact]
    public void Only_what_is_missing_is_counted_and_a_float_phase_once()
    {
        TrainedSource four = Source();
        TrainedSource three = Source(("training.quantized_phase.weights.bits", "3"));

        Assert.Equal([null, 4, 3], Cache.Missing([(four, _images), (three, _images), (four, _images)]).Select(item => item.Source.Training.QuantizedPhase?.Weights.Bits));

        Cache.Get(four, _images);

        Assert.Equal([3], Cache.Missing([(four, _images), (three, _images)]).Select(item => item.Source.Training.QuantizedPhase!.Weights.Bits));
    }

    private TrainingCache Cache => new(_tiny.PathOf("cache"), _log);

    private TrainedSource Source(params (string Key, string Value)[] overrides)
    {
        SpecIssues issues = [];
        var place = new SpecPosition("test", 1, 1);
        ExperimentSpec? experiment = ExperimentFile.Load(
            _tiny.PathOf("experiment.yaml"),
            [.. overrides.Select(item => new ExperimentFile.Override(item.Key, new SpecScalar(place, item.Value, Quoted: false)))],
            issues);
        Assert.Empty(issues);
        return experiment!.Trained!;
    }

    /// <summary>Cancels in the given quantised epoch, counted from 0.</summary>
    private sealed class StopInQuantizedEpoch(CancellationTokenSource stop, int epoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Phase == TrainingPhase.Quantized && value.Epoch == epoch)
            {
                stop.Cancel();
            }
        }
    }
}
