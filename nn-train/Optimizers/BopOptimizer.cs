// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Optimizers;

/// <summary>
/// Bop (Helwegen et al. 2019, arXiv:1906.02107, algorithm 1): weights are signs and nothing else,
/// <code>
/// m = (1 - y) m + y g,   w = -w  where |m| > t and sgn(m) = sgn(w)
/// </code>
/// g the gradient with respect to the sign; the learning rate and its schedule are those of Adam for what is no weight, and the schedule's factor is that of y, too, so that flips become rare.
/// </summary>
public sealed class BopOptimizer : Optimizer
{
    private const string Average = "average";
    private const string WeightEnding = ".weight";

    private readonly BopSpec spec;

    /// <summary>A rule over some parameters; those named <c>LAYER.weight</c> are signs.</summary>
    public BopOptimizer(IReadOnlyList<TrainedParameter> parameters, BopSpec spec)
        : base([.. parameters.Where(IsSign)], spec)
    {
        this.spec = spec;
        CreateState(Average);
        Include(new AdamOptimizer(
            [.. parameters.Where(parameter => !IsSign(parameter))],
            new AdamSpec { LearningRate = spec.LearningRate, WeightDecay = spec.WeightDecay, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 }));
    }

    /// <inheritdoc/>
    protected override void Update(TrainedParameter parameter, Tensor gradient, double learningRate, long step)
    {
        double adaptivity = spec.Adaptivity * (learningRate / spec.LearningRate);
        Tensor average = StateOf(Average, parameter).mul_(1 - adaptivity).add_(gradient, adaptivity);
        Tensor sign = TensorRounding.Sign(parameter.Value);
        Tensor flips = (average * sign).gt(spec.Threshold).to_type(float32);
        parameter.Value.copy_(sign * (1.0 - (flips * 2.0)));
    }

    private static bool IsSign(TrainedParameter parameter) => parameter.Name.EndsWith(WeightEnding, StringComparison.Ordinal);
}
