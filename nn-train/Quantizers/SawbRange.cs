// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Statistics-aware weight binning (SAWB; Choi et al. 2018, arXiv:1807.06964): the clipping level of least squared error as a line in two moments,
/// <code>
/// a = c1 sqrt(E w^2) + c2 E|w|,  max|w| where that is not positive
/// s = a / Highest,  u = w / s
/// </code>
/// a is a constant in the backward pass; with the unclipped estimator <c>dy/dw = 1</c>.
/// </summary>
public sealed class SawbRange(IGrid grid, int levels, ScaleKind scale, ScaleGroups groups) : RangeEstimator(nameof(SawbRange))
{
    /// <summary>
    /// c1 and c2 by number of levels: those of IBM's fms-model-optimizer (sawb_utils.py) for 3, 4, 8, 15, 16, 32, 128 and 256, else of a regression over the same six
    /// distributions.
    /// </summary>
    private static readonly ImmutableSortedDictionary<int, (double C1, double C2)> Coefficients = new Dictionary<int, (double, double)>
    {
        [3] = (2.6, -1.71),
        [4] = (3.12, -2.064),
        [7] = (6.9431, -6.3051),
        [8] = (7.509, -6.892),
        [15] = (12.035, -12.03),
        [16] = (12.68, -12.80),
        [31] = (16.9278, -17.8104),
        [32] = (17.74, -18.64),
        [63] = (22.1852, -24.0085),
        [64] = (22.2788, -24.1182),
        [127] = (27.5498, -30.3691),
        [128] = (28.24, -30.81),
        [255] = (33.0142, -36.8695),
        [256] = (31.76, -35.04),
    }.ToImmutableSortedDictionary();

    private readonly (double C1, double C2) coefficients = Coefficients[levels];

    /// <summary>Whether there are coefficients for so many levels.</summary>
    public static bool Knows(int levels) => Coefficients.ContainsKey(levels);

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor weights = x.detach();
        Tensor level = (groups.MeanMagnitude(weights.square()).sqrt() * coefficients.C1) + (groups.MeanMagnitude(weights) * coefficients.C2);
        Tensor clip = level.where(level.gt(0.0), groups.MaximumMagnitude(weights));
        Tensor step = ScaleRules.Snap((clip / grid.Highest).clamp(LeastStep), scale);
        return new Scaled(x / step, step);
    }
}
