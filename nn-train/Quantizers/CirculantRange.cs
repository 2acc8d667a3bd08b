// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Filters of signs in several orientations of one that is trained (Circulant Binary Convolutional Networks; Liu et al. 2019, arXiv:1910.10853):
/// <code>
/// forward   u_i = w_source(i),  s = E|u| of each output channel
/// backward  what weight i is due goes to w_source(i): the gradients of all orientations, turned back, add up
/// </code>
/// The weights of the other channels have no gradient and no part in anything. Where each weight comes from, <see cref="FilterOrientations"/> says.
/// </summary>
public sealed class CirculantRange(ScaleKind scale, ScaleGroups groups, long[] sources) : RangeEstimator(nameof(CirculantRange))
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        Tensor turned = x.flatten().index_select(0, tensor(sources, [sources.Length])).reshape(x.shape);
        return new(turned, ScaleRules.Snap(groups.MeanMagnitude(turned).clamp(LeastStep), scale));
    }
}
