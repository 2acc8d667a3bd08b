// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Models;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>From a plan and images to a trained network: the float phase, then the quantised phase, a checkpoint after each epoch.</summary>
public static class Trainer
{
    private const int InitialWeightStream = 0;
    private const int CalibrationImages = 512;

    /// <summary>Trains.</summary>
    /// <param name="plan">What is trained, and the folder of its checkpoint and history.</param>
    /// <param name="images">The images.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellation">Stops between two batches; the last checkpoint stays.</param>
    /// <param name="resume">
    /// Whether to go on from the folder's checkpoint, if it has one. A run that was stopped and resumed ends with the same bytes as one
    /// that was not.
    /// </param>
    /// <exception cref="TrainingDivergedException">A number is not finite; the last good checkpoint stays.</exception>
    /// <exception cref="TrainingFileException">The checkpoint is damaged or belongs to another plan, environment or data set.</exception>
    /// <exception cref="ArgumentException">The images do not fit the network, or the float network is another one.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TrainedNetwork Train(
        TrainingPlan plan,
        ImageSets images,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default,
        bool resume = false)
    {
        CheckShapes(plan.Network, images);
        TrainingEnvironment environment = TrainingEnvironment.Enter(plan.Recipe.Threads);
        string fingerprint = plan.Fingerprint(environment, images);
        Checkpoint? checkpoint = resume ? LoadCheckpoint(plan, fingerprint) : null;
        using DisposeScope scope = NewDisposeScope();
        using NetworkModel model = new(plan.Network, plan.Recipe);

        TrainingState state = checkpoint?.State ?? new TrainingState
        {
            Fingerprint = fingerprint,
            Phase = Phases(plan)[0],
            Epoch = 0,
            FloatAccuracy = plan.FloatNetwork?.FloatAccuracy,
            Epochs = [],
        };
        Start(plan, model, checkpoint);
        RemainingTime clock = new();
        foreach (TrainingPhase phase in Phases(plan).Where(phase => phase >= state.Phase))
        {
            Checkpoint? unfinished = checkpoint?.State.Phase == phase ? checkpoint : null;
            state = RunPhase(plan, images, model, state with { Phase = phase, Epoch = unfinished?.State.Epoch ?? 0 }, unfinished, clock, progress, cancellation);
        }

        return new TrainedNetwork
        {
            Network = plan.Network,
            Recipe = plan.Recipe,
            Environment = environment,
            Epochs = state.Epochs,
            FloatAccuracy = state.FloatAccuracy,
            TrainedAccuracy = model.Quantized ? ModelEvaluator.Accuracy(model, images.Test, cancellation) : null,
            Parameters = ModelState.Read(ModelState.Of(model)),
        };
    }

    private static TrainingState RunPhase(
        TrainingPlan plan,
        ImageSets images,
        NetworkModel model,
        TrainingState state,
        Checkpoint? checkpoint,
        RemainingTime clock,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        PhaseSpec spec = state.Phase == TrainingPhase.Float ? plan.Recipe.FloatPhase! : plan.Recipe.QuantizedPhase!;
        int batches = PhaseRun.BatchesPerEpoch(plan.Recipe, images.Training);
        long later = state.Phase == TrainingPhase.Float ? (long)(plan.Recipe.QuantizedPhase?.Epochs ?? 0) * batches : 0;
        model.Quantized = state.Phase == TrainingPhase.Quantized;
        using PhaseRun run = new(model, images, plan.Recipe, state.Phase);
        if (checkpoint is not null)
        {
            ModelState.Write(checkpoint.Optimizer, run.Optimizer.State);
        }
        else if (model.Quantized)
        {
            StartQuantized(plan, images, model);
        }

        clock.Restart();
        for (int epoch = state.Epoch; epoch < spec.Epochs; epoch++)
        {
            void Report(int batch, double loss, double? validation) => progress?.Report(new TrainingProgress
            {
                Phase = state.Phase,
                Epoch = epoch,
                Epochs = spec.Epochs,
                Batch = batch,
                Batches = batches,
                Loss = loss,
                ValidationAccuracy = validation,
                Remaining = clock.AfterBatch(((long)(spec.Epochs - epoch) * batches) - batch + later),
            });
            EpochResult result = run.Epoch(epoch, (batch, loss) => Report(batch, loss, null), cancellation);
            bool floatEnds = state.Phase == TrainingPhase.Float && epoch == spec.Epochs - 1;
            state = state with
            {
                Epoch = epoch + 1,
                Epochs = state.Epochs.Add(result),
                FloatAccuracy = floatEnds ? ModelEvaluator.Accuracy(model, images.Test, cancellation) : state.FloatAccuracy,
            };
            Save(plan, state, model, run);
            Report(batches, result.TrainingLoss, result.ValidationAccuracy);
        }
        return state;
    }

    private static void Save(TrainingPlan plan, TrainingState state, NetworkModel model, PhaseRun run)
    {
        new Checkpoint
        {
            State = state,
            Model = ModelState.Read(ModelState.Of(model)),
            Optimizer = ModelState.Read(run.Optimizer.State),
        }.Save(plan.Directory);
        File.WriteAllText(Path.Combine(plan.Directory, History.FileName), History.ToCsv(state.Epochs));
    }

    /// <summary>The float phase falls away where its result is given, or where nothing starts from it.</summary>
    private static ImmutableArray<TrainingPhase> Phases(TrainingPlan plan) =>
    [
        .. plan.Recipe.FloatPhase is not null && plan.FloatNetwork is null ? [TrainingPhase.Float] : Array.Empty<TrainingPhase>(),
        .. plan.Recipe.QuantizedPhase is not null ? [TrainingPhase.Quantized] : Array.Empty<TrainingPhase>(),
    ];

    private static void Start(TrainingPlan plan, NetworkModel model, Checkpoint? checkpoint)
    {
        model.InitializeWeights(new SeededRandom(plan.Recipe.Seed, InitialWeightStream).NextUniform);
        if (checkpoint is not null)
        {
            ModelState.Write(checkpoint.Model, ModelState.Of(model));
        }
        else if (plan.FloatNetwork is not null)
        {
            FloatWeights.Copy(plan.FloatNetwork, model);
        }
    }

    private static void StartQuantized(TrainingPlan plan, ImageSets images, NetworkModel model)
    {
        if (!plan.Recipe.QuantizedPhase!.WarmStart)
        {
            using NetworkModel fresh = new(plan.Network, plan.Recipe);
            fresh.InitializeWeights(new SeededRandom(plan.Recipe.Seed, InitialWeightStream).NextUniform);
            ModelState.Write(ModelState.Read(ModelState.Of(fresh)), ModelState.Of(model));
        }
        using DisposeScope scope = NewDisposeScope();
        model.train();
        model.InitializeQuantizers(ImageBatch.Of(images.Training, 0, Math.Min(CalibrationImages, images.Training.Count)).Images);
    }

    private static Checkpoint? LoadCheckpoint(TrainingPlan plan, string fingerprint)
    {
        Checkpoint? checkpoint = Checkpoint.Load(plan.Directory);
        return checkpoint is null || checkpoint.State.Fingerprint == fingerprint
            ? checkpoint
            : throw new TrainingFileException(
                Checkpoint.PathIn(plan.Directory),
                "cannot be resumed, found that it was made with another network, recipe, number of threads, tensor library or data set");
    }

    private static void CheckShapes(NetworkSpec network, ImageSets images)
    {
        foreach (Data.ImageSet set in new[] { images.Training, images.Validation, images.Test })
        {
            FeatureShape shape = new(set.Height, set.Width, set.Channels);
            int outputs = ((DenseSpec)network.Layers[^1]).Outputs;
            if (shape != network.Input || set.ClassNames.Count != outputs)
            {
                throw new ArgumentException(
                    $"network '{network.Name}' reads {network.Input} and has {outputs} outputs, data set '{set.Name}' has {shape} and {set.ClassNames.Count} classes",
                    nameof(images));
            }
        }
        if (images.Training.Count == 0 || images.Test.Count == 0)
        {
            throw new ArgumentException($"data set '{images.Training.Name}' has no images to train or to test on", nameof(images));
        }
    }
}
