// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Weights by their largest magnitude: <c>s = max|w| / Highest</c>, <c>u = w / s</c>; s is a constant in the backward pass.
/// (Symmetric form of Jacob et al. 2018, section 3.1.)
/// </summary>
public sealed class MaximumRange(IGrid grid, ScaleKind scale, ScaleGroups groups) : StepRange(nameof(MaximumRange))
{
    /// <inheritdoc/>
    public override Tensor StepOf(Tensor x) => ScaleRules.Snap((groups.MaximumMagnitude(x.detach()) / grid.Highest).clamp(LeastStep), scale);
}

/// <summary>
/// Activations by a statistic m of their largest value (largest magnitude on a signed grid): <c>s = m / Highest</c>,
/// <c>u = x / s</c>; s is a constant in the backward pass.
/// </summary>
public abstract class ObservedRange : StepRange
{
    private readonly IGrid grid;
    private readonly ScaleKind scale;
    private readonly Tensor maximum;

    /// <summary>An observer that has seen nothing.</summary>
    protected ObservedRange(string name, IGrid grid, ScaleKind scale)
        : base(name)
    {
        this.grid = grid;
        this.scale = scale;
        maximum = zeros([]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x) => maximum.copy_(MaximumOf(x));

    /// <inheritdoc/>
    public override Tensor StepOf(Tensor x)
    {
        if (training)
        {
            using IDisposable ungraded = no_grad();
            maximum.copy_(Observe(maximum, MaximumOf(x.detach())));
        }

        return ScaleRules.Snap((maximum / grid.Highest).clamp(LeastStep), scale);
    }

    /// <summary>The statistic after one more batch.</summary>
    protected abstract Tensor Observe(Tensor old, Tensor ofBatch);

    private Tensor MaximumOf(Tensor x) => grid.Lowest < 0 ? x.abs().max() : x.max();
}

/// <summary>The largest value of all batches: <c>m = max(m, max x)</c>.</summary>
public sealed class RunningMaximumRange(IGrid grid, ScaleKind scale) : ObservedRange(nameof(RunningMaximumRange), grid, scale)
{
    /// <inheritdoc/>
    protected override Tensor Observe(Tensor old, Tensor ofBatch) => old.maximum(ofBatch);
}

/// <summary><c>m = d m + (1 - d) max x</c> (Jacob et al. 2018, section 3.1), d the decay.</summary>
public sealed class MovingAverageRange(IGrid grid, ScaleKind scale, double decay)
    : ObservedRange(nameof(MovingAverageRange), grid, scale)
{
    /// <inheritdoc/>
    protected override Tensor Observe(Tensor old, Tensor ofBatch) => (old * decay) + (ofBatch * (1 - decay));
}
