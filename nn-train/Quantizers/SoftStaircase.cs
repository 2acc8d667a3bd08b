// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Differentiable soft quantisation (DSQ; Gong et al. 2019, arXiv:1908.05033): forward the code, backward the derivative of a staircase of tanh between the codes,
/// <code>
/// f(u) = i + (tanh(k (u - i - 1/2)) / tanh(k / 2) + 1) / 2,  i = floor(u),  k = ln(2 / a - 1)
/// </code>
/// a, how far the staircase stays from the step, is trained from 0.2 on; <c>tanh(k / 2) = 1 - a</c>. The derivative is largest where two codes meet. Within the grid's range; 0 beyond.
/// </summary>
public sealed class SoftStaircase : nn.Module
{
    private const double FirstSoftness = 0.2;
    private const double LeastSoftness = 0.01;
    private const double MostSoftness = 0.5;

    private readonly Parameter softness;

    /// <summary>A staircase of the paper's first softness.</summary>
    public SoftStaircase()
        : base(nameof(SoftStaircase))
    {
        softness = new Parameter(full([], FirstSoftness));
        RegisterComponents();
    }

    /// <summary>f of ratios within the grid's range.</summary>
    public Tensor Value(Tensor ratio)
    {
        Tensor step = ratio.detach().floor();
        Tensor steepness = ((2.0 / softness) - 1.0).log();
        Tensor rise = ((ratio - step - 0.5) * steepness).tanh() / (1.0 - softness);
        return step + ((rise + 1.0) * 0.5);
    }

    /// <summary>Keeps the softness where the staircase is one.</summary>
    public void Constrain() => softness.clamp_(LeastSoftness, MostSoftness);
}
