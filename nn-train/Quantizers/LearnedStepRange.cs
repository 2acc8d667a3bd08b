// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// LSQ (Esser et al. 2020, arXiv:1902.08153): the step s is trained.
/// <code>
/// forward   u = x / s
/// backward  dy/ds = g * (c - u)   inside the grid's range (with a clipped estimator)
///                 = g * c         outside, where c is Lowest or Highest
///           g = 1 / sqrt(N * Highest),  N = elements that share s (of one image for activations)
/// start     s = 2 * mean|x| / sqrt(Highest)
/// </code>
/// </summary>
public sealed class LearnedStepRange : StepRange
{
    private readonly IGrid grid;
    private readonly ScaleKind scale;
    private readonly TensorRole role;
    private readonly ScaleGroups groups;
    private readonly Parameter step;

    /// <summary>Steps of 1, to be set by <see cref="Initialize"/>.</summary>
    public LearnedStepRange(IGrid grid, ScaleKind scale, TensorRole role, ScaleGroups groups)
        : base(nameof(LearnedStepRange))
    {
        this.grid = grid;
        this.scale = scale;
        this.role = role;
        this.groups = groups;
        step = new Parameter(ones(groups.Shape));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x)
    {
        Tensor used = grid.Lowest < 0 ? x : x.relu();
        step.copy_((groups.MeanMagnitude(used) * (2 / Math.Sqrt(grid.Highest))).clamp(LeastStep));
    }

    /// <inheritdoc/>
    public override Tensor StepOf(Tensor x)
    {
        long sharing = role == TensorRole.Weights ? x.numel() / groups.Count : x.numel() / x.shape[0];
        double gradientScale = 1 / Math.Sqrt((double)sharing * grid.Highest);
        Tensor scaled = StraightThrough.Replace(step * gradientScale, step.detach());
        return ScaleRules.Snap(scaled, scale);
    }

    /// <inheritdoc/>
    public override void Constrain() => step.clamp_(LeastStep);
}
