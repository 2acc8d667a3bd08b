// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Weight sharing (Deep Compression, Han et al. 2016, arXiv:1510.00149, section 3): each weight has an index k(i) into a codebook of centroids c, which is found by k-means once
/// and kept; the centroids are trained, as multiples p of the largest weight's magnitude r: Adam moves a parameter by its learning rate whatever its gradient is, which for small weights would be many codes.
/// <code>
/// forward   c = r p,  s = max|c| / Highest,  u_i = c_k(i) / s        the grid rounds centroids to integers, so that hardware can hold them
/// backward  dL/dp_k = r sum over i of dL/dy_i, k(i) = k;     the weights themselves have no gradient
/// start     k-means from centroids at equal distances over the range of the weights
/// </code>
/// Entry 0 stays 0: the weights of least magnitude, the share <c>sparsity</c> of all, are pruned to it.
/// </summary>
public sealed class CodebookRange : RangeEstimator
{
    private readonly IGrid grid;
    private readonly ScaleKind scale;
    private readonly double sparsity;
    private readonly double entropyWeight;
    private readonly CodebookStart start;
    private readonly Parameter centroids;
    private readonly Tensor magnitude;
    private readonly Tensor index;

    /// <summary>All weights at entry 0, to be set by <see cref="Initialize"/>.</summary>
    /// <param name="grid">The integers that centroids are rounded to.</param>
    /// <param name="scale">Which scales are allowed.</param>
    /// <param name="entries">Size of the codebook, zero included.</param>
    /// <param name="sparsity">Share of the weights that is pruned.</param>
    /// <param name="entropyWeight">What a bit of an index costs, in mean squares of the weights; 0 for nothing.</param>
    /// <param name="start">What the codebook starts from.</param>
    /// <param name="shape">Shape of the weights.</param>
    public CodebookRange(IGrid grid, ScaleKind scale, int entries, double sparsity, double entropyWeight, CodebookStart start, ReadOnlySpan<long> shape)
        : base(nameof(CodebookRange))
    {
        this.grid = grid;
        this.scale = scale;
        this.sparsity = sparsity;
        this.entropyWeight = entropyWeight;
        this.start = start;
        centroids = new Parameter(zeros(entries));
        magnitude = ones([]);
        index = zeros(shape.ToArray());
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x) => Initialize(x, ones_like(x));

    /// <inheritdoc/>
    public override void Initialize(Tensor x, Tensor importance)
    {
        float[] weights = x.data<float>().ToArray();
        WeightClusters clusters = start == CodebookStart.Quantiles
            ? WeightClusters.AtQuantiles(weights, (int)centroids.numel())
            : WeightClusters.Of(weights, importance.data<float>().ToArray(), (int)centroids.numel(), sparsity, entropyWeight);
        magnitude.copy_(x.abs().max().clamp(LeastStep));
        centroids.copy_(tensor(clusters.Centroids, centroids.shape) / magnitude);
        index.copy_(tensor(clusters.Index, index.shape));
    }

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor values = centroids * magnitude;
        Tensor step = ScaleRules.Snap((values.detach().abs().max() / grid.Highest).clamp(LeastStep), scale);
        Tensor shared = values.index_select(0, index.to_type(int64).flatten()).reshape(x.shape);
        return new Scaled(shared / step, step);
    }

    /// <inheritdoc/>
    public override void Constrain() => centroids.narrow(0, 0, 1).zero_();
}
