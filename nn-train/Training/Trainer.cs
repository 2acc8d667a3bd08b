// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using NnTrain.Models;
using NnTrain.Rewriting;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>From a plan and images to a trained network: the float phase, then the quantised phase, a checkpoint after each epoch.</summary>
public static class Trainer
{
    /// <summary>Trains.</summary>
    /// <param name="plan">What is trained, and the folder of its checkpoint and history.</param>
    /// <param name="images">The images.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellation">Stops between two batches; the last checkpoint stays.</param>
    /// <param name="resume">
    /// Whether to go on from the folder's checkpoint, if it has one. A run that was stopped and resumed ends with the same bytes as one
    /// that was not.
    /// </param>
    /// <param name="quantizedEpochs">
    /// Halts after so many epochs of the quantised phase, on the way to the whole: schedules and transitions stay those of all epochs, and a later call with
    /// <paramref name="resume"/> goes on from there. Null for all.
    /// </param>
    /// <exception cref="TrainingDivergedException">A number is not finite; the last good checkpoint stays.</exception>
    /// <exception cref="TrainingFileException">The checkpoint is damaged or belongs to another plan, environment or data set.</exception>
    /// <exception cref="ArgumentException">Images or recipe do not fit the network, or the float network is another one.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TrainedNetwork Train(
        TrainingPlan plan,
        ImageSets images,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default,
        bool resume = false,
        int? quantizedEpochs = null)
    {
        CheckShapes(plan.Network, images);
        if (NetworkRules.Check(plan.Network, plan.Recipe).FirstOrDefault() is Finding finding)
        {
            throw new ArgumentException($"{finding.Path}: {finding.Message}", nameof(plan));
        }

        return PlanRewriting.IsNeeded(plan)
            ? TrainRewritten(plan, images, progress, cancellation, resume, quantizedEpochs)
            : TrainAsAsked(plan, images, progress, cancellation, resume, quantizedEpochs);
    }

    /// <summary>First the float network, then what the recipe makes of it, then the quantised phase.</summary>
    private static TrainedNetwork TrainRewritten(
        TrainingPlan plan, ImageSets images, IProgress<TrainingProgress>? progress, CancellationToken cancellation, bool resume, int? quantizedEpochs)
    {
        TrainedNetwork start = plan.FloatNetwork ?? TrainAsAsked(
            plan with { Recipe = plan.Recipe.FloatPart(), Directory = Path.Combine(plan.Directory, "float") }, images, progress, cancellation, resume, quantizedEpochs: null);
        TrainingEnvironment.Enter(plan.Recipe.Threads);
        TrainingPlan rewritten = PlanRewriting.Of(plan, start, images.Training, cancellation);
        return TrainAsAsked(rewritten, images, progress, cancellation, resume, quantizedEpochs) with { Asked = new(plan.Network, plan.Recipe) };
    }

    private static TrainedNetwork TrainAsAsked(
        TrainingPlan plan, ImageSets images, IProgress<TrainingProgress>? progress, CancellationToken cancellation, bool resume, int? quantizedEpochs)
    {
        TrainingEnvironment environment = TrainingEnvironment.Enter(plan.Recipe.Threads);
        string fingerprint = plan.Fingerprint(environment, images);
        Checkpoint? checkpoint = resume ? LoadCheckpoint(plan, fingerprint, quantizedEpochs) : null;
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
        TrainingSession session = new(plan, images, model, quantizedEpochs, progress, cancellation);
        foreach (TrainingPhase phase in Phases(plan).Where(phase => phase >= state.Phase))
        {
            state = session.RunPhase(phase, state, checkpoint);
        }

        return new TrainedNetwork
        {
            Network = plan.Network,
            Recipe = plan.Recipe,
            Environment = environment,
            Epochs = state.Epochs,
            Ranges = state.Ranges,
            FloatAccuracy = state.FloatAccuracy,
            TrainedAccuracy = model.Quantized ? ModelEvaluator.Accuracy(model, images.Test, cancellation) : null,
            Parameters = ModelState.Read(ModelState.Of(model)),
        };
    }

    /// <summary>The float phase falls away where its result is given, or where nothing starts from it.</summary>
    private static ImmutableArray<TrainingPhase> Phases(TrainingPlan plan) =>
    [
        .. plan.Recipe.FloatPhase is not null && plan.FloatNetwork is null ? [TrainingPhase.Float] : Array.Empty<TrainingPhase>(),
        .. plan.Recipe.QuantizedPhase is not null ? [TrainingPhase.Quantized] : Array.Empty<TrainingPhase>(),
    ];

    private static void Start(TrainingPlan plan, NetworkModel model, Checkpoint? checkpoint)
    {
        InitialWeights.Set(model, plan.Recipe);
        if (checkpoint is not null)
        {
            ModelState.Write(checkpoint.Model, ModelState.Of(model));
        }
        else if (plan.FloatNetwork is not null)
        {
            FloatWeights.Copy(plan.FloatNetwork, model);
        }
    }

    private static Checkpoint? LoadCheckpoint(TrainingPlan plan, string fingerprint, int? quantizedEpochs)
    {
        Checkpoint? checkpoint = Checkpoint.Load(plan.Directory);
        if (checkpoint is { State.Phase: TrainingPhase.Quantized } && checkpoint.State.Epoch > quantizedEpochs)
        {
            throw new TrainingFileException(Checkpoint.PathIn(plan.Directory), $"cannot be halted after {quantizedEpochs} epochs, found {checkpoint.State.Epoch} that are done");
        }

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
                    $"network '{network.Name}' reads {network.Input} and has {outputs} outputs, "
                    + $"data set '{set.Name}' has {shape} and {set.ClassNames.Count} classes",
                    nameof(images));
            }
        }
        if (images.Training.Count == 0 || images.Test.Count == 0)
        {
            throw new ArgumentException($"data set '{images.Training.Name}' has no images to train or to test on", nameof(images));
        }
    }
}
