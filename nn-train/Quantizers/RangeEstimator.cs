// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Calibration;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>What is quantised.</summary>
public enum TensorRole
{
    /// <summary>A parameter; dimension 0 is the output channel.</summary>
    Weights,

    /// <summary>A batch of activations; dimension 0 is the image.</summary>
    Activations,
}

/// <summary>A tensor in units of its step.</summary>
/// <param name="Ratio">u, what the grid rounds; shape of the input.</param>
/// <param name="Step">s, the value of one code; one element, or one a channel.</param>
public readonly record struct Scaled(Tensor Ratio, Tensor Step);

/// <summary>Codes of an interval that does not begin at zero: <c>u = (x - Offset) / Width</c>, the value of a code is <c>c</c> times the step.</summary>
/// <param name="Offset">Where code 0 lies.</param>
/// <param name="Width">From code to code.</param>
public readonly record struct AffineCodes(double Offset, double Width);

/// <summary>The part of a quantizer that finds the scale. Parameters and buffers of it are its state.</summary>
public abstract class RangeEstimator(string name) : nn.Module(name)
{
    /// <summary>No step is smaller: keeps biases in units of the accumulator within its width when a channel is all zero.</summary>
    protected const double LeastStep = 1.0 / (1 << 20);

    /// <summary>u and s of a tensor; in training, ranges that observe take notice of it.</summary>
    public abstract Scaled Apply(Tensor x);

    /// <summary>Sets the state from a first tensor; called without gradients.</summary>
    public virtual void Initialize(Tensor x)
    {
    }

    /// <summary>As <see cref="Initialize(Tensor)"/>, with how much an error of each element costs; ranges that do not weigh errors take no notice of it.</summary>
    /// <param name="x">A first tensor.</param>
    /// <param name="importance">A number that is not negative for each element.</param>
    public virtual void Initialize(Tensor x, Tensor importance) => Initialize(x);

    /// <summary>Whether the state depends on what the weights are multiplied with, which <see cref="InitializeByInputs"/> is then given.</summary>
    public virtual bool ReadsInputs => false;

    /// <summary>As <see cref="Initialize(Tensor)"/>, where <see cref="ReadsInputs"/>.</summary>
    /// <param name="x">The weights.</param>
    /// <param name="inputs">What the weights of an output are multiplied with: one row a position and image, in the order of the weights.</param>
    public virtual void InitializeByInputs(Tensor x, Tensor inputs) => Initialize(x);

    /// <summary>What the quantised parameter itself starts from, once the state is set; called without gradients.</summary>
    public virtual Tensor Start(Tensor x) => x;

    /// <summary>How ratios follow from values where they are not values over the step; null where they are.</summary>
    public virtual AffineCodes? Affine => null;

    /// <summary>The codes of a grid with a table (<see cref="IGrid.HasTable"/>), one more than its ladder has thresholds; null where codes follow from the grid alone.</summary>
    public virtual ImmutableArray<int>? Table => null;

    /// <summary>What the loss has of the range's parameters, with gradient; null for nothing.</summary>
    public virtual Tensor? Penalty => null;

    /// <summary>Takes notice of the second moments of the gradients; called after every step, without gradients.</summary>
    public virtual void ObserveCurvature(Tensor secondMoment)
    {
    }

    /// <summary>Brings trained scales back into their domain after a step of the optimizer; called without gradients.</summary>
    public virtual void Constrain()
    {
    }
}

