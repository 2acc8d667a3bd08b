// SPDX-License-Identifier: Apache-2.0
using NnTrain.Models;
using NnTrain.Optimizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>One phase of a training on its way: an epoch is a method.</summary>
internal sealed class PhaseRun : IDisposable
{
    /// <summary>Streams of <see cref="SeededRandom"/>, beside the phase and the epoch.</summary>
    private const int OrderStream = 1;
    private const int ShiftStream = 2;

    /// <summary>Of a float network, in units of what a guess costs.</summary>
    private const double WorstLoss = 10;

    private readonly NetworkModel _model;
    private readonly ImageSets _images;
    private readonly TrainingSpec _recipe;
    private readonly PhaseSpec _spec;
    private readonly TrainingPhase _phase;
    private readonly TeacherLoss? _teacher;

    public PhaseRun(NetworkModel model, ImageSets images, TrainingSpec recipe, TrainingPhase phase, TeacherLoss? teacher)
    {
        _teacher = teacher;
        _model = model;
        _images = images;
        _recipe = recipe;
        _phase = phase;
        _spec = (phase == TrainingPhase.Float ? recipe.FloatPhase : recipe.QuantizedPhase)
            ?? throw new ArgumentException("the recipe has no such phase", nameof(phase));
        Optimizer = Optimizer.Of(_spec.Optimizer, ModelState.TrainedParameters(model));
    }

    public Optimizer Optimizer { get; }

    /// <summary>Whole batches of the training images; what is left over waits for another epoch's order.</summary>
    public static int BatchesPerEpoch(TrainingSpec recipe, Data.ImageSet training) => Math.Max(1, training.Count / recipe.BatchSize);

    /// <summary>One epoch, counted from 0.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="afterBatch">Called with the number of finished batches and the mean loss so far.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    /// <exception cref="TrainingDivergedException">A loss or a parameter is not finite, or the float phase ends with a loss that is far beyond that of a guess.</exception>
    public EpochResult Epoch(int epoch, Action<int, double> afterBatch, CancellationToken cancellation)
    {
        _model.train();
        int batches = BatchesPerEpoch(_recipe, _images.Training);
        int[] order = new SeededRandom(_recipe.Seed, OrderStream, (int)_phase, epoch).Permutation(_images.Training.Count);
        SeededRandom shifts = new(_recipe.Seed, ShiftStream, (int)_phase, epoch);
        double loss = 0;
        long right = 0;
        long seen = 0;
        double rate = 0;
        for (int b = 0; b < batches; b++)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            int[] indices = [.. order.Skip(b * _recipe.BatchSize).Take(_recipe.BatchSize)];
            ImageBatch batch = ImageBatch.Of(_images.Training, indices, _recipe.ShiftPixels, shifts);
            long step = ((long)epoch * batches) + b;
            rate = _spec.Optimizer.LearningRate * LearningRate.Factor(_spec.Schedule, step, batches, _spec.Epochs);
            if (_phase == TrainingPhase.Quantized)
            {
                _model.MoveTo((double)step / batches, _spec.Epochs);
            }
            (double batchLoss, long batchRight) = Step(batch, rate, step, epoch, b);
            loss += batchLoss;
            right += batchRight;
            seen += indices.Length;
            afterBatch(b + 1, loss / (b + 1));
        }
        ThrowIfNotFinite(epoch, batches);
        ThrowIfBeyondGuessing(epoch, loss / batches);
        if (_spec is QuantizedPhaseSpec { NormImages: int count } && epoch == _spec.Epochs - 1)
        {
            AverageNorms(Math.Min(count, _images.Training.Count));
        }

