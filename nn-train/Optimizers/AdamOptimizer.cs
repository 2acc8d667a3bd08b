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
        Move(parameter.Value, (StateOf(First, parameter), StateOf(Second, parameter)), gradient, spec, learningRate, step);
    }

    /// <summary>One step of a tensor, in place.</summary>
    /// <param name="value">w.</param>
    /// <param name="moments">m and v, zero before the first step.</param>
    /// <param name="gradient">g.</param>
    /// <param name="spec">Its constants.</param>
    /// <param name="learningRate">lr.</param>
    /// <param name="step">Steps before this one.</param>
    internal static void Move(Tensor value, (Tensor First, Tensor Second) moments, Tensor gradient, AdamSpec spec, double learningRate, long step)
    {
        double correction1 = 1 - Math.Pow(spec.Beta1, step + 1);
        double correction2 = 1 - Math.Pow(spec.Beta2, step + 1);
        moments.First.mul_(spec.Beta1).add_(gradient, 1 - spec.Beta1);
        moments.Second.mul_(spec.Beta2).addcmul_(gradient, gradient, 1 - spec.Beta2);
        Tensor denominator = (moments.Second.sqrt() / Math.Sqrt(correction2)).add_(spec.Epsilon);
        value.addcdiv_(moments.First, denominator, -learningRate / correction1);
    }
}
