// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// The range of INQ's powers of two (Zhou et al. 2017, arXiv:1702.03044, section 2.1), set once from the weights that training starts with:
/// <c>n1 = floor(log2(4 max|w| / 3))</c> is the exponent of the largest level, <c>s = 2^n1 / Highest</c> that of the least, <c>u = w / s</c>.
/// </summary>
public sealed class PowerOfTwoRange : RangeEstimator
{
    private readonly IGrid grid;
    private readonly Tensor step;

    /// <summary>A step of 1, to be set by <see cref="Initialize"/>.</summary>
    public PowerOfTwoRange(IGrid grid)
        : base(nameof(PowerOfTwoRange))
    {
        this.grid = grid;
        step = ones([]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x)
    {
        double largest = Math.Max(x.abs().max().item<float>(), LeastStep);
        step.fill_(Math.Max(Math.ScaleB(1, (int)Math.Floor(Math.Log2(4 * largest / 3))) / grid.Highest, LeastStep));
    }

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x) => new(x / step, step);
}
