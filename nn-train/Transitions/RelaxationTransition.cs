// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Transitions;

/// <summary>
/// BinaryRelax (Yin et al. 2018, arXiv:1801.06313, algorithm 1), for codes of any bits: weights are drawn to their codes, ever more, and the gradient there moves the real ones,
/// <code>
/// forward   y = (w + a q(w)) / (1 + a) in the first part, q(w) in the second
/// backward  dy/dw = 1
/// time      a = growth^t, t in epochs; the second part begins at hard_epoch
/// </code>
/// </summary>
public sealed class RelaxationTransition(RelaxationSpec spec) : WeightTransition(nameof(RelaxationTransition))
{
    private double share;

    /// <summary>The share of the codes, <c>a / (1 + a)</c>, at a time in epochs.</summary>
    public static double ShareAt(RelaxationSpec spec, double time)
    {
        double pull = Math.Pow(spec.Growth, time);
        return time >= spec.HardEpoch ? 1 : pull / (1 + pull);
    }

    /// <inheritdoc/>
    public override void MoveTo(Tensor latent, Func<Tensor, Tensor> quantize, double time, int epochs) => share = ShareAt(spec, time);

    /// <inheritdoc/>
    public override Tensor Values(Tensor latent, Tensor quantized) =>
        StraightThrough.Replace(latent, (latent.detach() * (1 - share)) + (quantized.detach() * share));
}
