// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Product quantisation that keeps a layer's outputs (And the Bit Goes Down; Stock et al. 2020, arXiv:1907.05686): the weights of an output, in their order, fall into blocks of d neighbours, each with an index k(p) into one
/// codebook of the layer, found once by <see cref="BlockClusters"/>; the entries are trained.
/// <code>
/// forward   s = max|c| / Highest,  u = c_k(p) / s of each block p     the grid rounds entries to integers, so that hardware can hold them
/// backward  dL/dc_k = sum over p with k(p) = k of dL/dy_p;            the weights themselves have no gradient
/// </code>
/// </summary>
public sealed class ProductCodebookRange : RangeEstimator
{
    private readonly IGrid grid;
    private readonly ScaleKind scale;
    private readonly Parameter centroids;
    private readonly Tensor index;

    /// <summary>All blocks at entry 0, which is zero, until it is initialised.</summary>
    /// <param name="grid">The integers that entries are rounded to.</param>
    /// <param name="scale">Which scales are allowed.</param>
    /// <param name="entries">Size of the codebook.</param>
    /// <param name="block">d, weights of an entry.</param>
    /// <param name="shape">Shape of the weights.</param>
    public ProductCodebookRange(IGrid grid, ScaleKind scale, int entries, int block, ReadOnlySpan<long> shape)
        : base(nameof(ProductCodebookRange))
    {
        this.grid = grid;
        this.scale = scale;
        long weights = 1;
        foreach (long extent in shape)
        {
            weights *= extent;
        }

        if (weights / shape[0] % block != 0)
        {
            throw new ArgumentException($"{weights / shape[0]} weights of an output are no blocks of {block}", nameof(shape));
        }

        centroids = new Parameter(zeros(entries, block));
        index = zeros(weights / block);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool ReadsInputs => true;

    /// <inheritdoc/>
    public override void InitializeByInputs(Tensor x, Tensor inputs)
    {
        // One codebook serves all places of a block, and so do the moments: those of what any block is multiplied with.
        int block = (int)centroids.shape[1];
        Tensor rows = inputs.reshape(-1, block).to_type(float64);
        double[] moments = (rows.transpose(0, 1).matmul(rows) / (double)rows.shape[0]).contiguous().data<double>().ToArray();
        BlockClusters clusters = BlockClusters.Of(x.data<float>().ToArray(), block, (int)centroids.shape[0], moments);
        centroids.copy_(tensor([.. clusters.Centroids.Select(value => (float)value)], centroids.shape));
        index.copy_(tensor([.. clusters.Index.Select(entry => (float)entry)], index.shape));
    }

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor step = ScaleRules.Snap((centroids.detach().abs().max() / grid.Highest).clamp(LeastStep), scale);
        Tensor shared = centroids.index_select(0, index.to_type(int64)).reshape(x.shape);
        return new Scaled(shared / step, step);
    }
}
