// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>A quantised tensor: <c>Values = Codes * Step</c>.</summary>
public readonly struct Quantized
{
    private readonly Tensor? codes;

    /// <summary>Of values and, where they are known, their codes.</summary>
    public Quantized(Tensor values, Tensor step, Tensor? codes = null) => (Values, Step, this.codes) = (values, step, codes);

    /// <summary>Real values, with gradient; shape of the input.</summary>
    public Tensor Values { get; }

    /// <summary>The scale, without gradient; one element, or one a channel with the input's number of dimensions.</summary>
    public Tensor Step { get; }

    /// <summary>Integers of the grid as floating-point numbers, without gradient; shape of the input.</summary>
    public Tensor Codes => codes ?? (Values.detach() / Step).round();
}

/// <summary>
/// A quantizer assembled from parts:
/// <code>
/// forward   (u, s) = range(x)                     s snapped by the scale rule
///           c = project(min(max(u, Lowest), Highest))     to the nearest code; in training at random where the sentence says so
///           y = c * s
/// backward  dy/dx = s * dc/du * du/dx,  dc/du by the gradient estimator
///           dy/ds = c + s * dc/du * du/ds         where the range has a trained scale
/// </code>
/// </summary>
public sealed class Quantizer : nn.Module
{
    private readonly RangeEstimator range;
    private readonly SoftStaircase? staircase;
    private double progress;

    /// <summary>A quantizer of one tensor.</summary>
    /// <param name="spec">The sentence.</param>
    /// <param name="role">What the tensor is.</param>
    /// <param name="shape">Shape of the tensor for weights; any for activations.</param>
    /// <param name="budget">The accumulator that the weights' sums go to; null where it does not limit them.</param>
    public Quantizer(QuantizerSpec spec, TensorRole role, ReadOnlySpan<long> shape, SumBudget? budget = null)
        : base(nameof(Quantizer))
    {
        Spec = spec;
        Grid = Grids.Of(spec);
        range = RangeEstimators.Of(spec, Grid, role, shape, budget);
        staircase = spec.Gradient == GradientKind.SoftStep ? new SoftStaircase() : null;
        RegisterComponents();
    }

    /// <summary>The sentence.</summary>
    public QuantizerSpec Spec { get; }

    /// <summary>The integers that codes can be.</summary>
    public IGrid Grid { get; }

    /// <summary>Sets what the range starts from, once, before training.</summary>
    /// <param name="x">A first tensor.</param>
    /// <param name="importance">How much an error of each element costs; null where all cost the same.</param>
    public void Initialize(Tensor x, Tensor? importance = null)
    {
        using IDisposable ungraded = no_grad();
        if (importance is null)
        {
            range.Initialize(x.detach());
        }
        else
        {
            range.Initialize(x.detach(), importance);
        }
    }

    /// <summary>Whether the weights' range depends on what they are multiplied with.</summary>
    public bool ReadsInputs => range.ReadsInputs;

    /// <summary>As <see cref="Initialize"/>, where <see cref="ReadsInputs"/>.</summary>
    /// <param name="x">The weights.</param>
    /// <param name="inputs">What the weights of an output are multiplied with: one row a position and image, in the order of the weights.</param>
    public void InitializeByInputs(Tensor x, Tensor inputs)
    {
        using IDisposable ungraded = no_grad();
        range.InitializeByInputs(x.detach(), inputs.detach());
    }

    /// <summary>What the quantised parameter itself starts from, after <see cref="Initialize"/>; the tensor where it stays.</summary>
    public Tensor Start(Tensor x)
    {
        using IDisposable ungraded = no_grad();
        return range.Start(x.detach());
    }

    /// <summary>How codes follow from values where a code's value is not its ratio times the step; null where it is.</summary>
    public AffineCodes? Affine => range.Affine;

    /// <summary>The codes that the thresholds of a grid with a table choose from; null where codes follow from the grid alone.</summary>
    public ImmutableArray<int>? Table
    {
        get
        {
            using IDisposable ungraded = no_grad();
            return range.Table;
        }
    }

    /// <summary>What the loss has of the range, with gradient; null where it has nothing of it.</summary>
    public Tensor? Penalty => range.Penalty;

    /// <summary>The step of a range that does not depend on what is quantised, as a number.</summary>
    public double StepValue
    {
        get
        {
            using IDisposable ungraded = no_grad();
            using DisposeScope scope = NewDisposeScope();
            return Quantize(zeros(1, 1)).Step.item<float>();
        }
    }

    /// <summary>What the grid rounds: the tensor in units of its step, before it is clipped; shape of the input.</summary>
    public Tensor Ratio(Tensor x)
    {
        using IDisposable ungraded = no_grad();
        return range.Apply(x).Ratio;
    }

    /// <summary>The codes of ratios.</summary>
    public Tensor CodesOf(Tensor ratio) => Project(ratio.clamp(Grid.Lowest, Grid.Highest));

    /// <summary>What training rounds codes with, where the sentence asks for it; null while codes are those that the integer network will have.</summary>
    public RoundingNoise? Noise { get; set; }

    /// <summary>How far the phase is.</summary>
    /// <param name="share">The share of it that is over, 0..1.</param>
    public void MoveTo(double share) => progress = share;

    /// <summary>Takes notice of the second moments of the gradients of the quantised parameter.</summary>
    public void ObserveCurvature(Tensor secondMoment) => range.ObserveCurvature(secondMoment);

    /// <summary>The two formulas above.</summary>
    public Quantized Quantize(Tensor x)
    {
        if (training && Noise is null && range is StepRange steps && FakeQuantization.Fits(Spec, Grid) && FakeQuantization.Fits(x))
        {
            Tensor step = steps.StepOf(x);
            return new Quantized(FakeQuantization.Of(x, step, Spec, Grid), step.detach());
        }

        Scaled scaled = range.Apply(x);
        Tensor clipped = scaled.Ratio.clamp(Grid.Lowest, Grid.Highest);
        Tensor codes = Project(clipped);
        Tensor through = staircase is not null ? StraightThrough.Replace(staircase.Value(clipped), codes)
            : Spec.Gradient == GradientKind.SoftSign && !training ? codes
            : Spec.Gradient == GradientKind.LogTail ? StraightThrough.Replace(StraightThrough.LogTail(scaled, clipped), codes)
            : StraightThrough.Through(scaled.Ratio, Spec.GradientWindow is double window ? scaled.Ratio.clamp(-window, window) : clipped, codes, Spec.Gradient, progress);
        return new Quantized(through * scaled.Step, scaled.Step.detach(), codes);
    }

    /// <summary>
    /// What the next step starts from: trained scales stay positive, and the real weights behind signs stay within -1..1, or the window of their gradient, where a
    /// clipped gradient can still move them (Courbariaux et al. 2016, algorithm 1).
    /// </summary>
    /// <param name="latent">The quantised parameter, or null for an activation.</param>
    public void Constrain(Tensor? latent)
    {
        range.Constrain();
        staircase?.Constrain();
        if (latent is not null && Grid is SignGrid && Spec.Gradient == GradientKind.SteClipped)
        {
            double window = Spec.GradientWindow ?? 1;
            latent.clamp_(-window, window);
        }
    }

    private Tensor Project(Tensor clipped)
    {
        using IDisposable ungraded = no_grad();
        return training && Noise is not null ? Grid.Project(clipped, Noise) : Grid.Project(clipped, Spec.Rounding);
    }
}
