// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Optimizers;

/// <summary>Gradient descent with momentum m: <c>v = m v + g</c>, <c>w = w - lr v</c>, v = 0 at first.</summary>
public sealed class SgdOptimizer : Optimizer
{
    private const string Velocity = "velocity";

    private readonly SgdSpec spec;

    /// <summary>A rule over some parameters.</summary>
    public SgdOptimizer(IReadOnlyList<TrainedParameter> parameters, SgdSpec spec)
        : base(parameters, spec)
    {
        this.spec = spec;
        if (spec.Momentum != 0)
        {
            CreateState(Velocity);
        }
    }

    /// <inheritdoc/>
    protected override void Update(TrainedParameter parameter, Tensor gradient, double learningRate, long step)
    {
        Tensor velocity = spec.Momentum == 0 ? gradient : StateOf(Velocity, parameter).mul_(spec.Momentum).add_(gradient);
        parameter.Value.add_(velocity, -learningRate);
    }
}
