// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1), step t counted from 1:
/// <c>m = b1 m + (1 - b1) g</c>, <c>v = b2 v + (1 - b2) g^2</c>,
/// <c>w = w - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)</c>.
/// </summary>
public sealed class AdamOptimizer : Optimizer
{
    private const string First = "first_moment";
    internal const string Second = "second_moment";

    private readonly AdamSpec spec;

    /// <summary>A rule over some parameters.</summary>
    public AdamOptimizer(IReadOnlyList<TrainedParameter> parameters, AdamSpec spec)
        : base(parameters, spec)
    {
        this.spec = spec;
        CreateState(First, Second);
    }

    /// <inheritdoc/>
    protected override void Update(TrainedParameter parameter, Tensor gradient, double learningRate, long step)
    {
        double correction1 = 1 - Math.Pow(spec.Beta1, step + 1);
        double correction2 = 1 - Math.Pow(spec.Beta2, step + 1);
        Tensor first = StateOf(First, parameter).mul_(spec.Beta1).add_(gradient, 1 - spec.Beta1);
        Tensor second = StateOf(Second, parameter).mul_(spec.Beta2).addcmul_(gradient, gradient, 1 - spec.Beta2);
        Tensor denominator = (second.sqrt() / Math.Sqrt(correction2)).add_(spec.Epsilon);
        parameter.Value.addcdiv_(first, denominator, -learningRate / correction1);
    }
}
