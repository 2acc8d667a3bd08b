// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using NnTrain.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Transitions;

/// <summary>
/// Incremental Network Quantization (Zhou et al. 2017, arXiv:1702.03044, section 2.2): of the weights that are still real, those of largest magnitude, or any, are set to the values of
/// their codes and frozen, until the share <c>p_k</c> of all is; the others are trained on, as real numbers, to make up for it.
/// <code>
/// forward   y = T w + (1 - T) q(w)            T = 0 on the frozen set
/// backward  dy/dw = T                         no straight-through estimator
/// time      p_1, p_2, ... each for the same share of the phase; the last one, 1, at its end, without training
/// </code>
/// The paper has both partitions, and finds the first better. At random the order is the same for all layers of as many weights.
/// </summary>
public sealed class IncrementalTransition : WeightTransition
{
    private const long Seed = 1;

    /// <summary>The stream of <see cref="SeededRandom"/>.</summary>
    private const int Stream = 6;

    private readonly IncrementalSpec spec;
    private readonly Tensor frozen;
    private readonly Tensor values;

    /// <summary>All weights real.</summary>
    public IncrementalTransition(IncrementalSpec spec, ReadOnlySpan<long> shape)
        : base(nameof(IncrementalTransition))
    {
        this.spec = spec;
        frozen = zeros(shape.ToArray());
        values = zeros(shape.ToArray());
        RegisterComponents();
    }

    /// <summary>Number of frozen weights.</summary>
    public long FrozenCount => (long)frozen.sum().item<float>();

    /// <inheritdoc/>
    public override void MoveTo(Tensor latent, Func<Tensor, Tensor> quantize, double time, int epochs)
    {
        int parts = spec.Portions.Length - 1;
        int part = Math.Min((int)(time * parts / epochs), parts - 1);
        int more = (int)(Math.Round(spec.Portions[part] * latent.numel()) - FrozenCount);
        if (more > 0)
        {
            Freeze(latent, quantize(latent), more);
        }
    }

    /// <inheritdoc/>
    public override Tensor Values(Tensor latent, Tensor quantized) => (latent * (1.0 - frozen)) + values;

    /// <inheritdoc/>
    public override void Constrain(Tensor latent) => latent.copy_((latent * (1.0 - frozen)) + values);

    private void Freeze(Tensor latent, Tensor quantized, int more)
    {
        float[] weights = latent.data<float>().ToArray();
        float[] codes = quantized.data<float>().ToArray();
        float[] mask = frozen.data<float>().ToArray();
        float[] kept = values.data<float>().ToArray();
        int[] order = spec.Partition == WeightPartition.Random
            ? new SeededRandom(Seed, Stream, weights.Length).Permutation(weights.Length)
            : [.. Enumerable.Range(0, weights.Length).OrderByDescending(i => Math.Abs(weights[i])).ThenBy(i => i)];
        foreach (int i in order.Where(i => mask[i] == 0).Take(more).ToArray())
        {
            (mask[i], kept[i]) = (1, codes[i]);
        }
        frozen.copy_(tensor(mask, frozen.shape));
        values.copy_(tensor(kept, values.shape));
        Constrain(latent);
    }
}
