// SPDX-License-Identifier: Apache-2.0
using NnTrain.Layers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Optimizers;

/// <summary>
/// Shift-based AdaMax (Courbariaux et al. 2016, arXiv:1602.02830, algorithm 4), <c>AP2(x) = sgn(x) 2^round(log2|x|)</c>, step t counted from 1:
/// <code>
/// m = b1 m + (1 - b1) g,  v = max(b2 v, |g|)
/// w = w - AP2(lr / (1 - b1^t)) m AP2(1 / (v + epsilon))
/// </code>
/// so that nothing is multiplied with but constants and powers of two. The paper's algorithm keeps v as it is; released code keeps the power of two in its place (reading "code"), which b2 above 0.71 never makes smaller:
/// v is then the largest gradient that there was. The code's factor for each layer is left out; that signs have latent weights within -1..1 is the quantizer's part.
/// </summary>
public sealed class ShiftAdaMaxOptimizer : Optimizer
{
    private const string First = "first_moment";
    private const string Norm = "infinity_norm";

    private readonly ShiftAdaMaxSpec spec;

    /// <summary>A rule over some parameters.</summary>
    public ShiftAdaMaxOptimizer(IReadOnlyList<TrainedParameter> parameters, ShiftAdaMaxSpec spec)
        : base(parameters, spec)
    {
        this.spec = spec;
        CreateState(First, Norm);
    }

    /// <inheritdoc/>
    protected override void Update(TrainedParameter parameter, Tensor gradient, double learningRate, long step)
    {
        Tensor first = StateOf(First, parameter).mul_(spec.Beta1).add_(gradient, 1 - spec.Beta1);
        Tensor norm = StateOf(Norm, parameter);
        norm.copy_((norm * spec.Beta2).maximum(gradient.abs()));
        if (spec.Reading == Reading.Code)
        {
            norm.copy_(NormStatistics.PowerOfTwo(norm));
        }

        Tensor inverse = NormStatistics.PowerOfTwo((norm + spec.Epsilon).pow(-1.0));
        double rate = learningRate / (1 - Math.Pow(spec.Beta1, step + 1));
        double shift = rate > 0 ? Math.ScaleB(1, (int)Math.Round(Math.Log2(rate), MidpointRounding.ToEven)) : 0;
        parameter.Value.add_(first * inverse, -shift);
    }
}
