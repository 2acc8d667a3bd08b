// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>One layer against the tensors it reads: what its output must be, and its parameters.</summary>
internal static class LayerRules
{
    /// <summary>Findings of a layer whose inputs (in the order of <see cref="Layer.Inputs"/>) and output are sound tensors.</summary>
    public static IEnumerable<Finding> Check(string path, Layer layer, ImmutableArray<TensorSpec> inputs) => layer switch
    {
        Conv2dLayer convolution => MatrixLayerRules.Convolution(path, convolution, inputs[0]),
        DenseLayer dense => MatrixLayerRules.Dense(path, dense, inputs[0]),
        MatmulLayer matmul => MatrixLayerRules.Matmul(path, matmul, inputs[0], inputs[1]),
        MaxPoolLayer pool => PoolRules.Max(path, pool, inputs[0]),
        AveragePoolLayer pool => PoolRules.Average(path, pool, inputs[0]),
        AddLayer add => ElementwiseRules.Add(path, add, inputs[0], inputs[1]),
        MultiplyLayer multiply => ElementwiseRules.Multiply(path, multiply, inputs[0], inputs[1]),
        RequantizeLayer requantize => ElementwiseRules.Requantize(path, requantize, inputs[0]),
        LookupLayer lookup => ElementwiseRules.Lookup(path, lookup, inputs[0]),
        ConcatLayer concat => AddressingRules.Concat(path, concat, inputs),
        ChannelShuffleLayer shuffle => AddressingRules.ChannelShuffle(path, shuffle, inputs[0]),
        FlattenLayer => AddressingRules.Flatten(path, layer, inputs[0]),
        _ => [new Finding($"{path}.kind", $"unknown kind, found '{layer.Kind}', allowed {string.Join(", ", LayerKinds.All)}")],
    };
}
