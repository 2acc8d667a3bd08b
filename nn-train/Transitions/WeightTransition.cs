// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Transitions;

/// <summary>What a layer computes with, in training, while its weights go over from real numbers to codes.</summary>
public abstract class WeightTransition(string name) : nn.Module(name)
{
    /// <summary>The transition of a recipe for weights of a shape; null where they are quantised from the first step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such transition.</exception>
    public static WeightTransition? Of(TransitionSpec? spec, ReadOnlySpan<long> shape) => spec switch
    {
        null => null,
        IncrementalSpec incremental => new IncrementalTransition(incremental, shape),
        BlendingSpec blending => new BlendingTransition(blending),
        RelaxationSpec relaxation => new RelaxationTransition(relaxation),
        DistortionSpec distortion => new DistortionTransition(distortion),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "not a transition"),
    };

    /// <summary>Called before every step, without gradients.</summary>
    /// <param name="latent">The real weights.</param>
    /// <param name="quantize">The values that their codes stand for.</param>
    /// <param name="time">Epochs since the start of the phase, with fractions.</param>
    /// <param name="epochs">Epochs of the phase.</param>
    public abstract void MoveTo(Tensor latent, Func<Tensor, Tensor> quantize, double time, int epochs);

    /// <summary>The values that the layer multiplies with, with gradient.</summary>
    /// <param name="latent">The real weights.</param>
    /// <param name="quantized">The values of their codes.</param>
    public abstract Tensor Values(Tensor latent, Tensor quantized);

    /// <summary>Brings weights back that an update must not have moved; called after every step, without gradients.</summary>
    public virtual void Constrain(Tensor latent)
    {
    }
}
