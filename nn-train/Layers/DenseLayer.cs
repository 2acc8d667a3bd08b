// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>Fully connected layer.</summary>
public sealed class DenseLayer(DenseSpec spec, int inputs, MatrixLayerOptions options)
    : MatrixLayer(spec.Name, [spec.Outputs, inputs], options)
{
    /// <inheritdoc/>
    protected override Tensor Product(Tensor input, Tensor weights, Tensor? addend) =>
        nn.functional.linear(input, weights, addend);

    /// <inheritdoc/>
    public override Tensor Patches(Tensor input) => input;

    /// <inheritdoc/>
    protected override Tensor OverChannels(Tensor perChannel) => perChannel;
}
