// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>Weights that were zero when it was set stay zero: <c>w = m w</c> after every step, <c>m = 1[w != 0]</c> then.</summary>
public sealed class ZeroMask : nn.Module
{
    private readonly Tensor mask;

    /// <summary>A mask that keeps nothing at zero.</summary>
    public ZeroMask(long[] shape)
        : base(nameof(ZeroMask))
    {
        mask = ones(shape);
        RegisterComponents();
    }

    /// <summary>Remembers which weights are zero.</summary>
    public void Keep(Tensor weights)
    {
        using IDisposable ungraded = no_grad();
        mask.copy_(weights.ne(0.0).to_type(float32));
    }

    /// <summary>Sets them back to zero.</summary>
    public void Constrain(Tensor weights) => weights.mul_(mask);
}
