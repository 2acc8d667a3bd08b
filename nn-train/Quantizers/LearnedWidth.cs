// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// A quantiser whose number of bits b is a parameter (the interpolation of FracBits; Yang and Jin 2021, arXiv:2007.02017; HGQ, Sun et al. 2024, arXiv:2405.00645, has the derivative of the rounding error in its place):
/// <code>
/// forward   y = (1 - f) Q_l(x) + f Q_(l+1)(x),  l = floor(b), f = b - l;   Q_n the quantiser of n bits
/// backward  dy/db = Q_(l+1)(x) - Q_l(x),  the rest through Q
/// </code>
/// Activations are clipped at a level a that is trained with the bits, <c>Q_n(x) = s round(clip(x, 0, a) / s)</c>, <c>s = a / (2^n - 1)</c>, its derivative by a that of PACT above a; weights have
/// <c>s = max|w| / (2^(n-1) - 1)</c>, a constant in the backward pass. With whole bits y is what a quantiser of that width makes.
/// </summary>
public sealed class LearnedWidth : nn.Module
{
    private const double LeastLevel = 1e-3;

    private readonly Parameter width;
    private readonly Parameter level;
    private readonly ScaleGroups? groups;
    private readonly int least;
    private readonly int most;

    /// <summary>With the most bits.</summary>
    /// <param name="least">The least width, 1 or more; of weights 2.</param>
    /// <param name="most">The most, above the least.</param>
    /// <param name="groups">Which weights share a scale; null for activations.</param>
    public LearnedWidth(int least, int most, ScaleGroups? groups)
        : base(nameof(LearnedWidth))
    {
        (this.least, this.most, this.groups) = (least, most, groups);
        width = new Parameter(full([], (double)most).to_type(float32));
        level = new Parameter(ones([]));
        RegisterComponents();
    }

    /// <summary>b.</summary>
    public double Bits => width.item<float>();

    /// <summary>Sets the clipping level to the largest value of a tensor; called without gradients.</summary>
    public void Initialize(Tensor x) => level.copy_(x.max().clamp(LeastLevel));

    /// <summary>The two formulas above.</summary>
    public Tensor Quantize(Tensor x)
    {
        Tensor low = At(x, Lower);
        return low + ((At(x, Lower + 1) - low) * (width - Lower));
    }

    /// <summary>A figure that is known at whole bits, by b: straight lines between them.</summary>
    /// <param name="atBits">The figure at the least width and each one above it.</param>
    public Tensor Interpolate(IReadOnlyList<double> atBits)
    {
        double low = atBits[Lower - least];
        return ((width - Lower) * (atBits[Lower + 1 - least] - low)) + low;
    }

    /// <summary>Brings the parameters back into their domain; called after every step, without gradients.</summary>
    public void Constrain()
    {
        width.clamp_(least, most);
        level.clamp_(LeastLevel);
    }

    private int Lower => Math.Clamp((int)Math.Floor(Bits), least, most - 1);

    private Tensor At(Tensor x, int bits)
    {
        double highest = (1 << (groups is null ? bits : bits - 1)) - 1;
        Tensor step = groups is null ? level / highest : (groups.MaximumMagnitude(x.detach()) / highest).clamp(1e-12);
        Tensor clipped = (x / step).clamp(groups is null ? 0.0 : -highest, highest);
        return StraightThrough.Replace(clipped, Round(clipped)) * step;
    }

    private static Tensor Round(Tensor clipped)
    {
        using IDisposable ungraded = no_grad();
        return (clipped + 0.5).floor();
    }
}
