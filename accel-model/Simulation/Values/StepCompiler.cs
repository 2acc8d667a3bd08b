// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>The step of a layer of any kind.</summary>
internal static class StepCompiler
{
    /// <param name="layer">The layer.</param>
    /// <param name="pool">Maximum pooling that is fused into it, or null.</param>
    /// <param name="inputs">The tensors that it reads.</param>
    /// <param name="codes">The codes that they can hold.</param>
    /// <param name="plan">Order and widths of its additions; null for exact sums.</param>
    /// <param name="set">Instructions that may be used.</param>
    /// <exception cref="ArgumentException">The plan is not one of the layer, or is missing where rounding is stochastic; or the kind is unknown.</exception>
    public static LayerStep Compile(Layer layer, MaxPoolLayer? pool, TensorSpec[] inputs, CodeSet[] codes, AccumulationPlan? plan, InstructionSet set) => layer switch
    {
        Conv2dLayer convolution => new MatrixStep(MatrixShape.Of(convolution, inputs[0]), convolution.Requantization, pool, plan, codes[0], set),
        DenseLayer dense => new MatrixStep(MatrixShape.Of(dense, inputs[0]), dense.Requantization, pool, plan, codes[0], set),
        MatmulLayer matmul => new MatmulStep(matmul, inputs[0], plan, codes[0], codes[1], set),
        _ when plan is not null => throw new ArgumentException($"layer '{layer.Name}' is a {layer.Kind} layer, which takes no plan", nameof(plan)),
        MaxPoolLayer maximum => PoolStep.Of(maximum, inputs[0], codes[0], set),
        AveragePoolLayer average => PoolStep.Of(average, inputs[0], codes[0], set),
        AddLayer add when FitsInt(AddStep<long>.Sum(add)) => new AddStep<int>(add, codes[0], codes[1], set),
        AddLayer add => new AddStep<long>(add, codes[0], codes[1], set),
        MultiplyLayer multiply when FitsInt(MultiplyStep<long>.Product(multiply, codes[0], codes[1])) => new MultiplyStep<int>(multiply, inputs[1], codes[0], codes[1], set),
        MultiplyLayer multiply => new MultiplyStep<long>(multiply, inputs[1], codes[0], codes[1], set),
        RequantizeLayer requantize => new RequantizeStep(requantize, codes[0], set),
        LookupLayer lookup => new LookupStep(lookup, inputs[0], codes[0]),
        ConcatLayer => new ConcatStep(layer.Output, inputs, codes.Aggregate((a, b) => a.Union(b))),
        ChannelShuffleLayer shuffle => new ShuffleStep(shuffle, codes[0]),
        _ => throw new ArgumentException($"layer '{layer.Name}' is of the unknown kind {layer.Kind}", nameof(layer)),
    };

    private static bool FitsInt(Interval range) => range is { Low: >= int.MinValue, High: <= int.MaxValue };
}
