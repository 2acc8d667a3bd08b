// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Transitions;

/// <summary>
/// Alpha-blending (Liu and Mattina 2019, arXiv:1903.01061): without a straight-through estimator,
/// <code>
/// forward   y = (1 - a) w + a q(w)
/// backward  dy/dw = 1 - a
/// time      a = 1 - ((T1 - t) / (T1 - T0))^3 between T0 and T1, 0 before and 1 after
/// </code>
/// The cubic ramp is of Zhu and Gupta (2017), as the paper's schedule is remembered.
/// </summary>
public sealed class BlendingTransition(BlendingSpec spec) : WeightTransition(nameof(BlendingTransition))
{
    private double share;

    /// <summary>a at a time in epochs.</summary>
    public static double ShareAt(BlendingSpec spec, double time)
    {
        double left = Math.Clamp((spec.EndEpoch - time) / (spec.EndEpoch - spec.StartEpoch), 0, 1);
        return 1 - (left * left * left);
    }

    /// <inheritdoc/>
    public override void MoveTo(Tensor latent, Func<Tensor, Tensor> quantize, double time, int epochs) => share = ShareAt(spec, time);

    /// <inheritdoc/>
    public override Tensor Values(Tensor latent, Tensor quantized) => (latent * (1 - share)) + (quantized.detach() * share);
}