/// <summary>From the names of a recipe to range estimators.</summary>
public static class RangeEstimators
{
    /// <summary>The estimator of a sentence for a tensor of a role and shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No estimator of that name for that role, or none without an accumulator.</exception>
    public static RangeEstimator Of(QuantizerSpec spec, IGrid grid, TensorRole role, ReadOnlySpan<long> shape, SumBudget? budget = null)
    {
        ScaleGroups groups = ScaleGroups.Of(spec.Granularity, shape);
        if (ClippingRules.Of(spec) is IClippingRule rule)
        {
            return new CalibratedRange(grid, spec, rule, groups);
        }

        return (spec.Range, role) switch
        {
            (RangeKind.MinMax, TensorRole.Weights) => new MaximumRange(grid, spec.Scale, groups),
            (RangeKind.MinMax, TensorRole.Activations) => new RunningMaximumRange(grid, spec.Scale, spec.Chunks ?? 1),
            (RangeKind.MovingAverage, TensorRole.Activations) => new MovingAverageRange(grid, spec.Scale, spec.RangeDecay, spec.Chunks ?? 1),
            (RangeKind.LearnedStep, _) => new LearnedStepRange(grid, spec.Scale, role, groups),
            (RangeKind.Pact, TensorRole.Activations) => new PactRange(grid, spec.Scale, spec.Limit),
            (RangeKind.Dorefa, TensorRole.Weights) when grid is SignGrid => new DorefaSignRange(),
            (RangeKind.Dorefa, TensorRole.Weights) => new DorefaWeightRange(grid, spec.Reading ?? Reading.Code),
            (RangeKind.Dorefa, TensorRole.Activations) => new UnitRange(1.0 / grid.Highest),
            (RangeKind.MeanMagnitude, TensorRole.Weights) => new MeanMagnitudeRange(spec.Scale, groups, spec.Reading),
            (RangeKind.Unit, _) => new UnitRange(1.0),
            (RangeKind.Fixed, _) => new UnitRange((spec.Limit ?? 1) / grid.Highest),
            (RangeKind.TernaryThreshold, TensorRole.Weights) => new TernaryThresholdRange(spec.Scale, groups),
            (RangeKind.Sawb, TensorRole.Weights) => new SawbRange(grid, spec.Levels, spec.Scale, groups),
            (RangeKind.PowerOfTwo, TensorRole.Weights) => new PowerOfTwoRange(grid),
            (RangeKind.KMeans, TensorRole.Weights) => new CodebookRange(grid, spec.Scale, 1 << spec.CodebookBits!.Value, spec.Sparsity ?? 0, spec.EntropyWeight ?? 0, spec.CodebookStart ?? CodebookStart.KMeans, shape),
            (RangeKind.ProductCodebook, TensorRole.Weights) => new ProductCodebookRange(grid, spec.Scale, 1 << spec.CodebookBits!.Value, spec.Block!.Value, shape),
            (RangeKind.Circulant, TensorRole.Weights) => new CirculantRange(spec.Scale, groups, FilterOrientations.Sources(shape, spec.Orientations!.Value)),
            (RangeKind.TrainedTernary, TensorRole.Weights) => new TrainedTernaryRange(grid, spec.Scale, spec.Reading ?? Reading.Code, spec.Sparsity),
            (RangeKind.TruncatedGaussian, TensorRole.Weights) => new TruncatedGaussianRange(spec.Scale),
            (RangeKind.LearnedInterval, TensorRole.Weights) => new WeightIntervalRange(grid, spec.TrainedExponent),
            (RangeKind.LearnedInterval, TensorRole.Activations) => new ActivationIntervalRange(grid),
            (RangeKind.LearnedBasis, TensorRole.Weights) => new LearnedBasisRange(grid, spec.Scale, spec.CodebookBits!.Value, shape),
            (RangeKind.LeastSquaresLevels, TensorRole.Weights) => new LeastSquaresLevelsRange(grid, spec.Scale, spec.Fit ?? ValueFit.Alternating),
            (RangeKind.ShiftedSigns, TensorRole.Weights) => new ShiftedSignsRange(grid, spec.Scale, (1 << spec.CodebookBits!.Value) - 1),
            (RangeKind.HalfWave, TensorRole.Activations) => new UnitRange(HalfWaveSteps.Of(spec.Bits, rounds: spec is { Grid: GridKind.Unsigned, Reading: Reading.Paper })),
            (RangeKind.LearnedResidual, TensorRole.Activations) => new LearnedResidualRange(),
            (RangeKind.MeanResidual, TensorRole.Activations) => new MeanResidualRange(spec.RangeDecay),
            (RangeKind.LossAware, TensorRole.Weights) => new LossAwareRange(grid, spec.Scale, groups, spec.Fit ?? ValueFit.Alternating, shape),
            (RangeKind.Standardized, TensorRole.Weights) => new StandardizedRange(groups),
            (RangeKind.NormBound or RangeKind.CenteredNormBound, TensorRole.Weights) when budget is SumBudget limit =>
                new NormBoundRange(grid, spec.Scale, groups, limit, spec.Range == RangeKind.CenteredNormBound, shape),
            (RangeKind.LearnedScale, TensorRole.Weights) => new LearnedScaleRange(spec.Scale, groups),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Range, $"not a range estimator of {role}"),
        };
    }
}
