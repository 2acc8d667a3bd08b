// SPDX-License-Identifier: Apache-2.0
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

    /// <summary>Brings trained scales back into their domain after a step of the optimizer; called without gradients.</summary>
    public virtual void Constrain()
    {
    }
}

/// <summary>From the names of a recipe to range estimators.</summary>
public static class RangeEstimators
{
    /// <summary>The estimator of a sentence for a tensor of a role and shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No estimator of that name for that role.</exception>
    public static RangeEstimator Of(QuantizerSpec spec, IGrid grid, TensorRole role, ReadOnlySpan<long> shape)
    {
        ScaleGroups groups = ScaleGroups.Of(spec.Granularity, shape);
        if (ClippingRules.Of(spec) is IClippingRule rule)
        {
            return new CalibratedRange(grid, spec, rule, groups);
        }

        return (spec.Range, role) switch
        {
            (RangeKind.MinMax, TensorRole.Weights) => new MaximumRange(grid, spec.Scale, groups),
            (RangeKind.MinMax, TensorRole.Activations) => new RunningMaximumRange(grid, spec.Scale),
            (RangeKind.MovingAverage, TensorRole.Activations) => new MovingAverageRange(grid, spec.Scale, spec.RangeDecay),
            (RangeKind.LearnedStep, _) => new LearnedStepRange(grid, spec.Scale, role, groups),
            (RangeKind.Pact, TensorRole.Activations) => new PactRange(grid, spec.Scale),
            (RangeKind.Dorefa, TensorRole.Weights) when grid is SignGrid => new DorefaSignRange(),
            (RangeKind.Dorefa, TensorRole.Weights) => new DorefaWeightRange(grid),
            (RangeKind.Dorefa, TensorRole.Activations) => new UnitRange(1.0 / grid.Highest),
            (RangeKind.MeanMagnitude, TensorRole.Weights) => new MeanMagnitudeRange(spec.Scale, groups),
            (RangeKind.Unit, _) => new UnitRange(1.0),
            (RangeKind.Fixed, _) => new UnitRange(1.0 / grid.Highest),
            (RangeKind.TernaryThreshold, TensorRole.Weights) => new TernaryThresholdRange(spec.Scale, groups),
            (RangeKind.Sawb, TensorRole.Weights) => new SawbRange(grid, spec.Levels, spec.Scale, groups),
            (RangeKind.PowerOfTwo, TensorRole.Weights) => new PowerOfTwoRange(grid),
            (RangeKind.KMeans, TensorRole.Weights) => new CodebookRange(grid, spec.Scale, 1 << spec.CodebookBits!.Value, spec.Sparsity ?? 0, spec.EntropyWeight ?? 0, shape),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Range, $"not a range estimator of {role}"),
        };
    }
}
