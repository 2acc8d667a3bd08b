// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Transitions;

/// <summary>
/// Retraining-based iterative quantisation (Lee and Kim 2018, arXiv:1805.11233): training is that of real numbers; at its start and after every interval the weights are set to the values of their codes, from
/// where it goes on. With each time less is lost by it.
/// <code>
/// forward   y = w
/// backward  dy/dw = 1
/// time      w = q(w) at 0, d, 2 d, ...;  at the end of the phase weights are quantised for good
/// </code>
/// </summary>
public sealed class DistortionTransition : WeightTransition
{
    private readonly DistortionSpec spec;
    private readonly Tensor times;

    /// <summary>Not quantised yet.</summary>
    public DistortionTransition(DistortionSpec spec)
        : base(nameof(DistortionTransition))
    {
        this.spec = spec;
        times = zeros([]);
        RegisterComponents();
    }

    /// <summary>How many times the weights were quantised.</summary>
    public int Times => (int)times.item<float>();

    /// <inheritdoc/>
    public override void MoveTo(Tensor latent, Func<Tensor, Tensor> quantize, double time, int epochs)
    {
        int due = (int)Math.Floor(time / spec.IntervalEpochs) + 1;
        if (due > Times)
        {
            latent.copy_(quantize(latent));
            times.fill_(due);
        }
    }

    /// <inheritdoc/>
    public override Tensor Values(Tensor latent, Tensor quantized) => latent;
}