        double? validation = _images.Validation.Count == 0 ? null : ModelEvaluator.Accuracy(_model, _images.Validation, cancellation);
        return new EpochResult(_phase, epoch + 1, rate, loss / batches, (double)right / seen, validation);
    }

    /// <summary>Batch norm sees the first training images once more, in whole batches, with the weights that are final.</summary>
    private void AverageNorms(int count)
    {
        int size = Math.Min(count, _recipe.BatchSize);
        using DisposeScope scope = NewDisposeScope();
        _model.MoveTo(_spec.Epochs, _spec.Epochs);
        _model.AverageNorms(Enumerable.Range(0, count / size).Select(b => ImageBatch.Of(_images.Training, b * size, size).Images));
    }

    public void Dispose() => Optimizer.Dispose();

    private (double Loss, long Right) Step(ImageBatch batch, double rate, long step, int epoch, int b)
    {
        if (_phase == TrainingPhase.Quantized)
        {
            _model.RoundAtRandom(_recipe.Seed, step);
        }

        (Tensor loss, Tensor scores) = Loss(batch);
        _model.RoundAsAfterwards();
        double value = loss.item<float>();
        if (!double.IsFinite(value))
        {
            throw new TrainingDivergedException(TrainingDivergedException.FirstLayer(_model, batch), _phase, epoch + 1, b + 1);
        }
        Optimizer.ZeroGradients();
        loss.backward();
        Optimizer.Step(rate, step);
        _model.Constrain();
        ObserveCurvature();
        using IDisposable ungraded = no_grad();
        return (value, ModelEvaluator.CountRight(scores, batch.Labels));
    }

    private (Tensor Loss, Tensor Scores) Loss(ImageBatch batch)
    {
        Tensor LabelLoss(Tensor scores) => TaskLoss.Of(_recipe, scores, batch.Labels);

        (Tensor loss, Tensor scores) = _teacher is null ? Plain() : _teacher.Of(_model, batch, LabelLoss);
        if (_spec is QuantizedPhaseSpec { AuxiliaryWeight: double weight })
        {
            // The same weights in real numbers: their gradient passes no quantiser (Zhuang et al. 2019, arXiv:1903.11236, section 3).
            _model.Quantized = false;
            loss = loss + (LabelLoss(_model.forward(batch.Images)) * weight);
            _model.Quantized = true;
        }

        if (_spec is QuantizedPhaseSpec { WeightPull: PullSpec pull })
        {
            loss = loss + (_model.MatrixLayers.Select(layer => layer.Pull(pull.Kind)).Aggregate((a, b) => a + b) * pull.Weight);
        }

        if (_spec is QuantizedPhaseSpec { Accumulator: { PenaltyWeight: > 0 } accumulator })
        {
            loss = loss + (_model.MatrixLayers.Select(layer => layer.AccumulatorPenalty()).OfType<Tensor>().Aggregate((a, b) => a + b) * accumulator.PenaltyWeight);
        }

        return (loss, scores);

        (Tensor Loss, Tensor Scores) Plain()
        {
            Tensor own = _model.forward(batch.Images);
            return (LabelLoss(own), own);
        }
    }

    private void ObserveCurvature()
    {
        if (_spec is not QuantizedPhaseSpec phase || phase.Weights.Range != RangeKind.LossAware)
        {
            return;
        }

        foreach (Layers.MatrixLayer layer in _model.MatrixLayers)
        {
            layer.ObserveCurvature(Optimizer.SecondMomentOf($"{layer.GetName()}.weight")!);
        }
    }

    /// <summary>What goes on from such a float network only wastes time. The loss of a quantised phase has other parts, which may be large.</summary>
    private void ThrowIfBeyondGuessing(int epoch, double loss)
    {
        double most = WorstLoss * TaskLoss.OfGuess(_recipe.Loss, _images.Training.ClassNames.Count);
        if (_phase == TrainingPhase.Float && epoch == _spec.Epochs - 1 && loss > most)
        {
            throw new TrainingDivergedException(_phase, epoch + 1, loss, most);
        }
    }

    private void ThrowIfNotFinite(int epoch, int batches)
    {
        if (ModelState.FirstNotFinite(ModelState.Of(_model)) is string name)
        {
            throw new TrainingDivergedException(name.Split('.')[0], _phase, epoch + 1, batches);
        }
    }
}
