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
/// <c>u = x / s</c>; s is a constant in the backward pass. In k parts, the largest value of a batch is the mean of those of k equal parts of it (of as many as there are, up to k), so that one outlier does not set the
/// range (Banner et al. 2018, arXiv:1805.11046; 16 in its code).
/// </summary>
public abstract class ObservedRange : StepRange
{
    private readonly IGrid grid;
    private readonly ScaleKind scale;
    private readonly int chunks;
    private readonly Tensor maximum;

    /// <summary>An observer that has seen nothing.</summary>
    protected ObservedRange(string name, IGrid grid, ScaleKind scale, int chunks)
        : base(name)
    {
        this.chunks = chunks;
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

        // Where all values were 0 any step holds them: 1 is one whose ratio to others a multiplier holds, too.
        Tensor step = (maximum / grid.Highest).clamp(LeastStep);
        return ScaleRules.Snap(step.where(maximum.gt(0.0), ones_like(step)), scale);
    }

    /// <summary>The statistic after one more batch.</summary>
    protected abstract Tensor Observe(Tensor old, Tensor ofBatch);

    private Tensor MaximumOf(Tensor x)
    {
        Tensor values = grid.Lowest < 0 ? x.abs() : x;
        long count = x.numel();
        int parts = Enumerable.Range(1, chunks).Last(parts => count % parts == 0);
        return parts == 1 ? values.max() : values.reshape(parts, count / parts).amax([1L]).mean();
    }
}

/// <summary>The largest value of all batches: <c>m = max(m, max x)</c>.</summary>
public sealed class RunningMaximumRange(IGrid grid, ScaleKind scale, int chunks = 1) : ObservedRange(nameof(RunningMaximumRange), grid, scale, chunks)
{
    /// <inheritdoc/>
    protected override Tensor Observe(Tensor old, Tensor ofBatch) => old.maximum(ofBatch);
}

/// <summary><c>m = d m + (1 - d) max x</c> (Jacob et al. 2018, section 3.1), d the decay.</summary>
public sealed class MovingAverageRange(IGrid grid, ScaleKind scale, double decay, int chunks = 1)
    : ObservedRange(nameof(MovingAverageRange), grid, scale, chunks)
{
    /// <inheritdoc/>
    protected override Tensor Observe(Tensor old, Tensor ofBatch) => (old * decay) + (ofBatch * (1 - decay));
}
