// SPDX-License-Identifier: Apache-2.0
using NnTrain.Inspection;
using NnTrain.Models;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>A training on its way: phases, each with a checkpoint and a history after every epoch.</summary>
internal sealed class TrainingSession(
    TrainingPlan plan, ImageSets images, NetworkModel model, int? quantizedEpochs, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
{
    private readonly int _batches = PhaseRun.BatchesPerEpoch(plan.Recipe, images.Training);

    /// <summary>Runs a phase from its start, or from a checkpoint inside it, to its end.</summary>
    public TrainingState RunPhase(TrainingPhase phase, TrainingState before, Checkpoint? checkpoint)
    {
        PhaseSpec spec = phase == TrainingPhase.Float ? plan.Recipe.FloatPhase! : plan.Recipe.QuantizedPhase!;
        Checkpoint? unfinished = checkpoint?.State.Phase == phase ? checkpoint : null;
        TrainingState state = before with { Phase = phase, Epoch = unfinished?.State.Epoch ?? 0 };
        model.Quantized = phase == TrainingPhase.Quantized;
        using TeacherLoss? teacher = model.Quantized && plan.Recipe.QuantizedPhase!.Distillation is DistillationSpec spoken ? TeacherOf(spoken, unfinished) : null;
        using PhaseRun run = new(model, images, plan.Recipe, phase, teacher);
        if (unfinished is not null)
        {
            ModelState.Write(unfinished.Optimizer, run.Optimizer.State);
        }
        else if (model.Quantized)
        {
            StartQuantized();
        }

        RemainingTime clock = new();
        int end = phase == TrainingPhase.Quantized ? Math.Min(spec.Epochs, quantizedEpochs ?? spec.Epochs) : spec.Epochs;
        for (int epoch = state.Epoch; epoch < end; epoch++)
        {
            void AfterBatch(int batch, double loss)
            {
                clock.CountBatch();
                Report(clock, phase, spec, epoch, batch, loss, null);
            }
            EpochResult result = run.Epoch(epoch, AfterBatch, cancellation);
            bool floatEnds = phase == TrainingPhase.Float && epoch == spec.Epochs - 1;
            state = state with
            {
                Epoch = epoch + 1,
                Epochs = state.Epochs.Add(result),
                Ranges = model.Quantized ? state.Ranges.AddRange(QuantizedRange.Of(model, epoch + 1)) : state.Ranges,
                FloatAccuracy = floatEnds ? ModelEvaluator.Accuracy(model, images.Test, cancellation) : state.FloatAccuracy,
            };
            Save(state, run, teacher);
            Report(clock, phase, spec, epoch, _batches, result.TrainingLoss, result.ValidationAccuracy);
        }
        if (end < spec.Epochs)
        {
            // What is measured here must not depend on whether the last epochs were trained just now or taken from the checkpoint.
            model.MoveTo(end, spec.Epochs);
        }
        return state;
    }

    /// <summary>Quantizers start from the weights, and from what they make of the first training images.</summary>
    private void StartQuantized()
    {
        QuantizedPhaseSpec phase = plan.Recipe.QuantizedPhase!;
        if (!phase.WarmStart)
        {
            using NetworkModel fresh = new(plan.Network, plan.Recipe);
            InitialWeights.Set(fresh, plan.Recipe);
            ModelState.Write(ModelState.Read(ModelState.Of(fresh)), ModelState.Of(model));
        }
        using DisposeScope scope = NewDisposeScope();
        if (phase.Epochs == 0)
        {
            CalibratedModel.Calibrate(model, phase, images.Training);
            return;
        }

        model.train();
        int count = phase.CalibrationImages ?? QuantizedPhaseSpec.DefaultCalibrationImages;
        model.InitializeQuantizers(
            ImageBatch.Of(images.Training, 0, Math.Min(count, images.Training.Count)).Images, CalibratedModel.Importance(model, phase, images.Training));
    }

    /// <summary>The float network: the one that is given, that of the checkpoint, or the model as the float phase left it.</summary>
    private TeacherLoss TeacherOf(DistillationSpec spec, Checkpoint? unfinished)
    {
        NetworkModel teacher = new(plan.Network, plan.Recipe.FloatPart());
        if (plan.FloatNetwork is not null)
        {
            FloatWeights.Copy(plan.FloatNetwork, teacher);
        }
        else if (unfinished is not null)
        {
            ModelState.Write(unfinished.Teacher, ModelState.Of(teacher));
        }
        else
        {
            FloatWeights.Copy(ModelState.Read(ModelState.Of(model)), teacher);
        }

        teacher.eval();
        return new TeacherLoss(spec, teacher);
    }

    private void Save(TrainingState state, PhaseRun run, TeacherLoss? teacher)
    {
        new Checkpoint
        {
            State = state,
            Model = ModelState.Read(ModelState.Of(model)),
            Optimizer = ModelState.Read(run.Optimizer.State),
            Teacher = teacher is null ? TensorArchive.NoArrays : ModelState.Read(teacher.Parameters),
        }.Save(plan.Directory);
        History.Save(plan.Directory, state.Epochs, state.Ranges);
    }

    private void Report(RemainingTime clock, TrainingPhase phase, PhaseSpec spec, int epoch, int batch, double loss, double? validation)
    {
        int laterEpochs = phase == TrainingPhase.Float ? plan.Recipe.QuantizedPhase?.Epochs ?? 0 : 0;
        long left = ((long)(spec.Epochs - epoch + laterEpochs) * _batches) - batch;
        progress?.Report(new TrainingProgress
        {
            Phase = phase,
            Epoch = epoch,
            Epochs = spec.Epochs,
            Batch = batch,
            Batches = _batches,
            Loss = loss,
            ValidationAccuracy = validation,
            Remaining = clock.Estimate(left),
        });
    }
}
