// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// PACT (Choi et al. 2018, arXiv:1805.06085): the clipping level a of an activation is trained.
/// <code>
/// forward   s = a / Highest,  u = clip(x, 0, a) / s
/// backward  dy/dx = 1[0 &lt; x &lt; a],  dy/da = 1[x &gt; a]
/// start     a = the largest activation of the first batch, or what the recipe says (the paper's 10)
/// </code>
/// A snapped step moves the level with it, to <c>s * Highest</c>. The level has weight decay, as in the paper.
/// </summary>
public sealed class PactRange : RangeEstimator
{
    private readonly IGrid grid;
    private readonly ScaleKind scale;
    private readonly double? start;
    private readonly Parameter level;

    /// <summary>A level of 1, to be set by <see cref="Initialize"/>.</summary>
    /// <param name="grid">The codes.</param>
    /// <param name="scale">Which steps are allowed.</param>
    /// <param name="start">What the level starts from; null for the largest activation.</param>
    public PactRange(IGrid grid, ScaleKind scale, double? start = null)
        : base(nameof(PactRange))
    {
        this.grid = grid;
        this.scale = scale;
        this.start = start;
        level = new Parameter(ones([]));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x) => level.copy_(start is double given ? full([], given) : x.max().clamp(LeastStep * grid.Highest));

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor trained = ScaleRules.Snap(level / grid.Highest, scale);
        Tensor step = trained.detach();

        // The level in units of the step: Highest exactly, with the gradient of a / s.
        Tensor highest = StraightThrough.Replace(trained / step * grid.Highest, full_like(step, grid.Highest));
        return new Scaled((x / step).relu().minimum(highest), step);
    }

    /// <inheritdoc/>
    public override void Constrain() => level.clamp_(LeastStep * grid.Highest);
}
