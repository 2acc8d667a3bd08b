// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>A range that is a step and nothing else: <c>u = x / s</c>.</summary>
public abstract class StepRange(string name) : RangeEstimator(name)
{
    /// <inheritdoc/>
    public sealed override Scaled Apply(Tensor x)
    {
        Tensor step = StepOf(x);
        return new Scaled(x / step, step);
    }

    /// <summary>s of a tensor; in training, ranges that observe take notice of it.</summary>
    public abstract Tensor StepOf(Tensor x);
}
